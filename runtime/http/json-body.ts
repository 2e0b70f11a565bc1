/** A request body read as JSON. */
export type JsonBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Deeper values are refused: what reads them later (validators, templates, handlers) may recurse. */
export const maxJsonDepth = 512;

/**
 * Parses a body as JSON, once for all who need it. An empty body is `{}` (aws-behaviour.md section 15); of duplicate
 * keys the last counts, and `__proto__` is a key like any other, as `JSON.parse` has it.
 *
 * @param text  the body's text, where somebody has decoded it already
 */
export function parseJsonBody(body: Buffer, text?: string): JsonBody {
  if (body.length === 0) return { ok: true, value: {} };
  if (isDeeperThan(body, maxJsonDepth)) return { ok: false, reason: `nested deeper than ${maxJsonDepth} levels` };
  try {
    return { ok: true, value: JSON.parse(text ?? body.toString("utf8")) };
  } catch {
    return { ok: false, reason: "not valid JSON" };
  }
}

/** Counts brackets outside strings. A body too short to nest so deep is not looked at. */
function isDeeperThan(body: Buffer, limit: number): boolean {
  if (body.length <= limit) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > limit) return true;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return false;
}
