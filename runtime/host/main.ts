import cluster from "node:cluster";
import { dirname, join } from "node:path";
import type { AdminTarget } from "../admin/admin-target.js";
import type { Administration } from "../admin/administer.js";
import type { AdminAgent } from "../admin/fleet/admin-agent.js";
import type { FleetPort } from "../admin/fleet/fleet-port.js";
import { systemClock } from "../clock.js";
import { JsonLinesLogger } from "../observe/logger.js";
import { type Observers, openObservers } from "../observe/open-observers.js";
import { outliveOutput, printLines } from "../observe/output.js";
import type { Program } from "../program.js";
import { defaultStateFolder } from "../state/durable/durable-state.js";
import { type Arguments, parseArguments } from "./arguments.js";
import { tellSdks } from "./connections-endpoint.js";
import { createGateway, type Gateway } from "./gateway.js";
import { exitNow, guardExit } from "./guard-exit.js";
import { LoadError } from "./load-error.js";
import type { Environment } from "./load-program.js";
import { keptState, openState } from "./open-state.js";
import { outlivePrimary } from "./workers/outlive-primary.js";
import { sharedPort } from "./workers/shared-port.js";
import { StateHub } from "./workers/state-hub.js";
import { type FromPoolWorker, WorkerPool } from "./workers/worker-pool.js";

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

/** Several processes: this one keeps the state and they serve. One: it does both. */
async function start(program: Program, options: Arguments, environment: Environment): Promise<void> {
  try {
    if (options.workers > 1 && cluster.isPrimary) await supervise(program, options, environment);
    else await serve(program, options, environment);
  } catch (error) {
    report(problemOf(error, options));
  }
}

/** In a serving process of several, the primary one tells whoever started it. */
function report(problem: string): void {
  process.exitCode = 1;
  if (!isPoolWorker()) return void process.stderr.write(`${problem}\n`);
  process.send?.({ kind: "failed", message: problem } satisfies FromPoolWorker, () => exitNow(1));
}

async function serve(program: Program, options: Arguments, environment: Environment): Promise<void> {
  const {
    kind: _,
    workers: __,
    stateFolder,
    accountThrottle,
    maxLagMs,
    accessLog,
    logFileBytes,
    logFiles,
    emf,
    adminPort,
    adminHost,
    ...given
  } = options;
  const { all, sampler, reopen, measures } = observe(program, options, environment);
  let gateway: Gateway | undefined;
  const served = () => gateway;
  const admin = isPoolWorker() ? undefined : await administration(options, environment, measures);
  const agent = isPoolWorker() ? await adminAgent(options, served, measures) : undefined;
  process.on("SIGHUP", reopen);
  gateway = createGateway({
    program,
    ...given,
    environment,
    observers: [...all, ...[admin ?? agent].flatMap((one) => one?.requests ?? [])],
    sampler,
    state: openState([program], stateFolder, environment),
    limits: { accountThrottle, ...(maxLagMs !== undefined && { maxLagMs }) },
  });
  const close = closing(gateway, admin, agent);
  drainOnSignal(close);
  survive(gateway, program.api.name, close);
  await agent?.join();
  const { url, tlsPort, connectionsEndpoint } = await gateway.listen();
  tellSdks(connectionsEndpoint);
  process.on("SIGHUP", () => served()?.reloadCertificates());
  const names = gateway.apis.flatMap(({ slots }) => slots.map(({ live }) => live.name));
  const paths = names.map((name) => (name === "$default" ? "" : `/${name}`));
  const urls = program.websocket === undefined ? [url] : [url, url.replace(/^http/, "ws")];
  const places = urls.flatMap((base) => paths.map((path) => base + path));
  const addresses = `${program.api.name} ${program.api.version}: ${places.join("  ")}\n`;
  const adminUrl = (await admin?.open(served))?.url;
  const line = addresses + tlsLine(program, tlsPort) + adminLine(adminUrl);
  if (isPoolWorker()) process.send?.({ kind: "listening", line } satisfies FromPoolWorker);
  else process.stdout.write(line);
}

/** Loaded only when it is asked for. */
async function administration(
  { adminPort: port, adminHost: host }: Arguments,
  environment: Environment,
  measures: Observers["measures"],
): Promise<Administration | undefined> {
  if (port === undefined) return undefined;
  const { administer } = await import("../admin/administer.js");
  return administer({ port, host, environment, measures, ...(await documents()) });
}

/** In a serving process of several: what the admin port of the primary one asks. Loaded only when it is asked for. */
async function adminAgent(
  { adminPort }: Arguments,
  gateway: () => Gateway | undefined,
  measures: Observers["measures"],
): Promise<AdminAgent | undefined> {
  if (adminPort === undefined) return undefined;
  const { AdminAgent: Agent } = await import("../admin/fleet/admin-agent.js");
  return new Agent({ gateway, measures, ...(await documents()) });
}

/** What the build has beside this gateway. */
async function documents(): Promise<Pick<AdminTarget, "exportApi" | "sdk">> {
  const { exportFromFile, exportsName } = await import("../admin/export-from-file.js");
  const { sdkOfBuild } = await import("../admin/sdk-archive.js");
  const folder = dirname(process.argv[1] ?? ".");
  return {
    exportApi: (wish) => exportFromFile(join(folder, exportsName), wish),
    sdk: ({ language }) => sdkOfBuild(join(folder, "../sdk"), language),
  };
}

function observe(program: Program, options: Arguments, environment: Environment): Observers {
  const { stages, accessLog, emf, logFileBytes, logFiles } = options;
  const served = program.stages.filter(({ name }) => stages.length === 0 || stages.includes(name));
  return openObservers({
    clock: systemClock,
    environment,
    print: printLines,
    // By the admin port any stage may begin with it.
    hasAccessLog: options.adminPort !== undefined || served.some((stage) => stage.accessLog !== undefined),
    hasTracing: options.adminPort !== undefined || served.some((stage) => stage.tracing === true),
    hasMeasures: options.adminPort !== undefined,
    ...{ accessLog, emf, logFiles, logFileBytes },
  });
}

async function supervise(program: Program, options: Arguments, environment: Environment): Promise<void> {
  outliveOutput();
  const [port, tlsPort] = [
    await sharedPort(options.port, options.host),
    await sharedPort(options.tlsPort, options.host),
  ];
  const ports = ["--port", String(port), ...(tlsPort === undefined ? [] : ["--tls-port", String(tlsPort)])];
  cluster.setupPrimary({ args: [...process.argv.slice(2), ...ports] });
  const admin = await poolAdmin(options, environment);
  const adminUrl = (await admin?.open())?.url;
  const logger = new JsonLinesLogger(printLines, Date.now);
  const hub = new StateHub(() => keptState([program], options.stateFolder, logger));
  const pool = new WorkerPool({
    workers: options.workers,
    hub,
    fleet: admin?.fleet,
    logger,
    drainMs,
    onListening: (line) => process.stdout.write(line + adminLine(adminUrl)),
  });
  onEnd(() => {
    admin?.drains();
    pool.close();
  });
  process.on("SIGHUP", () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGHUP");
  });
  const problem = await pool.run();
  await hub.close();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    exitNow(1);
  }
  exitNow(0);
}

async function poolAdmin(
  { adminPort: port, adminHost: host, workers: wanted }: Arguments,
  environment: Environment,
): Promise<FleetPort | undefined> {
  if (port === undefined) return undefined;
  const { fleetPort } = await import("../admin/fleet/fleet-port.js");
  return fleetPort({ port, host, token: environment["GATEWAY_ADMIN_TOKEN"] || undefined, wanted });
}

function adminLine(url: string | undefined): string {
  return url === undefined ? "" : `admin port: ${url}\n`;
}

function isPoolWorker(): boolean {
  return cluster.isWorker;
}

/** Domains with certificates, and where they are served. */
function tlsLine({ domains }: Program, tlsPort: number | undefined): string {
  const secure = (domains?.list ?? []).filter(({ tls }) => tls !== undefined);
  if (secure.length === 0) return "";
  const names = secure.map(({ name }) => name).join("  ");
  return tlsPort === undefined ? `TLS is served with --tls-port: ${names}\n` : `TLS on port ${tlsPort}: ${names}\n`;
}

/** Lets requests finish, tells the last counts, and ends the process. */
function closing(
  gateway: Gateway,
  admin: Administration | undefined,
  agent: AdminAgent | undefined,
): (code: number) => void {
  let isClosing = false;
  const close = (code: number) => {
    if (isClosing) return;
    isClosing = true;
    admin?.drains();
    void gateway
      .close({ drainMs, idleMs })
      .then(() => agent?.close())
      .then(() => exitNow(code));
  };
  outlivePrimary();
  guardExit((code) => {
    gateway.live.logger.write({ level: "error", message: `this process ends: process.exit(${code}) was called` });
    close(code || 1);
  });
  return close;
}

/** The first signal lets requests finish; a second one ends the process at once. */
function drainOnSignal(close: (code: number) => void): void {
  const drain = () => close(0);
  if (!isPoolWorker()) {
    onEnd(drain);
    return;
  }
  process.once("SIGTERM", drain);
  process.once("disconnect", drain);
  // Ctrl-C reaches every process of a terminal: the primary one says when to end.
  process.on("SIGINT", () => undefined);
}

function onEnd(end: () => void): void {
  let isEnding = false;
  const onSignal = () => {
    if (isEnding) exitNow(1);
    isEnding = true;
    end();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/**
 * Handlers run in this process. A promise that one of them lets go rejected harms nobody else: it is logged. An
 * exception outside any request may have left anything behind: the process drains and ends, to be started again.
 */
function survive(gateway: Gateway, name: string, close: (code: number) => void): void {
  outliveOutput();
  process.on("unhandledRejection", (reason) => {
    gateway.live.logger.write({ level: "error", message: "unhandled rejection", detail: textOf(reason) });
  });
  process.on("uncaughtException", (error) => {
    gateway.live.logger.write({ level: "error", message: `${name} ends: uncaught exception`, detail: textOf(error) });
    close(1);
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

usage: node gateway.mjs [--stage NAME]... [--port N] [--tls-port N] [--host ADDRESS] [--trusted-proxy CIDR]...
                            [--principals FILE] [--vpc ID] [--vpc-endpoint ID]
                            [--workers N|auto] [--state FOLDER] [--account-throttle RATE,BURST|aws|off] [--max-lag MS|off]

  --stage NAME          a stage to serve, may be repeated (default: all; declared: ${stages.map((s) => s.name).join(", ")})
  --port N              port to listen on (default: the environment's PORT, else 8080; 0: any free one)
  --tls-port N          port for the custom domains' TLS (default: the environment's TLS_PORT, else TLS is not served)
  --host ADDRESS        address to listen on (default: 127.0.0.1)
  --trusted-proxy CIDR  a proxy whose X-Forwarded-For is believed, may be repeated
  --principals FILE     who may sign requests: users, roles, their keys and policies (default: GATEWAY_PRINCIPALS)
  --vpc ID              VPC that requests count as coming from, for policies (default: GATEWAY_VPC)
  --vpc-endpoint ID     VPC endpoint that they count as coming through (default: GATEWAY_VPC_ENDPOINT)
  --workers N           serving processes, or auto: one for each core (default: 1)
  --state FOLDER        where quotas, API keys and usage are kept (default: ${defaultStateFolder})
  --account-throttle RATE,BURST  limit of all routes together, or aws: 10000,5000, as of an account there (default: off)
  --max-lag MS          lag of the process beyond which requests are refused with 503 (default: 100; off: never)
  --access-log TO       where access logs go: - (the output, default), a file, tcp://host:port or unix:/path
  --log-file-bytes N    a log file is rotated when it is this large (default: 100,000,000); SIGHUP opens it again
  --log-files N         so many old log files are kept (default: 10)
  --emf TO              metrics as lines of CloudWatch's embedded metric format, to the same kinds of places
  --admin-port N        port for health, metrics, API Gateway's control plane and the console (default: none; 0: any free one)
  --admin-host ADDRESS  address of the admin port (default: 127.0.0.1; others need a token in GATEWAY_ADMIN_TOKEN)
  --help                this text

example: node gateway.mjs --stage dev --port 9000
`;
}
