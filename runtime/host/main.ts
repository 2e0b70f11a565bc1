import type { Program } from "../program.js";
import { type Arguments, parseArguments } from "./arguments.js";
import { createGateway, type Gateway } from "./gateway.js";
import { LoadError } from "./load-error.js";
import type { Environment } from "./load-program.js";

const drainMs = 10_000;
/** A client that is about to use a connection again gets its answer, with the word to close it. */
const idleMs = 200;

/** `node gateway.mjs`: listens, says where, and drains on SIGTERM or SIGINT. Sets the process's exit code. */
export async function main(program: Program, argv: readonly string[], environment: Environment): Promise<void> {
  const parsed = parseArguments(argv, environment);
  switch (parsed.kind) {
    case "help":
      process.stdout.write(helpOf(program));
      return;
    case "problem":
      process.stderr.write(`${parsed.message}\n`);
      process.exitCode = 2;
      return;
    case "serve":
      await start(program, parsed, environment);
  }
}

async function start(program: Program, options: Arguments, environment: Environment): Promise<void> {
  try {
    const { kind: _, ...given } = options;
    const gateway = createGateway({ program, ...given, environment });
    drainOnSignal(gateway);
    survive(gateway, program.api.name);
    const { url } = await gateway.listen();
    const paths = [...gateway.live.stages.keys()].map((name) => (name === "$default" ? "" : `/${name}`));
    process.stdout.write(`${program.api.name} ${program.api.version}: ${paths.map((path) => url + path).join("  ")}\n`);
  } catch (error) {
    process.stderr.write(`${problemOf(error, options)}\n`);
    process.exitCode = 1;
  }
}

/** The first signal lets requests finish; a second one ends the process at once. */
function drainOnSignal(gateway: Gateway): void {
  let isDraining = false;
  const drain = () => {
    if (isDraining) process.exit(1);
    isDraining = true;
    void gateway.close({ drainMs, idleMs }).then(() => process.exit(0));
  };
  process.on("SIGTERM", drain);
  process.on("SIGINT", drain);
}

/**
 * Handlers run in this process. A promise that one of them lets go rejected harms nobody else: it is logged. An
 * exception outside any request may have left anything behind: the process drains and ends, to be started again.
 */
function survive(gateway: Gateway, name: string): void {
  process.on("unhandledRejection", (reason) => {
    gateway.live.logger.write({ level: "error", message: "unhandled rejection", detail: textOf(reason) });
  });
  process.once("uncaughtException", (error) => {
    gateway.live.logger.write({ level: "error", message: `${name} ends: uncaught exception`, detail: textOf(error) });
    void gateway.close({ drainMs, idleMs }).then(() => process.exit(1));
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function problemOf(error: unknown, { port, host }: Arguments): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `port ${port} is in use on ${host}: choose another with --port`;
  if (code === "EACCES") return `port ${port} may not be opened by this user: choose one above 1023 with --port`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `no such address on this machine: ${host}`;
  if (error instanceof LoadError) return error.message;
  return textOf(error);
}

function helpOf({ api, stages }: Program): string {
  return `${api.name} ${api.version}, made by \`gateway build\`

usage: node gateway.mjs [--stage NAME]... [--port N] [--host ADDRESS] [--trusted-proxy CIDR]...
                            [--principals FILE] [--vpc ID] [--vpc-endpoint ID]

  --stage NAME          a stage to serve, may be repeated (default: all; declared: ${stages.map((s) => s.name).join(", ")})
  --port N              port to listen on (default: the environment's PORT, else 8080; 0: any free one)
  --host ADDRESS        address to listen on (default: 127.0.0.1)
  --trusted-proxy CIDR  a proxy whose X-Forwarded-For is believed, may be repeated
  --principals FILE     who may sign requests: users, roles, their keys and policies (default: GATEWAY_PRINCIPALS)
  --vpc ID              VPC that requests count as coming from, for policies (default: GATEWAY_VPC)
  --vpc-endpoint ID     VPC endpoint that they count as coming through (default: GATEWAY_VPC_ENDPOINT)
  --help                this text

example: node gateway.mjs --stage dev --port 9000
`;
}
