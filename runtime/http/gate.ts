import type { Limits } from "../host/limits.js";
import type { RefusalKind } from "./refusals.js";

/** What the gate reads of a head (`RequestHead`): split and framed, nothing of it interpreted yet. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly minorVersion: number;
  readonly headers: readonly string[];
  readonly bodyBytes: number;
}

/** The one strict reading of a request. Routing, policy, signature, cache key and event derive from it. */
export interface GatedRequest {
  /** As received. */
  readonly method: string;
  /** What X-HTTP-Method-Override asks for, which REST APIs honour; else the method itself. */
  readonly overriddenMethod: string;
  /** The Host field; empty for HTTP/1.0 without one. */
  readonly host: string;
  /** As received, without the query; begins with `/`. */
  readonly path: string;
  readonly query: string;
  readonly headers: readonly string[];
  /** Announced bytes of the body; 0 without a body, -1 when it comes in chunks. */
  readonly bodyBytes: number;
}

/** Outside printable ASCII; `#` never reaches a server; `\` and `|` are read differently by different servers. */
const forbiddenInTarget = /[^!-~]|[#\\|]/;
const escapeInPath = /%(?![0-9A-Fa-f]{2})|%00/;
const parentSegment = /(?:^|\/)(?:\.|%2[eE]){2}(?:\/|$)/;
/** RFC 3986 section 3.2.2 host and port, no user, no path. */
const hostForm = /^(?:[A-Za-z0-9._~!$&'()*+,;=%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
/** Names that proxies and this gateway set; spelt with `_`, backends that fold `_` and `-` would take them for those. */
const reservedNames: ReadonlySet<string> = new Set(
  "authorization connection content-length cookie forwarded host transfer-encoding via x-api-key x-real-ip".split(" "),
);
const reservedPrefixes = ["x-amz-", "x-amzn-", "x-forwarded-"];

/**
 * The gate in front of every route (reliability.md sections 1 and 2). The parser has refused what is malformed or framed
 * ambiguously; this refuses ambiguity of host and target, and what is larger than API Gateway takes.
 */
export class Gate {
  readonly #limits: Limits;
  /** Spared when the same Host comes again, as it nearly always does. */
  #lastHost: string | undefined = undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  read(request: RawRequest): GatedRequest | RefusalKind {
    const { method, headers, bodyBytes } = request;
    let overriddenMethod = method;
    if (method === "TRACE" || method === "CONNECT") return "method";
    if (headers.length > this.#limits.maxHeaderCount * 2) return "headers";
    let host: string | undefined;
    let valueBytes = 0;
    for (let at = 0; at < headers.length; at += 2) {
      const name = headers[at] as string;
      const value = headers[at + 1] as string;
      valueBytes += value.length;
      switch (name.length) {
        case 4:
          if (!isNamed(name, "host")) break;
          if (host !== undefined) return "host";
          host = value;
          break;
        case 22:
          if (isNamed(name, "x-http-method-override")) overriddenMethod = overridden(overriddenMethod, value);
          break;
      }
      if (name.includes("_") && isDisguised(name)) return "headerName";
    }
    if (valueBytes > this.#limits.maxHeaderValueBytes) return "headers";
    if (bodyBytes > this.#limits.maxBodyBytes) return "body";
    if (host === undefined ? request.minorVersion !== 0 : !this.#isHost(host)) return "host";
    const url = request.target;
    if (url.length > this.#limits.maxUrlBytes) return "url";
    if (forbiddenInTarget.test(url)) return "target";
    const target = url.charCodeAt(0) === 0x2f ? url : originForm(url, host);
    if (target === undefined) return "target";
    const mark = target.indexOf("?");
    const path = mark === -1 ? target : target.slice(0, mark);
    if (path.includes("%") ? escapeInPath.test(path) || parentSegment.test(path) : hasParent(path)) return "target";
    const query = mark === -1 ? "" : target.slice(mark + 1);
    return { method, overriddenMethod, host: host ?? "", path, query, headers, bodyBytes };
  }

  #isHost(host: string): boolean {
    if (host === this.#lastHost) return true;
    if (!hostForm.test(host)) return false;
    this.#lastHost = host;
    return true;
  }
}

/** `..` as a whole segment: what is forwarded below a prefix could climb out of it. */
function hasParent(path: string): boolean {
  return path.includes("..") && parentSegment.test(path);
}

/** `http://host/path` of this very host is `/path`; another authority, `*` and `host:port` are refused. */
function originForm(url: string, host: string | undefined): string | undefined {
  const match = /^https?:\/\/([^/?]+)(.*)$/i.exec(url);
  if (!match || host === undefined || match[1]?.toLowerCase() !== host.toLowerCase()) return undefined;
  const rest = match[2] as string;
  return rest.startsWith("/") ? rest : `/${rest}`;
}

function isDisguised(name: string): boolean {
  const plain = name.toLowerCase().replaceAll("_", "-");
  return reservedNames.has(plain) || reservedPrefixes.some((prefix) => plain.startsWith(prefix));
}

function isNamed(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase;
}

const methods: ReadonlySet<string> = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

/** REST honours X-HTTP-Method-Override (aws-behaviour.md 2.4); a name that is no method changes nothing. */
function overridden(method: string, wanted: string): string {
  const upper = wanted.trim().toUpperCase();
  return methods.has(upper) ? upper : method;
}
