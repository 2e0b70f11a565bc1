import { isMappableHttpHeader } from "../../src/model/reserved-headers.js";
import type { ConformanceCase } from "./case.js";
import { answerProblem, headerValues, matches, reachProblem, show } from "./compare.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { runHttp } from "./http-route.js";
import { httpMappings } from "./mapping-text.js";

type Expected = ConformanceCase["expect"];

/** Area `http-api-mapping`: parameter mapping of HTTP APIs, against a real backend. */
export async function run({ given, expect }: ConformanceCase): Promise<string | undefined> {
  const refused = isRefused(given["requestParameters"]);
  if (expect["outcome"] === "refused at design time") return refused ? undefined : "nothing refuses it";
  if (refused) return "refused at design time";
  const { header, query, overwritePath } = httpMappings(given["requestParameters"]);
  const backend = (given["backend"] ?? {}) as {
    readonly status?: number;
    readonly headers?: unknown;
    readonly body?: string;
  };
  const request = (given["request"] ?? {}) as {
    readonly headers?: unknown;
    readonly body?: string;
    readonly method?: string;
    readonly query?: unknown;
  };
  const { result, request: sent } = await runHttp({
    target: { headers: header, query, overwritePath, responses: responses(given["responseParameters"]) },
    api: { kind: "http" },
    stages: [{ name: "$default", variables: variables(given["stageVariables"]), log: "off" }],
    reply: {
      status: backend.status ?? 200,
      headers: flatHeaders(backend.headers),
      ...(backend.body !== undefined && { body: backend.body }),
    },
    query: queryText(request.query),
    request: {
      method: request.method ?? "GET",
      headers: flatHeaders(request.headers),
      ...(request.body !== undefined && { body: request.body }),
    },
  });
  return (
    answerProblem(expect, result) ??
    backendProblem(expect, sent?.headers ?? []) ??
    (sent && addressProblem(expect, sent.url)) ??
    reachProblem(expect, { reached: sent !== undefined, status: result.status })
  );
}

/** `backendPath`, and `backendQuery` as a text or as a map of names to values. */
function addressProblem(expect: Expected, url: string): string | undefined {
  const [path = "", query = ""] = url.split("?");
  const wanted = { path: expect["backendPath"], query: expect["backendQuery"] };
  if (wanted.path !== undefined && wanted.path !== path) return `the backend got ${path}, wanted ${show(wanted.path)}`;
  if (wanted.query === undefined) return undefined;
  const wantedQuery = typeof wanted.query === "string" ? wanted.query : queryText(wanted.query).slice(1);
  return wantedQuery === query ? undefined : `the backend got ?${query}, wanted ?${wantedQuery}`;
}

function responses(byStatus: unknown) {
  return Object.entries((byStatus ?? {}) as Record<string, unknown>).map(([status, texts]) => {
    const { header, statusCode } = httpMappings(texts);
    return { status: statusCode ?? 0, pattern: new RegExp(`^${status}$`), headers: header, templates: new Map() };
  });
}

function variables(given: unknown) {
  return Object.entries((given ?? {}) as Record<string, string>).map(([name, value]) => ({ name, value }));
}

function isRefused(texts: unknown): boolean {
  const names = Object.keys((texts ?? {}) as object).map((target) => /:header\.(.+)$/.exec(target)?.[1]);
  return names.some((name) => name !== undefined && !isMappableHttpHeader(name));
}

/** `backendHeaders` and `backendHeadersAbsent`. */
export function backendProblem(expect: Expected, headers: readonly string[]): string | undefined {
  for (const [name, wanted] of Object.entries((expect["backendHeaders"] ?? {}) as Record<string, unknown>)) {
    const values = headerValues(headers, name, true).join(", ");
    const list = Array.isArray(wanted) ? wanted.join(", ") : wanted;
    if (!matches(list, values)) return `the backend got ${name}: ${show(values)}, wanted ${show(wanted)}`;
  }
  for (const name of (expect["backendHeadersAbsent"] ?? []) as readonly string[]) {
    if (headerValues(headers, name, true).length > 0) return `the backend should not get ${name}`;
  }
  return undefined;
}
