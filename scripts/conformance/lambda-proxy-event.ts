import { createGateway } from "../../runtime/host/gateway.js";
import { readBody } from "../../runtime/http/read-body.js";
import { lambdaProxy } from "../../runtime/integrations/lambda-proxy.js";
import type { Pipeline, RouteEntry } from "../../runtime/program.js";
import type { ConformanceCase } from "./case.js";
import { headerValues, subsetProblem } from "./compare.js";
import { flatHeaders } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";

interface EventRequest {
  readonly method: string;
  /** With the stage. */
  readonly rawPath?: string;
  /** Without it. */
  readonly path?: string;
  readonly headers?: unknown;
  readonly body?: string;
  readonly bodyBase64?: string;
}

const pipeline: Pipeline = async (x) => (await readBody(x)) || lambdaProxy(x);

/** Area `lambda-proxy-event`: the event that a function gets of a request. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  let event: unknown;
  const isRest = given["product"] === "REST";
  const request = given["request"] as EventRequest;
  const stage = isRest ? stageOf(request) : "$default";
  const routes = routesOf(given, async (seen) => {
    event = seen;
    return { statusCode: 200 };
  });
  const gateway = createGateway({
    program: testProgram(routes, {
      api: {
        kind: isRest ? "rest" : "http",
        binaryMediaTypes: (given["binaryMediaTypes"] ?? []) as readonly string[],
      },
      stages: [{ name: stage, variables: variablesOf(given["stageVariables"]), log: "off" }],
    }),
    environment: {},
  });
  const body = request.bodyBase64 === undefined ? request.body : Buffer.from(request.bodyBase64, "base64");
  const answer = await gateway.inject({
    method: request.method,
    path: request.rawPath ?? (isRest ? `/${stage}${request.path}` : (request.path ?? "/")),
    headers: flatHeaders(request.headers),
    ...(body !== undefined && { body }),
  });
  if (event === undefined) return `the function was not called: status ${answer.status} ${answer.body.toString()}`;
  return eventProblem(expect, event as { readonly headers: Readonly<Record<string, string>> });
}

function eventProblem(
  expect: ConformanceCase["expect"],
  event: { readonly headers: Readonly<Record<string, string>> },
): string | undefined {
  const flat = Object.entries(event.headers).flat();
  const absent = (expect["eventHeadersAbsent"] ?? []) as readonly string[];
  const seen = absent.find((name) => headerValues(flat, name, true).length > 0);
  if (seen !== undefined) return `the event should not have the header ${seen}`;
  return subsetProblem(withFirstOfLists(expect["event"]), withFirstOfLists(event));
}

/** A placeholder stands for a list of one too (`multiValueHeaders`): compared by its text. */
function withFirstOfLists(event: unknown): unknown {
  if (typeof event !== "object" || event === null || !("multiValueHeaders" in event)) return event;
  const lists = Object.entries((event.multiValueHeaders ?? {}) as Record<string, unknown>).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join("\n") : value,
  ]);
  return { ...event, multiValueHeaders: Object.fromEntries(lists) };
}

/** The first segment of a whole path; `test`, as in the recordings, where the case leaves the stage out. */
function stageOf({ rawPath }: EventRequest): string {
  return rawPath === undefined ? "test" : (rawPath.split("/").find((segment) => segment !== "") ?? "test");
}

function routesOf(given: ConformanceCase["given"], handler: (event: unknown) => Promise<unknown>): RouteEntry[] {
  return keysOf(given).map((key) =>
    testRoute(key, pipeline, {
      lambda: {
        functionName: "fn",
        payloadFormat: given["payloadFormat"] === "1.0" ? "1.0" : "2.0",
        modules: new Map([["", async () => ({ handler })]]),
        alias: undefined,
      },
    }),
  );
}

/** A route is a key, a path for the request's method, or resources that share a method. */
function keysOf({ route, request }: ConformanceCase["given"]): readonly string[] {
  if (typeof route === "string") {
    return [route.startsWith("/") ? `${(request as EventRequest).method} ${route}` : route];
  }
  const { resources, method } = route as { readonly resources: readonly string[]; readonly method: string };
  return resources.map((path) => `${method} ${path}`);
}

function variablesOf(given: unknown) {
  return Object.entries((given ?? {}) as Record<string, string>).map(([name, value]) => ({ name, value }));
}
