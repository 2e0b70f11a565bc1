import type { IdSource } from "../host/live-program.js";

const rootForm = /^[A-Za-z0-9-]{1,100}$/;
const parentForm = /^[0-9a-fA-F]{16}$/;
const sampledForm = /^[01?]$/;

/** What is known of a request's trace. */
export interface TraceContext {
  /** `X-Amzn-Trace-Id` for the integration. */
  readonly text: string;
  readonly root: string;
  /** Our own segment where the stage is traced, else the client's or a made-up one. */
  readonly parent: string;
  /** The client's segment; undefined: it sent none. */
  readonly clientParent: string | undefined;
  readonly isSampled: boolean;
}

/**
 * The trace of a request (aws-behaviour.md 5.4 and section 32): a well-formed Root and Parent of the client's are kept;
 * `Sampled` is the client's, else 1 where there is a client's Parent, else 0. On a stage that is traced our segment
 * comes in between, and what the client leaves open is decided by `samples`.
 *
 * @param samples  undefined: the stage is not traced
 */
export function traceContextOf(
  clientValue: string | undefined,
  nowMs: number,
  ids: IdSource,
  samples?: () => boolean,
): TraceContext {
  const client = clientValue === undefined ? noFields : fieldsOf(clientValue);
  const root = valid(client.get("root"), rootForm) ?? newRoot(nowMs, ids);
  const clientParent = valid(client.get("parent"), parentForm);
  const wanted = valid(client.get("sampled"), sampledForm);
  const parent = samples === undefined && clientParent !== undefined ? clientParent : ids.hex(16);
  const sampled = sampledOf(wanted, clientParent, samples);
  const text = `Root=${root};Parent=${parent};Sampled=${sampled}`;
  return { text, root, parent, clientParent, isSampled: sampled === "1" };
}

function sampledOf(wanted: string | undefined, clientParent: string | undefined, samples?: () => boolean): string {
  if (samples === undefined) return wanted ?? (clientParent === undefined ? "0" : "1");
  if (wanted === "0" || wanted === "1") return wanted;
  return samples() ? "1" : "0";
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
