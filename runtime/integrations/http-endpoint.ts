import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { ParameterSource } from "../mapping/parameters.js";
import type { RouteEntry } from "../program.js";
import type { DeadlineQueue } from "./deadlines.js";
import { configurationError } from "./failures.js";
import type { HttpTarget } from "./http-target.js";
import { refuseIllegalHeaders } from "./illegal-headers.js";
import { parameterNames } from "./path-parameters.js";
import type { StageText } from "./target-text.js";
import type { UpstreamOrigin } from "./upstream.js";

/** The endpoint of one route in one stage, with its address fixed and checked. */
export interface HttpEndpoint extends UpstreamOrigin {
  /** Value of the Host header. */
  readonly authority: string;
  /** Path; begins with `/`. */
  readonly path: readonly UriPart[];
  /** Query of the URI itself, without `?`; empty when it has none. */
  readonly query: readonly UriPart[];
  readonly target: HttpTarget;
  /** Route `$default` of an HTTP API: the path of the request comes behind that of the URI (aws-behaviour.md 3.3). */
  readonly takesWholePath: boolean;
  /** What stands before the path: the stage, in a private integration of an HTTP API (28.1); else empty. */
  readonly pathPrefix: string;
  readonly deadlines: DeadlineQueue;
  /** Bodies that mappings look into, and that can therefore not be streamed. */
  readonly reads: ReadonlySet<"request body" | "response body">;
}

export type UriPart = string | UriParameter;

/** `{name}` of a URI. */
export interface UriParameter {
  readonly name: string;
  /** Where the value is mapped from; undefined: the path parameter at this position of the request. */
  readonly source: ParameterSource | undefined;
  readonly at: number;
}

/**
 * The endpoint that an exchange's route calls in its stage; made by the first request.
 *
 * @param base  scheme, authority and path before the target's own text, where that is no whole address
 * @throws GatewayError 500 for an address that no request could be sent to (aws-behaviour.md 6.6), or a mapped header
 *   that none may set (5.3)
 */
export function endpointOf(x: Exchange, target = x.route.http, base: () => string = noBase): HttpEndpoint {
  const { targets } = x.program;
  let byStage = targets.endpoints.get(x.route);
  if (byStage === undefined) {
    byStage = [];
    targets.endpoints.set(x.route, byStage);
  }
  const known = byStage[x.stage.index];
  if (known !== undefined) return known;
  const created = createEndpoint(x, target, base());
  byStage[x.stage.index] = created;
  return created;
}

function noBase(): string {
  return "";
}

function createEndpoint(
  { program, route, stage }: Exchange,
  target: HttpTarget | undefined,
  base: string,
): HttpEndpoint {
  const { targets } = program;
  const text = targets.text(route, stage.index);
  if (target === undefined || text === undefined) throw configurationError("the route has no HTTP integration");
  refuseIllegalHeaders(base === "" ? "HTTP" : "AWS", target.headers);
  const address = parseAddress(base === "" ? text : prefixed(base, text));
  if (address === undefined) throw configurationError("Invalid endpoint address");
  const mark = address.rest.findIndex((part) => typeof part === "string" && part.includes("?"));
  const [path, query] = mark === -1 ? [address.rest, []] : splitAt(address.rest, mark);
  return {
    origin: `${address.scheme}://${address.authority}`,
    authority: address.authority,
    insecureSkipVerification: target.insecureSkipVerification,
    path: compile(path, route, target),
    query: compile(query, route, target),
    target,
    takesWholePath: base === "" && program.program.api.kind === "http" && route.key === "$default",
    pathPrefix: target.isPrivate && stage.name !== "$default" ? `/${stage.name}` : "",
    deadlines: targets.deadlines.queue(route.timeoutMs),
    reads: bodiesRead(target),
  };
}

function bodiesRead({ headers, query, path, overwritePath, responses }: HttpTarget): HttpEndpoint["reads"] {
  const mapped = [...headers, ...query, ...path, ...responses.flatMap((response) => response.headers)];
  const sources = [...mapped.map(({ source }) => source), ...(overwritePath ? [overwritePath] : [])];
  return new Set(sources.flatMap(({ reads }) => reads ?? []));
}

/** What stands before the text joins its first part: scheme and authority have to stand there. */
function prefixed(base: string, [first, ...others]: StageText): StageText {
  return typeof first === "string" ? [base + first, ...others] : [base, ...(first ? [first] : []), ...others];
}

interface Address {
  readonly scheme: string;
  readonly authority: string;
  readonly rest: StageText;
}

const addressForm =
  /^(https?):\/\/([A-Za-z0-9](?:[A-Za-z0-9._-]{0,253})|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?(?:([/?][!-~]*))?$/;

/**
 * Scheme and authority have to stand in the text before the first path parameter, which cannot touch them: what a
 * client sends never decides where a request goes. No user name, no fragment.
 */
function parseAddress(text: StageText): Address | undefined {
  const [first, ...others] = text;
  const match = typeof first === "string" ? addressForm.exec(first) : null;
  if (match === null || first === undefined) return undefined;
  const [, scheme = "", host = "", port, rest = ""] = match;
  if (others.length > 0 && rest === "") return undefined;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  if (/[#\\]/.test(rest) || others.some((part) => typeof part === "string" && !/^[!-~]*$/.test(part))) return undefined;
  const path = rest.startsWith("/") ? rest : `/${rest}`;
  const authority = port === undefined ? host.toLowerCase() : `${host.toLowerCase()}:${port}`;
  return { scheme, authority, rest: [path, ...others] };
}

/** Parts before and after the `?` that the part at this position holds. */
function splitAt(parts: StageText, at: number): readonly [StageText, StageText] {
  const text = parts[at] as string;
  const mark = text.indexOf("?");
  const before = text.slice(0, mark);
  const after = text.slice(mark + 1);
  return [
    [...parts.slice(0, at), ...(before === "" ? [] : [before])],
    [...(after === "" ? [] : [after]), ...parts.slice(at + 1)],
  ];
}

/** `{name}` is the mapped parameter of that name, else the route's; one that is neither stays as it is (6.7). */
function compile(parts: StageText, route: RouteEntry, target: HttpTarget): readonly UriPart[] {
  const names = parameterNames(route.segments);
  return parts.map((part) => {
    if (typeof part === "string") return part;
    const source = target.path.find(({ name }) => name === part.path)?.source;
    const at = names.indexOf(part.path);
    return source === undefined && at === -1 ? `{${part.path}}` : { name: part.path, source, at };
  });
}

/** The path of one request. Parameters go in as received, or escaped where a mapping took them from elsewhere. */
export function pathOf(x: Exchange, { path, target, takesWholePath, pathPrefix }: HttpEndpoint): string {
  if (target.overwritePath) return overwrittenPath(x, target.overwritePath);
  const own = joinParts(x, path);
  if (!takesWholePath) return pathPrefix + own;
  return pathPrefix + (own.endsWith("/") ? own.slice(0, -1) : own) + below(x.path);
}

/** The query of the URI for one request; empty when it has none. */
export function uriQueryOf(x: Exchange, { query }: HttpEndpoint): string {
  return query.length === 0 ? "" : joinParts(x, query, true);
}

function joinParts(x: Exchange, parts: readonly UriPart[], isQuery = false): string {
  let text = "";
  for (const part of parts)
    text += typeof part === "string" ? part : isQuery ? queryValue(x, part) : pathValue(x, part);
  return text;
}

/** As received where it comes from the path; what comes from elsewhere is escaped. */
function pathValue(x: Exchange, parameter: UriParameter): string {
  const mapped = mappedValue(x, parameter);
  return below(mapped === undefined ? (x.pathValues[parameter.at] ?? "") : escapePath(mapped));
}

function queryValue(x: Exchange, parameter: UriParameter): string {
  const mapped = mappedValue(x, parameter);
  return mapped === undefined ? (x.pathValues[parameter.at] ?? "") : encodeURIComponent(mapped);
}

/** An override of a template goes before a mapping (aws-behaviour.md 12.3). */
function mappedValue(x: Exchange, { name, source }: UriParameter): string | undefined {
  const override = x.templates?.overrides().request.path.get(name);
  if (override !== undefined) return typeof override === "string" ? override : override.join(",");
  return source && textOf(source, x);
}

function overwrittenPath(x: Exchange, source: ParameterSource): string {
  const path = escapePath(textOf(source, x));
  return below(path.startsWith("/") ? path.slice(1) : path, "/");
}

function textOf(source: ParameterSource, x: Exchange): string {
  const value = source(x);
  return value === undefined ? "" : typeof value === "string" ? value : value.join(",");
}

/** Escapes what a path cannot hold; percent sequences and slashes stay. */
function escapePath(text: string): string {
  return text.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@%/]/gu, encodeURIComponent);
}

/**
 * The value, when it stays below what stands before it. Backends take `..` out of paths, in all its spellings, so a
 * value that has more of them than segments could reach what the route does not lead to (reliability.md section 2).
 */
function below(value: string, prefix = ""): string {
  if ((value.includes("..") || value.includes("%2")) && climbs(value)) {
    throw new GatewayError("BAD_REQUEST_PARAMETERS", "Bad Request", { detail: "a path parameter leaves its prefix" });
  }
  return prefix + value;
}

function climbs(value: string): boolean {
  const plain = value.replace(/%2e/gi, ".").replace(/%2f|%5c|\\/gi, "/");
  let depth = 0;
  for (const segment of plain.split("/")) {
    if (segment === "..") depth--;
    else if (segment !== "." && segment !== "") depth++;
    if (depth < 0) return true;
  }
  return false;
}
