import process from "node:process";
import { pathToFileURL } from "node:url";
import type { AdminPort } from "../../runtime/admin/admin-port.js";
import { administer } from "../../runtime/admin/administer.js";
import { exportFromFolder } from "../../runtime/admin/export-from-folder.js";
import { OffsetClock, systemClock } from "../../runtime/clock.js";
import type { Gateway } from "../../runtime/host/gateway.js";
import { openState } from "../../runtime/host/open-state.js";
import { isWrapped } from "../../runtime/host/workers/messages.js";
import { openObservers } from "../../runtime/observe/open-observers.js";
import type { Program } from "../../runtime/program.js";
import type { FromServer, RequestLine, ServedRoute, ToServer } from "./messages.js";
import { type AdminSetup, adminVariable } from "./messages.js";

/** The process that serves: takes bundles from `gateway dev` and swaps them in. Started by `DevServer`. */

interface DevGateway {
  listen(): Promise<{ readonly url: string }>;
  swap(program: unknown): unknown;
  close(options: { readonly drainMs: number; readonly idleMs: number }): Promise<void>;
}

interface BundleModule {
  readonly program: {
    readonly stages: readonly { readonly name: string }[];
    readonly routes: readonly ProgramRoute[];
  };
  createGateway(options: object): DevGateway;
}

interface ProgramRoute {
  readonly method: string;
  readonly resourcePath: string;
  readonly lambda: { readonly functionName: string } | undefined;
  readonly http: { readonly proxy: boolean } | undefined;
  readonly mock: object | undefined;
}

const [host = "127.0.0.1", port = "0", ...stages] = process.argv.slice(2);
let gateway: DevGateway | undefined;
/** How long a process that another has replaced answers on connections that clients keep open. */
const retireMs = 2000;

const setup = JSON.parse(process.env[adminVariable] ?? "null") as AdminSetup | null;
const observers = openObservers({
  clock: systemClock,
  environment: process.env,
  print: (text) => process.stdout.write(text),
  ...{ hasAccessLog: true, hasTracing: isTracerNamed(), hasMeasures: setup !== null },
});
const admin =
  setup === null
    ? undefined
    : administer({
        ...setup,
        environment: process.env,
        measures: observers.measures,
        exportApi: (wish) => exportFromFolder(setup.build, wish),
      });
let adminPort: AdminPort | undefined;

const tell = (message: FromServer) => process.send?.(message);

const clock = new OffsetClock();

process.on("message", (message: unknown) => {
  if (!isWrapped(message)) onMessage(message as ToServer);
});
tell({ kind: "ready" });
process.on("SIGTERM", () => void close(0));
process.on("SIGINT", () => undefined);
process.on("disconnect", () => void close(0));

function onMessage(message: ToServer): void {
  switch (message.kind) {
    case "retire":
      void close(retireMs);
      break;
    case "clock":
      clock.offsetMs = message.offsetMs;
      break;
    case "load":
      void load(message);
  }
}

async function load({ bundle, number }: Extract<ToServer, { kind: "load" }>): Promise<void> {
  try {
    const module = (await import(pathToFileURL(bundle).href)) as BundleModule;
    if (gateway) {
      await gateway.swap(module.program);
      tell({ kind: "swapped", number, routes: servedRoutes(module) });
      return;
    }
    const created = module.createGateway({
      program: module.program,
      ...(stages.length > 0 && { stages }),
      host,
      port: Number(port),
      trace: true,
      clock,
      state: openState([module.program as unknown as Program], undefined, process.env, clock),
      observers: [...observers.all, ...(admin ? [admin.requests] : [])],
      sampler: observers.sampler,
      onRequest: (request: RequestLine) => tell({ kind: "request", request }),
    });
    const bound = await created.listen().catch(unboundText);
    if (typeof bound === "string") return void tell({ kind: "unbound", message: bound });
    gateway = created;
    const adminUrl = await openAdmin();
    tell({ kind: "listening", url: bound.url, adminUrl, routes: servedRoutes(module) });
  } catch (error) {
    tell({ kind: "failed", number, message: error instanceof Error ? error.message : String(error) });
  }
}

function unboundText({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return `port ${port} of ${host} is in use; --port takes another, 0 a free one`;
    case "EACCES":
      return `port ${port} of ${host} is not allowed to you; --port takes another`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine`;
    default:
      return `${host}:${port} cannot be served on: ${message}`;
  }
}

function servedRoutes({ program }: BundleModule): readonly ServedRoute[] {
  return program.stages
    .filter(({ name }) => stages.length === 0 || stages.includes(name))
    .flatMap(({ name }) =>
      program.routes
        .filter((route) => route.lambda || route.http || route.mock)
        .map((route) => ({
          stage: name,
          method: route.method,
          path: name === "$default" ? route.resourcePath : `/${name}${route.resourcePath}`,
          integration: integrationOf(route),
        })),
    );
}

function integrationOf(route: ProgramRoute): string {
  if (route.lambda) return `lambda ${route.lambda.functionName}`;
  if (route.http) return route.http.proxy ? "http proxy" : "http";
  return "mock";
}

/** The port beside the gateway's where it is free, else any. */
async function openAdmin(): Promise<string | undefined> {
  const served = () => gateway as unknown as Gateway | undefined;
  try {
    adminPort = await admin?.open(served);
  } catch (error) {
    tell({ kind: "notice", message: `no admin port: ${error instanceof Error ? error.message : String(error)}` });
  }
  return adminPort?.url;
}

/** In development nobody sends segments to a daemon that has not been named. */
function isTracerNamed(): boolean {
  const { AWS_XRAY_DAEMON_ADDRESS, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  return [AWS_XRAY_DAEMON_ADDRESS, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT].some(Boolean);
}

async function close(idleMs: number): Promise<void> {
  admin?.drains();
  void adminPort?.close();
  await gateway?.close({ drainMs: 3000, idleMs });
  process.exit(0);
}
