import type { Exchange } from "../http/exchange.js";
import { decodeBase64 } from "./base64.js";
import { badLambdaResult, configurationError } from "./failures.js";
import { headerValue } from "./response-headers.js";

/** A function's result in format 1.0, read and found well-formed. */
interface ProxyResult {
  /** Undefined when the function gave none. */
  readonly status: number | undefined;
  readonly headers: JsonObject | undefined;
  readonly multiValueHeaders: JsonObject | undefined;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Answers a REST API with a function's result (aws-behaviour.md 9.1 and 9.2); malformed ones give 502. */
export function answerRestResult(x: Exchange, result: unknown): true {
  const read = readProxyResult(x, result, true);
  const headers = headerList(x, read, restHeaders);
  const { binaryTypes } = x.program.targets;
  const isDecoded = read.isBase64Encoded && !binaryTypes.isEmpty && binaryTypes.matches(firstAccept(x));
  x.showsTraceId = true;
  return x.answer(read.status ?? 200, headers, isDecoded ? decoded(read.body) : read.body);
}

/** Answers an event of a WebSocket API. What a client of a connection is sent has no headers; those of a result are checked all the same. */
export function answerSocketResult(x: Exchange, result: unknown): true {
  if (x.socket?.eventType !== "MESSAGE") return answerRestResult(x, result);
  if (!isJsonObject(result)) throw malformed(x, "no object");
  refuseUnknown(x, result);
  const status = readStatus(x, result["statusCode"]) ?? 200;
  const headers = readMap(x, result["headers"], "headers");
  const multiValueHeaders = readMap(x, result["multiValueHeaders"], "multiValueHeaders");
  const body = readBody(x, result["body"]);
  readFlag(x, result["isBase64Encoded"]);
  if (headers !== undefined || multiValueHeaders !== undefined) {
    headerList(x, { headers, multiValueHeaders }, restHeaders);
  }
  return x.answer(status, [], body);
}

/** Answers an HTTP API with a result in format 1.0 (9.3); malformed ones, and those without a status, give 500. */
export function answerHttp1Result(x: Exchange, result: unknown): true {
  const read = readProxyResult(x, result, false);
  if (read.status === undefined) throw badLambdaResult(x, "Malformed Lambda proxy response: no statusCode");
  const headers = headerList(x, read, httpHeaders);
  return x.answer(read.status, headers, read.isBase64Encoded ? decoded(read.body) : read.body);
}

function readProxyResult(x: Exchange, result: unknown, isStrict: boolean): ProxyResult {
  if (!isJsonObject(result)) throw malformed(x, "no object");
  if (isStrict) refuseUnknown(x, result);
  return {
    status: readStatus(x, result["statusCode"]),
    headers: readMap(x, result["headers"], "headers"),
    multiValueHeaders: readMap(x, result["multiValueHeaders"], "multiValueHeaders"),
    body: readBody(x, result["body"]),
    isBase64Encoded: readFlag(x, result["isBase64Encoded"]),
  };
}

function refuseUnknown(x: Exchange, result: JsonObject): void {
  for (const key in result) {
    if (!isKnown(key) && result[key] !== undefined) throw malformed(x, `unknown member "${key}"`);
  }
}

function isKnown(key: string): boolean {
  switch (key) {
    case "statusCode":
    case "headers":
    case "multiValueHeaders":
    case "body":
    case "isBase64Encoded":
      return true;
    default:
      return false;
  }
}

/** An integer or a numeric string; undefined when absent. */
export function readStatus(x: Exchange, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const status = typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value;
  if (typeof status === "number" && Number.isInteger(status) && status >= 200 && status <= 599) return status;
  throw malformed(x, "statusCode is no status");
}

export function readMap(x: Exchange, value: unknown, name: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isJsonObject(value)) return value;
  throw malformed(x, `${name} is no object`);
}

export function readBody(x: Exchange, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  throw malformed(x, "body is no string");
}

export function readFlag(x: Exchange, value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "false") return false;
  if (value === true || value === "true") return true;
  throw malformed(x, "isBase64Encoded is no boolean");
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function malformed(x: Exchange, what: string): Error {
  return badLambdaResult(x, `Malformed Lambda proxy response: ${what}`);
}

/** Invalid base64 where decoding is due is a plain 500 (9.2). */
export function decoded(body: string): Buffer {
  const bytes = decodeBase64(body);
  if (bytes === undefined) throw configurationError("body is not base64");
  return bytes;
}

function firstAccept(x: Exchange): string | undefined {
  return x.header("accept");
}

/** How a product writes the headers of a result. */
export interface HeaderStyle {
  /** Where a single value goes among the values of `multiValueHeaders`. */
  readonly singleGoes: "first" | "last";
  readonly defaultType: string;
}

const restHeaders: HeaderStyle = { singleGoes: "last", defaultType: "application/json" };

export const httpHeaders: HeaderStyle = { singleGoes: "first", defaultType: "text/plain; charset=utf-8" };

type ResultHeaders = Pick<ProxyResult, "headers" | "multiValueHeaders">;

/** The flat list of a result's headers, with a Content-Type in any case. */
export function headerList(x: Exchange, { headers, multiValueHeaders }: ResultHeaders, style: HeaderStyle): string[] {
  const list: string[] = [];
  if (multiValueHeaders !== undefined) {
    for (const [name, values] of merged(x, headers ?? {}, multiValueHeaders, style)) {
      for (const value of values) pushHeader(list, x, name, value);
    }
  } else if (headers !== undefined) {
    for (const name in headers) pushHeader(list, x, name, headers[name]);
  }
  if (!hasContentType(list)) list.push("Content-Type", style.defaultType);
  return list;
}

/** What JSON would leave out, or have as null, is not sent. */
function pushHeader(list: string[], x: Exchange, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const wireName = x.program.targets.resultNames.of(name);
  if (wireName === null) throw malformed(x, "a header's name");
  const text = textOf(x, value);
  if (wireName !== "") list.push(wireName, text);
}

function hasContentType(list: readonly string[]): boolean {
  for (let at = 0; at < list.length; at += 2) {
    const name = list[at] as string;
    if (name.length === 12 && (name === "Content-Type" || name.toLowerCase() === "content-type")) return true;
  }
  return false;
}

/** Both maps as one: values of a name that both have are put together, spelled as in `multiValueHeaders` (9.1). */
function merged(x: Exchange, single: JsonObject, multiple: JsonObject, { singleGoes }: HeaderStyle) {
  const byName = new Map<string, [name: string, values: unknown[]]>();
  for (const [name, values] of Object.entries(multiple)) {
    if (values === undefined || values === null) continue;
    if (!Array.isArray(values)) throw malformed(x, `multiValueHeaders "${name}" is no list`);
    const known = byName.get(name.toLowerCase());
    if (known) known[1].push(...values);
    else byName.set(name.toLowerCase(), [name, [...values]]);
  }
  for (const [name, value] of Object.entries(single)) {
    if (value === undefined || value === null) continue;
    const known = byName.get(name.toLowerCase());
    if (known === undefined) byName.set(name.toLowerCase(), [name, [value]]);
    else if (!known[1].includes(value)) known[1][singleGoes === "first" ? "unshift" : "push"](value);
  }
  return byName.values();
}

/** Scalars become text; a list or an object is no header. */
function textOf(x: Exchange, value: unknown): string {
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const text = isScalar ? headerValue(typeof value === "string" ? value : String(value)) : undefined;
  if (text === undefined) throw malformed(x, "a header's value");
  return text;
}
