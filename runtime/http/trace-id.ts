import type { IdSource } from "../host/live-program.js";

const rootForm = /^[A-Za-z0-9-]{1,100}$/;
const parentForm = /^[0-9a-fA-F]{16}$/;
const sampledForm = /^[01?]$/;

/**
 * The `X-Amzn-Trace-Id` that integrations see (aws-behaviour.md 5.4): a well-formed Root and Parent of the client's are
 * kept; `Sampled` is the client's, else 1 where there is a client's Parent, else 0.
 */
export function traceContextOf(clientValue: string | undefined, nowMs: number, ids: IdSource): string {
  const client = clientValue === undefined ? noFields : fieldsOf(clientValue);
  const root = valid(client.get("root"), rootForm) ?? newRoot(nowMs, ids);
  const clientParent = valid(client.get("parent"), parentForm);
  const sampled = valid(client.get("sampled"), sampledForm) ?? (clientParent ? "1" : "0");
  return `Root=${root};Parent=${clientParent ?? ids.hex(16)};Sampled=${sampled}`;
}

/** `1-<seconds in hex>-<96 random bits>`, the X-Ray format. */
function newRoot(nowMs: number, ids: IdSource): string {
  return `1-${Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, "0")}-${ids.hex(24)}`;
}

const noFields: ReadonlyMap<string, string> = new Map();

function fieldsOf(value: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of value.split(";", 16)) {
    const equals = part.indexOf("=");
    if (equals > 0) fields.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
  }
  return fields;
}

function valid(value: string | undefined, form: RegExp): string | undefined {
  return value !== undefined && form.test(value) ? value : undefined;
}
