import { existsSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import type { AdminPort } from "../../runtime/admin/admin-port.js";
import { type FleetPort, fleetPort } from "../../runtime/admin/fleet/fleet-port.js";
import { systemClock } from "../../runtime/clock.js";
import { parseMaxLag, parseThrottle } from "../../runtime/host/arguments.js";
import { sharedPort } from "../../runtime/host/workers/shared-port.js";
import { StateHub } from "../../runtime/host/workers/state-hub.js";
import { JsonLinesLogger } from "../../runtime/observe/logger.js";
import { outliveOutput } from "../../runtime/observe/output.js";
import { defaultStateFolder, durableState } from "../../runtime/state/durable/durable-state.js";
import type { EmbeddedState } from "../../runtime/state/embedded-state.js";
import type { FromWorker, ServeSetup, ServeSource } from "../serve/messages.js";
import { Supervisor } from "../serve/supervisor.js";
import { UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { collect, storeOf } from "./stage-options.js";

interface ServeFlags {
  readonly port: string;
  readonly host: string;
  readonly stage: readonly string[];
  readonly trustedProxy: readonly string[];
  readonly workers: string;
  readonly drain: string;
  readonly accountThrottle: string;
  readonly maxLag?: string;
  readonly tlsPort?: string;
  readonly principals?: string;
  readonly vpc?: string;
  readonly vpcEndpoint?: string;
  readonly state?: string;
  readonly adminPort?: string;
  readonly adminHost: string;
  readonly accessLog?: string;
  readonly emf?: string;
  readonly logFileBytes?: string;
  readonly logFiles?: string;
}

export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command("serve")
    .description("Serves what is deployed, and follows deployments, rollbacks and canaries without losing a request")
    .argument("[builds...]", "projects (folders with a gateway.yaml), or bundles (gateway.mjs)", ["."])
    .option("-p, --port <port>", "port to listen on; 0 takes a free one", process.env["PORT"] ?? "8080")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("-s, --stage <name>", "a stage to serve, may be repeated (default: all that are deployed)", collect, [])
    .option("--trusted-proxy <cidr>", "a proxy whose X-Forwarded-For is believed, may be repeated", collect, [])
    .option("--tls-port <port>", "port for the custom domains' TLS (default: TLS is not served)")
    .option("--principals <file>", "who may sign requests: users, roles, their keys and policies")
    .option("--vpc <id>", "VPC that requests count as coming from, for policies")
    .option("--vpc-endpoint <id>", "VPC endpoint that they count as coming through")
    .option(
      "--state <folder>",
      "where quotas, API keys and usage are kept (default: .gateway/state of the first project)",
    )
    .option(
      "--admin-port <port>",
      "port for health, metrics, API Gateway's control plane and the console; 0 takes a free one (default: none)",
    )
    .option("--admin-host <address>", "its address; others than this machine's need GATEWAY_ADMIN_TOKEN", "127.0.0.1")
    .option("--access-log <to>", "where access logs go: - (the output), a file, tcp://host:port or unix:/path")
    .option("--log-file-bytes <n>", "a log file is rotated when it is this large (default: 100,000,000)")
    .option("--log-files <n>", "so many old log files are kept (default: 10)")
    .option("--emf <to>", "metrics as lines of CloudWatch's embedded metric format, to the same kinds of places")
    .option("--workers <count>", "serving processes (default: one a core, at most 8)", "auto")
    .option(
      "--account-throttle <rate,burst>",
      "limit of all routes together; aws: 10000,5000, as of an account there",
      "off",
    )
    .option("--max-lag <ms>", "lag of a process beyond which it refuses requests with 503, or off (default: 100)")
    .option("--drain <seconds>", "how long requests under way may take when it ends", "30")
    .addHelpText("after", "\nExamples:\n  gateway serve --port 80 --host 0.0.0.0\n  gateway serve shop users billing\n")
    .action((builds: readonly string[], flags: ServeFlags) => serve(builds, flags, context));
}

async function serve(builds: readonly string[], flags: ServeFlags, { terminal }: CommandContext): Promise<void> {
  const cores = String(Math.min(availableParallelism(), 8));
  const workers = readNumber(flags.workers === "auto" ? cores : flags.workers, "--workers", 1, 512);
  const setup = await withPorts(setupOf(builds, flags));
  outliveOutput();
  const hub = new StateHub(() => stateOf(builds[0] ?? ".", flags));
  const admin = adminOf(flags, workers);
  const adminPort = admin && (await openAdmin(admin));
  const failed = await new Promise<string | undefined>((done) => {
    const supervisor = new Supervisor({
      setup,
      workers,
      hub,
      fleet: admin?.fleet,
      onMessage: (message) => {
        terminal.out(lineOf(message));
        if (message.kind === "listening" && adminPort !== undefined) terminal.out(`admin     ${adminPort.url}\n`);
      },
      onCrash: (code, signal) => terminal.error(`a serving process ended (${signal ?? code}); starting another\n`),
      onFailure: done,
    });
    let isEnding = false;
    const end = () => {
      if (isEnding) process.exit(1);
      isEnding = true;
      admin?.drains();
      void supervisor.close().then(() => done(undefined));
    };
    process.on("SIGTERM", end);
    process.on("SIGINT", end);
    process.on("SIGHUP", () => supervisor.signal("SIGHUP"));
    supervisor.start();
  });
  await adminPort?.close();
  await hub.close();
  if (failed !== undefined) throw new UsageError(failed);
}

/** The admin port stands in this process, beside those that serve: it outlives each of them. @throws UsageError */
function adminOf({ adminPort, adminHost: host }: ServeFlags, wanted: number): FleetPort | undefined {
  if (adminPort === undefined) return undefined;
  const port = readNumber(adminPort, "--admin-port", 0, 65_535);
  return fleetPort({ port, host, token: process.env["GATEWAY_ADMIN_TOKEN"] || undefined, wanted });
}

/** @throws UsageError */
async function openAdmin(admin: FleetPort): Promise<AdminPort> {
  try {
    return await admin.open();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Processes that come later listen where the first did. An address that cannot be listened on is theirs to tell. */
async function withPorts(setup: ServeSetup): Promise<ServeSetup> {
  const { host } = setup;
  try {
    const [port, tlsPort] = [await sharedPort(setup.port, host), await sharedPort(setup.tlsPort, host)];
    return { ...setup, port, tlsPort };
  } catch {
    return setup;
  }
}

function setupOf(builds: readonly string[], flags: ServeFlags): ServeSetup {
  const wrong = flags.trustedProxy.find((block) => isIP(block.split("/")[0] ?? "") === 0);
  if (wrong !== undefined) throw new UsageError(`not an address or CIDR block: ${wrong}`);
  const accountThrottle = parseThrottle(flags.accountThrottle);
  if (accountThrottle === "wrong") {
    throw new UsageError(`--account-throttle is RATE,BURST, aws or off, not "${flags.accountThrottle}"`);
  }
  const maxLagMs = parseMaxLag(flags.maxLag);
  if (maxLagMs === "wrong") {
    throw new UsageError(`--max-lag is a number of ms from 10 to 60000, or off, not "${flags.maxLag}"`);
  }
  return {
    sources: builds.map(sourceOf),
    stages: flags.stage,
    port: readNumber(flags.port, "--port", 0, 65_535),
    host: flags.host,
    tlsPort: flags.tlsPort === undefined ? undefined : readNumber(flags.tlsPort, "--tls-port", 0, 65_535),
    principals: flags.principals && resolve(flags.principals),
    vpc: flags.vpc,
    vpcEndpoint: flags.vpcEndpoint,
    trustedProxies: flags.trustedProxy,
    drainMs: readNumber(flags.drain, "--drain", 0, 3600) * 1000,
    accountThrottle,
    maxLagMs,
    index: 0,
    hasAdmin: flags.adminPort !== undefined,
    accessLog: flags.accessLog,
    emf: flags.emf,
    logFileBytes: optionalNumber(flags.logFileBytes, "--log-file-bytes", 1e12),
    logFiles: optionalNumber(flags.logFiles, "--log-files", 1000),
  };
}

function stateOf(first: string, { state }: ServeFlags): EmbeddedState {
  const path = resolve(first);
  const folder =
    state ?? join(existsSync(path) && statSync(path).isDirectory() ? path : dirname(path), defaultStateFolder);
  const logger = new JsonLinesLogger((line) => process.stdout.write(line), Date.now);
  return durableState({ folder, isRequired: state !== undefined, clock: systemClock, logger });
}

/** A project with deployments, else its build; a bundle by its own name. @throws UsageError */
function sourceOf(build: string): ServeSource {
  const path = resolve(build);
  if (!existsSync(path)) throw new UsageError(`there is no ${build}`);
  if (path.endsWith(".mjs")) return { kind: "bundle", path };
  const projectDir = statSync(path).isDirectory() ? path : dirname(path);
  const store = storeOf({ projectDir });
  if (store.stageNames().length > 0) return { kind: "project", folder: store.folder };
  const bundle = ["build/gateway/gateway.mjs", "gateway/gateway.mjs", "gateway.mjs"].find((name) =>
    existsSync(join(projectDir, name)),
  );
  if (bundle !== undefined) return { kind: "bundle", path: join(projectDir, bundle) };
  throw new UsageError(`${build} has no deployment and no build; gateway deploy --stage NAME makes the first`);
}

function optionalNumber(text: string | undefined, flag: string, to: number): number | undefined {
  return text === undefined ? undefined : readNumber(text, flag, 1, to);
}

function readNumber(text: string, flag: string, from: number, to: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= from && number <= to) return number;
  throw new UsageError(`${flag} is a number from ${from} to ${to}, not "${text}"`);
}

function lineOf(message: FromWorker): string {
  switch (message.kind) {
    case "listening":
      return `serving   ${message.url}${message.tlsPort === undefined ? "" : `  TLS on port ${message.tlsPort}`}  ${message.stages.join("  ")}\n`;
    case "followed":
      return `live      ${message.stage} is ${message.deployment}\n`;
    case "ends":
      return "";
    case "failed":
      return `not live: ${message.message}\n`;
  }
}
