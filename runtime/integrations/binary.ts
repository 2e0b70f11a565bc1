import { decodeBase64 } from "./base64.js";
import { configurationError } from "./failures.js";

export type ContentHandling = "CONVERT_TO_BINARY" | "CONVERT_TO_TEXT";

/** Whether a payload, or what the client accepts, is of a type among `binaryMediaTypes`. */
export type PayloadClass = "text" | "binary";

/** A payload after conversion: bytes to pass on, or text that a template may read. */
export type Payload =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bytes"; readonly bytes: Buffer };

/** Request payload to the integration (aws-behaviour.md section 26, first table). */
export function requestPayload(body: Buffer, type: PayloadClass, handling: ContentHandling | undefined): Payload {
  if (type === "binary") return handling === "CONVERT_TO_TEXT" ? base64Text(body) : bytes(body);
  return handling === "CONVERT_TO_BINARY" ? fromBase64(body) : utf8Text(body);
}

/** Response payload to the client, by the classes of the backend's type and of Accept (second table). */
export function responsePayload(
  body: Buffer,
  type: PayloadClass,
  accept: PayloadClass,
  handling: ContentHandling | undefined,
): Payload {
  if (type === "binary") {
    const staysBinary = handling === "CONVERT_TO_BINARY" || (handling === undefined && accept === "binary");
    return staysBinary ? bytes(body) : base64Text(body);
  }
  const becomesBinary = handling === "CONVERT_TO_BINARY" || (handling === undefined && accept === "binary");
  return becomesBinary ? fromBase64(body) : utf8Text(body);
}

/** The bytes that go out. */
export function payloadBytes(payload: Payload): Buffer {
  return payload.kind === "text" ? Buffer.from(payload.text, "utf8") : payload.bytes;
}

/** Bytes that are no UTF-8 become U+FFFD. */
function utf8Text(body: Buffer): Payload {
  return { kind: "text", text: body.toString("utf8") };
}

function base64Text(body: Buffer): Payload {
  return { kind: "text", text: body.toString("base64") };
}

function bytes(body: Buffer): Payload {
  return { kind: "bytes", bytes: body };
}

function fromBase64(body: Buffer): Payload {
  const decoded = decodeBase64(body.toString("latin1"));
  if (decoded === undefined) throw configurationError("Unable to base64 decode the body.");
  return bytes(decoded);
}
