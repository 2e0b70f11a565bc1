import type { Exchange } from "../../http/exchange.js";
import { decodeFormText, decodePercent } from "../../mapping/query-text.js";
import { type Rate, type State, stateKey } from "../../state/state.js";
import { type AddressBlock, isInBlock, parseAddress, parseBlock } from "../policy/addresses.js";
import type { Waf, WafFactory } from "./waf.js";

export interface WafEntry {
  /** Addresses and CIDR blocks. */
  readonly allow: readonly string[];
  readonly block: readonly string[];
  readonly rate?: { readonly limit: number; readonly windowSeconds: number };
  /** Bytes. */
  readonly size: Readonly<Partial<Record<"path" | "query" | "headers" | "cookies" | "body", number>>>;
  readonly patterns: readonly WafPatternEntry[];
}

export interface WafPatternEntry {
  readonly in: "path" | "query" | "header";
  /** Lower case; left out: every header. */
  readonly header?: string;
  /** Proven to be linear when it was built. */
  readonly pattern: RegExp;
}

/** The rules of a Program: allow, block, rate, size, patterns, in this order; the first that matches decides. */
export function wafRules(entry: WafEntry): WafFactory {
  return (state, apiId) => new WafRules(entry, state, apiId);
}

class WafRules implements Waf {
  readonly #allow: readonly AddressBlock[];
  readonly #block: readonly AddressBlock[];
  readonly #rate: Rate | undefined;

  constructor(
    private readonly entry: WafEntry,
    state: State,
    apiId: string,
  ) {
    this.#allow = entry.allow.flatMap((block) => parseBlock(block) ?? []);
    this.#block = entry.block.flatMap((block) => parseBlock(block) ?? []);
    this.#rate = entry.rate && state.rate(stateKey("waf", apiId), entry.rate);
  }

  blockedBy(x: Exchange): string | undefined {
    if (this.#allow.length > 0 || this.#block.length > 0) {
      const address = parseAddress(x.sourceIp);
      if (isListed(address, this.#allow)) return undefined;
      if (isListed(address, this.#block)) return "waf block";
    }
    if (this.#rate?.isOver(networkOf(x.sourceIp)) === true) return "waf rate";
    return tooLarge(x, this.entry.size) ?? forbidden(x, this.entry.patterns);
  }
}

/** Addresses of version 6 count by /64, which is what one caller has. */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  return parseAddress(address)?.slice(0, 4).join(":") ?? address;
}

function isListed(address: readonly number[] | undefined, blocks: readonly AddressBlock[]): boolean {
  return address !== undefined && blocks.some((block) => isInBlock(address, block));
}

function tooLarge(x: Exchange, size: WafEntry["size"]): string | undefined {
  if (size.path !== undefined && x.rawPath.length > size.path) return "waf size path";
  if (size.query !== undefined && x.query.length > size.query) return "waf size query";
  if (size.headers !== undefined && lengthOf(x.headers) > size.headers) return "waf size headers";
  if (size.cookies !== undefined && cookieLength(x.headers) > size.cookies) return "waf size cookies";
  return size.body !== undefined && isBodyOver(x, size.body) ? "waf size body" : undefined;
}

function lengthOf(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}

function cookieLength(headers: readonly string[]): number {
  let length = 0;
  for (let at = 0; at < headers.length; at += 2) {
    if ((headers[at] as string).toLowerCase() === "cookie") length += (headers[at + 1] as string).length;
  }
  return length;
}

/** A body that comes in chunks could be of any length: it is over every limit. */
function isBodyOver(x: Exchange, most: number): boolean {
  return x.transport.hasBody && Number(x.header("content-length") ?? Number.POSITIVE_INFINITY) > most;
}

function forbidden(x: Exchange, patterns: readonly WafPatternEntry[]): string | undefined {
  for (let at = 0; at < patterns.length; at++) {
    const pattern = patterns[at] as WafPatternEntry;
    if (isFound(x, pattern)) return `waf pattern ${at + 1}`;
  }
  return undefined;
}

/** As it was sent, and as handlers see it. */
function isFound(x: Exchange, { in: place, header, pattern }: WafPatternEntry): boolean {
  switch (place) {
    case "path":
      return pattern.test(x.rawPath) || (x.rawPath.includes("%") && pattern.test(decodePercent(x.rawPath)));
    case "query":
      return x.query !== "" && (pattern.test(x.query) || pattern.test(decodeFormText(x.query)));
    case "header":
      return isInHeaders(x.headers, header, pattern);
  }
}

function isInHeaders(headers: readonly string[], name: string | undefined, pattern: RegExp): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    if (name !== undefined && (headers[at] as string).toLowerCase() !== name) continue;
    if (pattern.test(headers[at + 1] as string)) return true;
  }
  return false;
}
