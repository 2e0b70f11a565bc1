import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { printYaml } from "../../generators/emit/stable-yaml.js";
import type { ExportedApi, ExportWish, SdkWish } from "../../runtime/admin/admin-target.js";
import { exportFromFile, exportsName } from "../../runtime/admin/export-from-file.js";
import { AdminAgent } from "../../runtime/admin/fleet/admin-agent.js";
import { sdkOfBuild, sdkOfDeployment } from "../../runtime/admin/sdk-archive.js";
import { type FollowedProject, StoreStages } from "../../runtime/admin/store-stages.js";
import { systemClock } from "../../runtime/clock.js";
import { DeployError } from "../../runtime/deploy/deploy-error.js";
import { StoreFollower, type StoreWatcher } from "../../runtime/deploy/follow-store.js";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { tellSdks } from "../../runtime/host/connections-endpoint.js";
import type { StageDeployment } from "../../runtime/host/deployments.js";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { exitNow, guardExit } from "../../runtime/host/guard-exit.js";
import type { ServedApi } from "../../runtime/host/host-table.js";
import { LoadError } from "../../runtime/host/load-error.js";
import { openState } from "../../runtime/host/open-state.js";
import { TlsFront } from "../../runtime/host/tls/tls-front.js";
import { outlivePrimary } from "../../runtime/host/workers/outlive-primary.js";
import { JsonLinesLogger, type Logger } from "../../runtime/observe/logger.js";
import { type Observers, openObservers } from "../../runtime/observe/open-observers.js";
import { outliveOutput, printLines } from "../../runtime/observe/output.js";
import type { Program } from "../../runtime/program.js";
import { type FromWorker, type ServeSetup, setupVariable, type ToWorker } from "./messages.js";
import { projectTools } from "./project-tools.js";

/** The process that serves in `gateway serve`: stages of projects, which it follows, and of bundles. Started by `Supervisor`. */

const setup = JSON.parse(process.env[setupVariable] ?? "{}") as ServeSetup;
delete process.env[setupVariable];
const logger: Logger = new JsonLinesLogger(printLines, Date.now);
const tell = (message: FromWorker) => process.send?.(message, undefined, {}, () => undefined);
/** A WebSocket lives two hours at most (aws-behaviour.md 29.2): a retired process is gone after that. */
const retireMs = 2.1 * 3_600_000;
/** How long a retired process answers on connections that clients keep open. */
const retireIdleMs = 2000;
/** A client that is about to use a connection again gets its answer, with the word to close it. */
const drainIdleMs = 200;

/** Processes take up a change one after the other: while one loads the build the others answer. */
const staggerMs = 150;

let gateway: Gateway | undefined;
const followers: StoreFollower[] = [];
const projects: FollowedProject[] = [];
const observers = observe();
const admin = observers && setup.hasAdmin ? adminAgent(observers) : undefined;

process.on("SIGHUP", () => observers?.reopen());
// Certificates are looked at every two seconds; the signal makes it sooner.
process.on("SIGHUP", () => gateway?.reloadCertificates());
process.on("message", (message: ToWorker) => {
  if ("kind" in message && message.kind === "retire") void close(retireMs, retireIdleMs, 0);
});
process.on("SIGTERM", () => void close(setup.drainMs, drainIdleMs, 0));
// Ctrl-C reaches every process of a terminal: the one that started this one says when to end.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => void close(setup.drainMs, drainIdleMs, 0));
process.on("unhandledRejection", (reason) => {
  logger.write({ level: "error", message: "unhandled rejection", detail: textOf(reason) });
});
outlivePrimary();
outliveOutput();
guardExit((code) => {
  const message = `process.exit(${code}) was called: this process drains and is replaced`;
  logger.write({ level: "error", message });
  tell({ kind: "ends" });
  void close(setup.drainMs, drainIdleMs, code || 1);
});
process.once("uncaughtException", (error) => {
  logger.write({
    level: "error",
    message: "uncaught exception: this process drains and is replaced",
    detail: textOf(error),
  });
  tell({ kind: "ends" });
  void close(setup.drainMs, drainIdleMs, 1);
});

await start();

async function start(): Promise<void> {
  try {
    const first: StageDeployment[] = [];
    for (const source of setup.sources) {
      if (source.kind === "bundle") first.push(...(await stagesOf(source.path)));
      else await follow(source.folder, first);
    }
    for (const deployment of first) serveFirst(deployment);
    if (gateway === undefined)
      throw new LoadError(first.length === 0 ? nothingWanted() : "none of the deployments can be served");
    await admin?.join();
    const { url, tlsPort, connectionsEndpoint } = await gateway.listen();
    tellSdks(connectionsEndpoint);
    tell({ kind: "listening", url, tlsPort, stages: gateway.apis.flatMap(namesOf) });
  } catch (error) {
    tell({ kind: "failed", message: problemOf(error) });
    process.exitCode = 1;
    process.disconnect();
  }
}

/** At the start each stage stands for itself: one that cannot be served keeps no other from it. */
function serveFirst(deployment: StageDeployment): void {
  try {
    if (gateway === undefined) gateway = openGateway(deployment);
    else gateway.deploy([deployment]);
  } catch (error) {
    notLive(deployment.stage, error);
  }
}

function openGateway(deployment: StageDeployment): Gateway {
  const { port, host, tlsPort, trustedProxies, principals, vpc, vpcEndpoint, accountThrottle, maxLagMs } = setup;
  const state = openState([deployment.program], undefined, process.env);
  try {
    return createGateway({
      deployments: [deployment],
      ...{ port, host, tlsPort, trustedProxies, principals, vpc, vpcEndpoint },
      tlsFront: TlsFront,
      observers: [...(observers?.all ?? []), ...(admin ? [admin.requests] : [])],
      sampler: observers?.sampler,
      limits: { accountThrottle, ...(maxLagMs !== undefined && { maxLagMs }) },
      state,
      logger,
    });
  } catch (error) {
    void state.close();
    throw error;
  }
}

/** What a later deployment asks for is observed too. Undefined: the operator's wish cannot be met, which ends the process. */
function observe(): Observers | undefined {
  const { accessLog, emf, logFileBytes, logFiles } = setup;
  try {
    return openObservers({
      clock: systemClock,
      environment: process.env,
      print: printLines,
      ...{ hasAccessLog: true, hasTracing: true, hasMeasures: setup.hasAdmin },
      ...{ accessLog, emf, logFileBytes, logFiles },
    });
  } catch (error) {
    tell({ kind: "failed", message: (error as Error).message });
    process.exitCode = 1;
    process.disconnect();
    return undefined;
  }
}

function adminAgent({ measures }: Observers): AdminAgent {
  return new AdminAgent({
    gateway: () => gateway,
    measures,
    projects: (onChange) => {
      const records = new StoreStages(projects, () => gateway, onChange, projectTools);
      const follow = async () => void (await Promise.all(followers.map((follower) => follower.check())));
      return { records, others: records.others, follow };
    },
    exportApi,
    sdk,
  });
}

/** What was frozen with the stage's deployment; of a bundle, what was built beside it. */
function exportApi(wish: ExportWish): ExportedApi | undefined {
  const folders = [
    ...projects.map(({ store }) => store.pathOf(wish.deployment)),
    ...setup.sources.flatMap((source) => (source.kind === "bundle" ? [dirname(source.path)] : [])),
  ];
  for (const folder of folders) {
    const exported = exportFromFile(join(folder, exportsName), wish, printYaml);
    if (exported !== undefined) return exported;
  }
  return undefined;
}

/** As `exportApi`. */
function sdk({ deployment, language }: SdkWish): Uint8Array | undefined {
  for (const { store } of projects) {
    const frozen = sdkOfDeployment(store.pathOf(deployment), language);
    if (frozen !== undefined) return frozen;
  }
  const bundles = setup.sources.flatMap((source) => (source.kind === "bundle" ? [source.path] : []));
  for (const path of bundles) {
    const built = sdkOfBuild(join(dirname(path), "../sdk"), language);
    if (built !== undefined) return built;
  }
  return undefined;
}

function notLive(stage: string, error: unknown): void {
  const detail = error instanceof LoadError || error instanceof DeployError ? error.message : textOf(error);
  logger.write({ level: "error", message: "not live: a deployment cannot be served", stage, detail });
}

async function stagesOf(path: string): Promise<readonly StageDeployment[]> {
  const { program } = (await import(pathToFileURL(path).href)) as { readonly program?: Program };
  if (program === undefined) throw new LoadError(`${path} is no bundle of gateway build`);
  return program.stages.filter(({ name }) => isWanted(name)).map(({ name: stage }) => ({ stage, program }));
}

/** @param first  takes what is there before there is a gateway */
async function follow(folder: string, first: StageDeployment[]): Promise<void> {
  const target: StoreWatcher = {
    deploy: (deployment, record) => {
      if (gateway === undefined) return void first.push(deployment);
      gateway.deploy([deployment]);
      tell({ kind: "followed", stage: `${record.api}/${record.stage}`, deployment: record.deployment });
    },
    undeploy: ({ api, stage }) => gateway?.undeploy(api, stage),
    onProblem: notLive,
  };
  const store = new DeploymentStore(folder);
  const follower = new StoreFollower(store, target, isWanted, setup.index * staggerMs);
  followers.push(follower);
  projects.push({ store, follower });
  await follower.start();
}

/** Nothing was found that could have failed. */
function nothingWanted(): string {
  const named = setup.stages.map((stage) => `"${stage}"`).join(" or ");
  return named === ""
    ? "there are no stages to serve"
    : `no stage ${named} is there to serve; gateway stages shows those that are deployed`;
}

function isWanted(stage: string): boolean {
  return setup.stages.length === 0 || setup.stages.includes(stage);
}

function namesOf({ name, slots }: ServedApi): readonly string[] {
  return slots.map(({ live }) => `${name}/${live.name}`);
}

async function close(drainMs: number, idleMs: number, code: number): Promise<void> {
  if (drainMs !== retireMs) for (const follower of followers) follower.stop();
  await gateway?.close({ drainMs, idleMs, keepsSockets: drainMs === retireMs });
  await admin?.close();
  exitNow(code);
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `port ${setup.port} is in use on ${setup.host}: choose another with --port`;
  if (code === "EACCES") return `port ${setup.port} may not be opened by this user: choose one above 1023 with --port`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `no such address on this machine: ${setup.host}`;
  return error instanceof LoadError ? error.message : textOf(error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
