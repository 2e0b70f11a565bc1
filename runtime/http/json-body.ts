/** A request body read as JSON. */
export type JsonBody = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

/** Deeper values are refused: what reads them later (validators, templates, handlers) may recurse. */
export const maxJsonDepth = 512;

/**
 * Parses a body as JSON, once for all who need it. An empty body is `{}` (aws-behaviour.md section 15); of duplicate
 * keys the last counts, and `__proto__` is a key like any other, as `JSON.parse` has it.
 */
export function parseJsonBody(body: Buffer): JsonBody {
  return parseJsonText(body.toString("utf8"));
}

/** The same, where the body's text has been decoded already. */
export function parseJsonText(text: string): JsonBody {
  if (text === "") return { ok: true, value: {} };
  if (isDeeperThan(text, maxJsonDepth)) return { ok: false, reason: `nested deeper than ${maxJsonDepth} levels` };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, reason: "not valid JSON" };
  }
}

/** Counts brackets outside strings. A text too short to nest so deep is not looked at. */
function isDeeperThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (inString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x5b || unit === 0x7b) {
      if (++depth > limit) return true;
    } else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return false;
}
