import type { StoredAnswer } from "./stored-answer.js";

/** What is kept of an answer, or of a request whose answers vary: names of headers. */
export type Kept = StoredAnswer | { readonly varies: readonly string[] };

/** An answer as bytes, in pieces: length of the head, head, body. */
export function answerPieces(kept: Kept): readonly Uint8Array[] {
  const head = Buffer.from(JSON.stringify(headOf(kept)), "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  if ("varies" in kept) return [length, head];
  return [length, head, typeof kept.body === "string" ? Buffer.from(kept.body, "utf8") : kept.body];
}

function headOf(kept: Kept): unknown {
  return "varies" in kept ? kept.varies : [kept.status, typeof kept.body === "string", kept.headers];
}

/** What `answerPieces` has made; undefined for anything else: bytes that others keep are not trusted to be well formed. */
export function parseAnswer(bytes: Buffer): Kept | undefined {
  try {
    const headEnd = 4 + bytes.readUInt32BE(0);
    if (headEnd > bytes.length) return undefined;
    const head: unknown = JSON.parse(bytes.toString("utf8", 4, headEnd));
    if (!Array.isArray(head)) return undefined;
    const [status, isText, headers] = head as readonly unknown[];
    if (typeof status !== "number") return areNames(head) ? { varies: head } : undefined;
    if (!Number.isInteger(status) || status < 200 || status > 299 || !areHeaders(headers)) return undefined;
    const body = bytes.subarray(headEnd);
    return { status, headers, body: isText === true ? body.toString("utf8") : body };
  } catch {
    return undefined;
  }
}

const nameForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;

function areNames(names: readonly unknown[]): names is readonly string[] {
  return names.length <= 8 && names.every((name) => typeof name === "string" && nameForm.test(name));
}

/** A flat list of names and values that can stand in an answer. */
function areHeaders(headers: unknown): headers is readonly string[] {
  if (!Array.isArray(headers) || headers.length % 2 !== 0) return false;
  return headers.every(
    (text: unknown, at) => typeof text === "string" && (at % 2 === 0 ? nameForm.test(text) : !/[\0\r\n]/.test(text)),
  );
}
