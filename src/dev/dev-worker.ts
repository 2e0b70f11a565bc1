import process from "node:process";
import { pathToFileURL } from "node:url";
import { OffsetClock } from "../../runtime/clock.js";
import { openState } from "../../runtime/host/open-state.js";
import { isWrapped } from "../../runtime/host/workers/messages.js";
import type { Program } from "../../runtime/program.js";
import type { FromServer, RequestLine, ServedRoute, ToServer } from "./messages.js";

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
      onRequest: (request: RequestLine) => tell({ kind: "request", request }),
    });
    const bound = await created.listen().catch(unboundText);
    if (typeof bound === "string") return void tell({ kind: "unbound", message: bound });
    gateway = created;
    tell({ kind: "listening", url: bound.url, routes: servedRoutes(module) });
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

async function close(idleMs: number): Promise<void> {
  await gateway?.close({ drainMs: 3000, idleMs });
  process.exit(0);
}
