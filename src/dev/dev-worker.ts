import { dirname, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { printYaml } from "../../generators/emit/stable-yaml.js";
import type { AdminPort } from "../../runtime/admin/admin-port.js";
import { administer } from "../../runtime/admin/administer.js";
import { exportFromFile } from "../../runtime/admin/export-from-file.js";
import { sdkOfBuild } from "../../runtime/admin/sdk-archive.js";
import { OffsetClock, systemClock } from "../../runtime/clock.js";
import { tellSdks } from "../../runtime/host/connections-endpoint.js";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { openState } from "../../runtime/host/open-state.js";
import { isWrapped } from "../../runtime/host/workers/messages.js";
import { openObservers } from "../../runtime/observe/open-observers.js";
import type { Program, RouteEntry } from "../../runtime/program.js";
import { LocalIssuer } from "./local-issuer.js";
import type { FromServer, RequestLine, ServedRoute, ToServer } from "./messages.js";
import { type AdminSetup, adminVariable } from "./messages.js";

/** The process that serves: takes Programs from `gateway dev` and swaps them in. Started by `DevServer`. */

const [host = "127.0.0.1", port = "0", ...stages] = process.argv.slice(2);
let gateway: Gateway | undefined;
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
        exportApi: (wish) => exportFromFile(setup.exports, wish, printYaml),
        sdk: ({ language }) => sdkOfBuild(join(dirname(setup.exports), "../sdk"), language),
        mint: (claims) => new LocalIssuer(setup.project).mint(claims),
      });
let adminPort: AdminPort | undefined;

const tell = (message: FromServer) => process.send?.(message, undefined, {}, () => undefined);

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
      newest = message.number;
      loading = loading.then(() => load(message));
  }
}

/** One after the other: the first one opens the port, and no other may before it has. */
let loading: Promise<void> = Promise.resolve();
/** Number of the Program that was sent last; older ones that have not begun to load are left out. */
let newest = 0;

async function load({ module, number }: Extract<ToServer, { kind: "load" }>): Promise<void> {
  if (number < newest) return;
  try {
    const { program } = (await import(pathToFileURL(module).href)) as { readonly program: Program };
    if (gateway) {
      gateway.swap(program);
      tell({ kind: "swapped", number, routes: servedRoutes(program) });
      return;
    }
    const created = createGateway({
      program,
      ...(stages.length > 0 && { stages }),
      host,
      port: Number(port),
      trace: true,
      clock,
      state: openState([program], undefined, process.env, clock),
      observers: [...observers.all, ...(admin ? [admin.requests] : [])],
      sampler: observers.sampler,
      onRequest: (request: RequestLine) => tell({ kind: "request", request }),
    });
    const bound = await created.listen().catch(unboundText);
    if (typeof bound === "string") return void tell({ kind: "unbound", message: bound });
    tellSdks(bound.connectionsEndpoint);
    gateway = created;
    const adminUrl = await openAdmin();
    tell({ kind: "listening", number, url: bound.url, adminUrl, routes: servedRoutes(program) });
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

function servedRoutes(program: Program): readonly ServedRoute[] {
  const wanted = program.stages.filter(({ name }) => stages.length === 0 || stages.includes(name));
  return wanted.flatMap(({ name }) => {
    const base = name === "$default" ? "" : `/${name}`;
    const requests = program.routes
      .filter((route) => route.lambda || route.http || route.aws || route.mock)
      .map((route) => ({ route, method: route.method, path: `${base}${route.resourcePath}` }));
    const messages = (program.websocket?.routes ?? []).map(({ route }) => ({
      route,
      method: "WS",
      path: `${base || "/"} ${route.key}`,
    }));
    return [...requests, ...messages].map(({ route, method, path }) => ({
      ...{ stage: name, method, path },
      integration: integrationOf(route),
    }));
  });
}

function integrationOf(route: RouteEntry): string {
  if (route.lambda) return `lambda ${route.lambda.functionName}`;
  if (route.http) return route.http.proxy ? "http proxy" : "http";
  if (route.aws) return `aws ${route.aws.service.host}`;
  return "mock";
}

/** The port beside the gateway's where it is free, else any. */
async function openAdmin(): Promise<string | undefined> {
  try {
    adminPort = await admin?.open(() => gateway);
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
