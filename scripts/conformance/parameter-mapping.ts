import { anonymousIdentity, type Caller } from "../../runtime/auth/caller.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { GatewayError } from "../../runtime/http/gateway-error.js";
import type { MappedParameter } from "../../runtime/integrations/http-target.js";
import { resolveText, type StageText } from "../../runtime/integrations/target-text.js";
import type { TargetPart } from "../../runtime/program.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem, show, subsetProblem } from "./compare.js";
import { exchangeOf } from "./exchange.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { runHttp, targetResponses } from "./http-route.js";
import { restMappings, restResponseMappings } from "./mapping-text.js";
import { testProgram, testRoute } from "./program.js";

interface MappingRequest {
  readonly headers?: unknown;
  readonly query?: unknown;
  readonly path?: Readonly<Record<string, string>>;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Names = Readonly<Record<string, string>>;

interface BackendAnswer {
  readonly status?: number;
  readonly headers?: unknown;
  readonly body?: string;
}

interface ContextGiven {
  readonly stage?: string;
  readonly apiId?: string;
  readonly identity?: { readonly sourceIp?: string };
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/** Area `parameter-mapping`: values sent on, or the error; and URIs with their variables filled in. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  if (given["responseParameters"] !== undefined) return responseProblem(given, expect);
  const x = exchangeFor(given);
  const mappings = restMappings(given["requestParameters"]);
  if (given["uri"] !== undefined) return uriProblem(x, String(given["uri"]), given, expect["uri"]);
  try {
    const sent = {
      header: joined(valuesOf(x, mappings.header)),
      path: joined(valuesOf(x, mappings.path)),
      querystring: valuesOf(x, mappings.querystring),
    };
    return exactProblem(expect, sent);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    x.program.gatewayResponses.answer(x, error);
    return subsetProblem(expect, { status: x.status, message: x.error?.message });
  }
}

function exchangeFor(given: ConformanceCase["given"]): Exchange {
  const request = (given["request"] ?? {}) as MappingRequest;
  const context = (given["context"] ?? {}) as ContextGiven;
  const path = request.pathParameters ?? request.path ?? {};
  const key = `ANY /${Object.keys(path)
    .map((name) => `{${name}}`)
    .join("/")}`;
  const x = exchangeOf({
    program: testProgram([testRoute(key)], {
      api: { ...(context.apiId !== undefined && { apiId: context.apiId }) },
      stages: [{ name: context.stage ?? "dev", variables: variablesOf(given), log: "off" }],
    }),
    method: "POST",
    query: queryText(request.query).slice(1),
    headers: flatHeaders(request.headers),
    pathValues: Object.values(path),
    body: Buffer.from(request.body ?? ""),
    ...(context.identity?.sourceIp !== undefined && { sourceIp: context.identity.sourceIp }),
  });
  if (context.authorizer !== undefined) x.caller = callerOf(context.authorizer);
  return x;
}

/** What an authorizer left behind: `claims` is a user pool's, all else a function's. */
function callerOf({ claims, principalId, ...values }: Readonly<Record<string, unknown>>): Caller {
  const authorizer: Caller["authorizer"] =
    claims === undefined
      ? {
          kind: "lambda",
          principalId: principalId === undefined ? undefined : String(principalId),
          context: new Map(Object.entries(values)),
          latencyMs: 0,
        }
      : { kind: "cognito", claims: new Map(Object.entries(claims as object)) };
  return { authorizer, cacheIdentity: "", identity: anonymousIdentity, usageIdentifierKey: undefined };
}

/** The response side (aws-behaviour.md 12.2), against a real backend. */
async function responseProblem(given: ConformanceCase["given"], expect: ConformanceCase["expect"]) {
  const backend = (given["backend"] ?? given["backendResponse"] ?? given["response"] ?? {}) as BackendAnswer;
  const responses = targetResponses([{ statusCode: "200" }]);
  const { result } = await runHttp({
    target: {
      proxy: false,
      responses: responses.map((response) => ({
        ...response,
        headers: restResponseMappings(given["responseParameters"]),
      })),
    },
    stages: [{ name: "dev", variables: variablesOf(given), log: "off" }],
    reply: {
      status: backend.status ?? 200,
      headers: flatHeaders(backend.headers),
      ...(backend.body !== undefined && { body: backend.body }),
    },
  });
  const message = expect["message"] === undefined ? {} : { jsonContains: { message: expect["message"] } };
  const headers = expect["headers"] ?? expect["header"] ?? {};
  return answerProblem(
    { status: expect["status"], headers, headersAbsent: expect["headersAbsent"], ...message },
    result,
  );
}

function variablesOf(given: ConformanceCase["given"]) {
  return Object.entries((given["stageVariables"] ?? {}) as Names).map(([name, value]) => ({ name, value }));
}

function valuesOf(x: Exchange, mapped: readonly MappedParameter[]): Record<string, unknown> {
  const entries = mapped.map(({ name, source }) => [name, source(x)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Headers and path hold one text; a list would be joined. */
function joined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
  );
}

function exactProblem(expect: ConformanceCase["expect"], sent: Readonly<Record<string, object>>): string | undefined {
  for (const place of ["header", "path", "querystring"]) {
    if (expect[place] === undefined) continue;
    const wanted = Object.keys(expect[place] as object);
    const extra = Object.keys(sent[place] ?? {}).filter((name) => !wanted.includes(name));
    if (extra.length > 0) return `${place} should not hold ${extra.join(", ")}`;
  }
  return expect["status"] === undefined ? subsetProblem(expect, sent) : "no error";
}

/** `${stageVariables.x}` and `{name}` of a URI; any other `${…}` stays (aws-behaviour.md 6.7). */
function uriProblem(x: Exchange, uri: string, given: ConformanceCase["given"], wanted: unknown): string | undefined {
  const text = uri.split(/(\$\{stageVariables\.\w+\}|(?<!\$)\{\w+\+?\})/).map((part): TargetPart => {
    const variable = /^\$\{stageVariables\.(\w+)\}$/.exec(part);
    if (variable) return { stageVariable: variable[1] as string };
    const path = /^\{(\w+)\+?\}$/.exec(part);
    return path ? { path: path[1] as string } : part;
  });
  const resolved = resolveText(text, x.stage.variables, new Map());
  const got = filled(resolved, {
    ...((given["pathParameters"] ?? given["path"] ?? {}) as Names),
    ...mappedPath(x, given),
  });
  return got === wanted ? undefined : `got ${show(got)}, wanted ${show(wanted)}`;
}

function mappedPath(x: Exchange, given: ConformanceCase["given"]): Names {
  return joined(valuesOf(x, restMappings(given["requestParameters"]).path)) as Names;
}

function filled(text: StageText, values: Names): string {
  return text.map((part) => (typeof part === "string" ? part : (values[part.path] ?? `{${part.path}}`))).join("");
}
