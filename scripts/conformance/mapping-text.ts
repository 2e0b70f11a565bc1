import type { MappedParameter } from "../../runtime/integrations/http-target.js";
import type { ParameterSource } from "../../runtime/mapping/parameters.js";
import * as sources from "../../runtime/mapping/parameters.js";

type Texts = Readonly<Record<string, string>>;

/** Mappings of a REST case by where they go: `integration.request.header.x` → `header`. */
export function restMappings(texts: unknown): Readonly<Record<"header" | "path" | "querystring", MappedParameter[]>> {
  const mappings = {
    header: [] as MappedParameter[],
    path: [] as MappedParameter[],
    querystring: [] as MappedParameter[],
  };
  for (const [target, text] of Object.entries((texts ?? {}) as Texts)) {
    const match = /^integration\.request\.(header|path|querystring)\.(.+)$/.exec(target);
    if (!match) throw new Error(`no mapping target: ${target}`);
    mappings[match[1] as keyof typeof mappings].push({ name: match[2] as string, source: restSource(text) });
  }
  return mappings;
}

/** `method.response.header.x` mappings of a REST case. */
export function restResponseMappings(texts: unknown): MappedParameter[] {
  return Object.entries((texts ?? {}) as Texts).map(([target, text]) => ({
    name: target.replace(/^method\.response\.header\./, ""),
    source: restSource(text),
  }));
}

/** The right side of a REST mapping, in AWS's grammar (aws-behaviour.md 12.1 and 12.2). */
function restSource(text: string): ParameterSource {
  const fixed = /^'(.*)'$/s.exec(text);
  if (fixed) return sources.fromStatic(fixed[1] as string);
  const match = /^(method\.request|integration\.response|context|stageVariables)\.(.+)$/.exec(text);
  if (!match) throw new Error(`no mapping expression: ${text}`);
  const [, root, rest = ""] = match;
  if (root === "context") return sources.fromContext(rest);
  if (root === "stageVariables") return sources.fromStageVariable(rest);
  const [kind = "", ...names] = rest.split(".");
  const isRequest = root === "method.request";
  if (kind === "body") return isRequest ? sources.fromBody(rest.slice(4)) : sources.fromResponseBody(rest.slice(4));
  return readers[`${isRequest ? "request" : "response"} ${kind}`]?.(names.join(".")) ?? fail(text);
}

const readers: Readonly<Record<string, (name: string) => ParameterSource>> = {
  "request header": sources.fromHeader,
  "request multivalueheader": sources.fromMultiHeader,
  "request querystring": sources.fromQuery,
  "request multivaluequerystring": sources.fromMultiQuery,
  "request path": sources.fromPath,
  "response header": sources.fromResponseHeader,
  "response multivalueheader": sources.fromMultiResponseHeader,
};

/** A value of an HTTP API's mapping: `$request.header.x`, text with `${…}` in it, or static text (28.2). */
function httpSource(text: string): ParameterSource {
  const whole = /^\$([A-Za-z].*)$/.exec(text);
  if (whole) return httpReference(whole[1] as string);
  const parts = text.split(/\$\{([^}]*)\}/);
  return sources.fromText(parts.map((part, at) => (at % 2 === 0 ? part : httpReference(part))));
}

function httpReference(text: string): ParameterSource {
  const [root = "", kind = "", ...names] = text.replace(/^\$/, "").split(".");
  const name = names.join(".");
  if (root === "context") return sources.fromContext([kind, ...names].join("."));
  if (root === "stageVariables") return sources.fromStageVariable([kind, ...names].join("."));
  if (root === "request" && kind === "path" && names.length === 0) return sources.fromRequestPath();
  const tail = /^(?:request|response)\.body(.*)$/s.exec(text.replace(/^\$/, ""));
  if (tail) return root === "request" ? sources.fromBody(tail[1]) : sources.fromResponseBody(tail[1]);
  return readers[`${root} ${kind}`]?.(name) ?? fail(text);
}

/** `append:header.x` and its like, by where they go. */
export function httpMappings(texts: unknown) {
  const header: MappedParameter[] = [];
  const query: MappedParameter[] = [];
  let overwritePath: ParameterSource | undefined;
  let statusCode: number | undefined;
  for (const [target, text] of Object.entries((texts ?? {}) as Texts)) {
    const match = /^(append|overwrite|remove):(?:(header|querystring)\.(.+)|(path|statuscode))$/.exec(target);
    if (!match) throw new Error(`no mapping target: ${target}`);
    const [, operation, place, name = "", other] = match;
    if (other === "path") overwritePath = httpSource(text);
    else if (other === "statuscode") statusCode = Number(text);
    else (place === "header" ? header : query).push({ name, source: httpSource(text), operation } as MappedParameter);
  }
  return { header, query, overwritePath, statusCode };
}

function fail(text: string): never {
  throw new Error(`no mapping expression: ${text}`);
}
