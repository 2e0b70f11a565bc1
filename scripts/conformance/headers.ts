import { createGateway } from "../../runtime/host/gateway.js";
import type { InjectedResponse } from "../../runtime/host/inject.js";
import { refuseIllegalHeaders } from "../../runtime/integrations/illegal-headers.js";
import { restEvent } from "../../runtime/integrations/lambda-event-rest.js";
import { functionOf } from "../../runtime/integrations/lambda-function.js";
import { lambdaProxy } from "../../runtime/integrations/lambda-proxy.js";
import { fromHeader } from "../../runtime/mapping/parameters.js";
import type { Pipeline, RouteEntry } from "../../runtime/program.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem, headerValues, show } from "./compare.js";
import { exchangeOf } from "./exchange.js";
import { flatHeaders } from "./flat-headers.js";
import { backendProblem } from "./http-api-mapping.js";
import { custom, runHttp, targetResponses } from "./http-route.js";
import { restMappings, restResponseMappings } from "./mapping-text.js";
import { testProgram, testRoute } from "./program.js";

type Given = ConformanceCase["given"];
type Expected = ConformanceCase["expect"];

/** Area `headers`: what a backend, an event or a client sees of the other side's headers. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  if (expect["eventHeaders"] !== undefined || expect["eventHeadersAbsent"] !== undefined)
    return eventProblem(given, expect);
  if (given["requestTemplate"] !== undefined) return visibleProblem(given, expect);
  if (given["integrationType"] === "AWS_PROXY") return answerProblem(expect, await runLambda(given));
  const { result, request } = await runBackend(given);
  return answerProblem(expect, result) ?? backendProblem(expect, request?.headers ?? []);
}

/** AWS services have no step of their own yet: their rules on headers are HTTP's, with a longer list of illegal ones. */
function runBackend(given: Given) {
  const { header } = restMappings(given["requestParameters"]);
  const proxy = given["integrationType"] === "HTTP_PROXY";
  const isAws = given["integrationType"] === "AWS";
  const backend = (given["backendResponse"] ?? {}) as { readonly status?: number; readonly headers?: unknown };
  const checked: Pipeline = (x) => {
    refuseIllegalHeaders("AWS", header);
    return custom(x);
  };
  const responses = targetResponses([{ statusCode: "200" }]).map((response) => ({
    ...response,
    headers: restResponseMappings(given["responseParameters"]),
  }));
  return runHttp({
    target: { proxy, headers: header, responses: proxy ? [] : responses },
    reply: { status: backend.status ?? 200, headers: flatHeaders(backend.headers ?? given["backendHeaders"]) },
    request: { method: String(given["method"] ?? "GET"), headers: flatHeaders(given["clientHeaders"]) },
    ...(isAws && { run: checked }),
  });
}

function lambdaRoute(given: Given, result: unknown): RouteEntry {
  return testRoute("ANY /r", lambdaProxy, {
    lambda: {
      functionName: "fn",
      payloadFormat: "1.0",
      modules: new Map([["", async () => ({ handler: async () => result })]]),
      alias: undefined,
      mappedHeaders: restMappings(given["requestParameters"]).header,
    },
  });
}

async function runLambda(given: Given): Promise<InjectedResponse> {
  const result = given["lambdaResult"] ?? {
    statusCode: 200,
    headers: given["lambdaHeaders"] ?? given["backendHeaders"],
  };
  const gateway = createGateway({ program: testProgram([lambdaRoute(given, result)]), environment: {} });
  return gateway.inject({ path: "/dev/r", headers: flatHeaders(given["clientHeaders"]) });
}

function eventProblem(given: Given, expect: Expected): string | undefined {
  const program = testProgram([lambdaRoute(given, {})]);
  const x = exchangeOf({ program, path: "/r", headers: flatHeaders(given["clientHeaders"]) });
  const { headers } = restEvent(x, functionOf(x)) as { readonly headers: Readonly<Record<string, string>> };
  for (const [name, wanted] of Object.entries((expect["eventHeaders"] ?? {}) as Record<string, unknown>)) {
    if (headers[name] !== wanted) return `event header ${name}: ${show(headers[name])}, wanted ${show(wanted)}`;
  }
  const flat = Object.entries(headers).flat();
  const absent = (expect["eventHeadersAbsent"] ?? []) as readonly string[];
  const seen = absent.find((name) => headerValues(flat, name, true).length > 0);
  return seen === undefined ? undefined : `the event should not have ${seen}`;
}

/** What mappings see of a header is what templates see; an absent one shows as nothing. */
function visibleProblem(given: Given, expect: Expected): string | undefined {
  const x = exchangeOf({ program: testProgram([testRoute("ANY /r")]), headers: flatHeaders(given["clientHeaders"]) });
  for (const [name, wanted] of Object.entries((expect["renderedJson"] ?? {}) as Record<string, unknown>)) {
    const got = fromHeader(name)(x) ?? "";
    if (got !== wanted) return `${name} reads ${show(got)}, wanted ${show(wanted)}`;
  }
  return undefined;
}
