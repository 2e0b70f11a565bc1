/** An answer as a cache keeps it: what the integration gave, before the service's own headers. */
export interface StoredAnswer {
  readonly status: number;
  /** Flat list. */
  readonly headers: readonly string[];
  readonly body: string | Uint8Array;
}

/** Largest answer that is kept (aws-behaviour.md section 18). */
export const maxAnswerBytes = 1_048_576;

/** What keeping an answer costs, about: two bytes a character is the most a string takes. */
export function bytesOf({ headers, body }: StoredAnswer): number {
  let bytes = typeof body === "string" ? body.length * 2 : body.byteLength;
  for (const text of headers) bytes += text.length * 2;
  return bytes;
}

/** Bytes of the body as they are sent. */
export function bodyBytesOf({ body }: StoredAnswer): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
}
