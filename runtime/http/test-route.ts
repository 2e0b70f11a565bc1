import { type LoadOptions, loadProgram } from "../host/load-program.js";
import { executionLines } from "../observe/execution-log.js";
import { Redactor } from "../observe/redact.js";
import { type AuthorizerDecision, type TestRun, Trace } from "../observe/trace.js";
import type { Program, RouteEntry, StageEntry } from "../program.js";
import { Exchange } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";
import { TestTransport } from "./test-transport.js";

/** A request that nobody sends (TestInvokeMethod, TestInvokeAuthorizer). */
export interface RouteTest {
  readonly kind: TestRun["kind"];
  readonly route: RouteEntry;
  readonly method: string;
  /** Begins with `/`; has no stage before it, and need not be of the route. */
  readonly path: string;
  readonly query: string;
  /** Flat list. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Those of the stage that it is as if it came by. */
  readonly variables: ReadonlyMap<string, string>;
}

export interface RouteTestResult {
  readonly requestId: string;
  readonly status: number;
  /** Flat list. */
  readonly headers: readonly string[];
  readonly body: string;
  /** Lines of the execution log, without times. */
  readonly log: readonly string[];
  readonly latencyMs: number;
  /** Tests of an authorizer that has decided. */
  readonly decision: AuthorizerDecision | undefined;
}

/** Names that AWS's own tests have in `$context.stage` and in the ARN of the method. */
const stageNames = { method: "test-invoke-stage", authorizer: "ESTestInvoke-stage" } as const;

/**
 * Runs one route on a stage of its own with the given variables, beside what is served: no cache, no limits, no metrics. Who
 * may call is not asked, as on AWS.
 *
 * @throws LoadError where the Program cannot be loaded in this environment
 */
export async function testRoute(program: Program, options: LoadOptions, wish: RouteTest): Promise<RouteTestResult> {
  const variables = [...wish.variables].map(([name, value]) => ({ name, value }));
  const stage: StageEntry = { name: stageNames[wish.kind], variables, log: "off" };
  const { websocket: _websocket, guards: _guards, limits: _limits, ...rest } = program;
  const logger = { write: () => undefined };
  const live = loadProgram({ ...rest, stages: [stage] }, { ...options, logger, sampler: undefined, stages: undefined });
  const transport = new TestTransport(wish.body);
  const { method, path, query, headers } = wish;
  const x = new Exchange(
    live,
    method,
    path,
    path,
    query,
    headers,
    "test-invoke-source-ip",
    live.clock.now(),
    transport,
  );
  transport.exchange = x;
  x.stage = live.stages.get(stage.name) as Exchange["stage"];
  x.route = wish.route;
  x.pathValues = valuesOf(wish.route.segments, path);
  // The log shows it even where no step reads it.
  x.body = wish.body;
  x.isBodyRead = true;
  x.startedAt = live.clock.monotonic();
  const test: TestRun = { kind: wish.kind, lines: [], decision: undefined };
  x.trace = new Trace(true, test);
  x.trace.redactor = new Redactor(wish.route.secrets);
  try {
    const body = await answerOf(x, transport);
    const latencyMs = live.clock.monotonic() - x.startedAt;
    const log = executionLines(x, x.trace, true);
    const { requestId, status, responseHeaders } = x;
    return {
      requestId,
      status,
      headers: shownHeaders(x, responseHeaders),
      body,
      log,
      latencyMs,
      decision: test.decision,
    };
  } finally {
    await live.targets.close();
  }
}

async function answerOf(x: Exchange, transport: TestTransport): Promise<string> {
  try {
    if (!(await x.route.run(x))) throw new GatewayError("API_CONFIGURATION_ERROR");
    const streamed = await transport.streamed;
    if (streamed !== undefined) x.responseBody = streamed;
    x.isStreaming = false;
  } catch (error) {
    x.isStreaming = false;
    x.program.gatewayResponses.answer(x, error);
  }
  const { responseBody } = x;
  return typeof responseBody === "string" ? responseBody : Buffer.from(responseBody).toString("utf8");
}

/** The service's own failures have no type of content here (recorded). */
function shownHeaders(x: Exchange, headers: readonly string[]): readonly string[] {
  const isBuiltIn = x.error !== undefined && x.program.gatewayResponses.entryOf(x.error.type) === undefined;
  const shown = headers.filter((_, at) => !isBuiltIn || headers[at - (at % 2)]?.toLowerCase() !== "content-type");
  return x.showsTraceId && x.error === undefined ? ["X-Amzn-Trace-Id", x.traceId, ...shown] : shown;
}

/** Raw values of the path's parameters; none where the path is not of the route (recorded). */
function valuesOf(segments: readonly string[], path: string): readonly string[] {
  const parts = path.replace(/^\/+|\/+$/g, "").split("/");
  const greedy = segments.at(-1)?.endsWith("+}") === true;
  const isLong = greedy ? parts.length >= segments.length : parts.length === segments.length;
  if (segments.length === 0 || !isLong) return [];
  const isSame = segments.every((segment, at) => segment.startsWith("{") || segment === parts[at]);
  if (!isSame) return [];
  return segments.flatMap((segment, at) => {
    if (!segment.startsWith("{")) return [];
    return segment.endsWith("+}") ? parts.slice(at).join("/") : (parts[at] ?? "");
  });
}
