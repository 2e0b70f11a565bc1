import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { ParameterSource } from "../mapping/parameters.js";

/** How a parameter of a first-class integration goes into the request of its action. */
export interface FirstClassParameter {
  /** Name on the wire. */
  readonly name: string;
  /** `text` as it is; `json` parsed; `list` a JSON list or one value; `bytes` as base64; `attributes` of SQS, a JSON map. */
  readonly form: "text" | "json" | "list" | "bytes" | "attributes";
  readonly source: ParameterSource;
}

/** One action of a service, as HTTP APIs have it (aws-behaviour.md 28.1). */
export interface FirstClassCall {
  readonly protocol: "json" | "query" | "path";
  /** Body or query that is always there: `Action=SendMessage&Version=…`. */
  readonly prefix: string;
  /** Member that holds the parameters as its only item: `Entries` of PutEvents. */
  readonly wrapper?: string | undefined;
  readonly parameters: readonly FirstClassParameter[];
}

export interface FirstClassRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

/** The request of an action; a parameter whose source is absent is not sent. */
export function firstClassRequest(x: Exchange, call: FirstClassCall): FirstClassRequest {
  const given = call.parameters.flatMap((parameter) => {
    const value = givenText(parameter.source(x));
    return value === undefined ? [] : [{ ...parameter, value }];
  });
  switch (call.protocol) {
    case "query":
      return { method: "POST", path: "/", query: "", body: form(call.prefix, given) };
    case "json":
      return { method: "POST", path: "/", query: "", body: json(call.wrapper, given) };
    case "path":
      return pathRequest(call.prefix, given);
  }
}

interface Given extends FirstClassParameter {
  readonly value: string;
}

function givenText(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : value.join(",");
}

function json(wrapper: string | undefined, given: readonly Given[]): string {
  const members = Object.fromEntries(given.map((each) => [each.name, jsonValue(each)]));
  return JSON.stringify(wrapper === undefined ? members : { [wrapper]: [members] });
}

function jsonValue({ form: wanted, value, name }: Given): unknown {
  if (wanted === "bytes") return Buffer.from(value, "utf8").toString("base64");
  if (wanted === "text") return value;
  const parsed = parsedOr(value);
  if (wanted === "list") return Array.isArray(parsed) ? parsed : [value];
  if (parsed === undefined) throw badParameter(name);
  return parsed;
}

/** Lists and maps of the query protocol have numbers in their names: `AttributeName.1=All`. */
function form(prefix: string, given: readonly Given[]): string {
  const pairs = given.flatMap((each) => {
    if (each.form === "attributes") return attributes(each);
    if (each.form !== "list") return [pair(each.name, each.value)];
    const parsed = parsedOr(each.value);
    const items: readonly unknown[] = Array.isArray(parsed) ? parsed : each.value.split(",");
    return items.map((item, at) => pair(`${each.name}.${at + 1}`, String(item)));
  });
  return [prefix, ...pairs].join("&");
}

/** `{ "Name": { "DataType": "String", "StringValue": "x" } }`. */
function attributes({ name, value }: Given): readonly string[] {
  const parsed = parsedOr(value);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw badParameter(name);
  return Object.entries(parsed).flatMap(([key, attribute], at) => [
    pair(`${name}.${at + 1}.Name`, key),
    ...Object.entries((attribute ?? {}) as object).map(([member, text]) =>
      pair(`${name}.${at + 1}.Value.${member}`, String(text)),
    ),
  ]);
}

/** `/applications/{Application}/…?client_id={ClientId}`. */
function pathRequest(template: string, given: readonly Given[]): FirstClassRequest {
  const values = new Map(given.map(({ name, value }) => [name, encodeURIComponent(value)]));
  const [path = "/", query = ""] = template.split("?");
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined || value === "" || value === "." || value === "..") throw badParameter(name);
    return value;
  });
  const pairs = query.split("&").flatMap((each) => {
    const [key = "", name = ""] = each.replaceAll(/[{}]/g, "").split("=");
    const value = values.get(name);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  return { method: "GET", path: filled, query: pairs.join("&"), body: "" };
}

function pair(name: string, value: string): string {
  return `${encodeURIComponent(name)}=${encodeURIComponent(Buffer.from(value, "utf8").toString("utf8"))}`;
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function badParameter(name: string): GatewayError {
  return new GatewayError("BAD_REQUEST_PARAMETERS", "Bad Request", { detail: `parameter ${name}` });
}
