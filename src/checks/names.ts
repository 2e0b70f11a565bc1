import type { Name } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** RFC 9110, section 5.6.2. */
const token = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

/** Whether a name can be a header's. */
export function isHeaderName(name: Pick<Name, "text" | "span">, checking: Checking): boolean {
  return isToken(name, "header", checking);
}

export function isToken({ text, span }: Pick<Name, "text" | "span">, what: string, { report }: Checking): boolean {
  if (token.test(text)) return true;
  report("bad-token", span, { what, text });
  return false;
}

/** A media type without parameters. Lower case in the model, as types are compared without regard to case. */
export function isMediaType({ text, span }: Pick<Name, "text" | "span">, { report }: Checking): boolean {
  if (/^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/.test(text)) return true;
  report("bad-media-type", span, { type: text });
  return false;
}
