import type { Exchange } from "../http/exchange.js";
import { Redactor } from "./redact.js";

/** How much of a body is read to find its secrets. */
const maxParsed = 65_536;
/** Texts without these quote nothing. */
const quotes = /['"=:]/;

/**
 * What a failure says, as logs may have it: API Gateway's messages quote the `Authorization` field, the canonical request, or a
 * value of the body that does not fit. The client is told them as they are.
 */
export function failureText(x: Exchange, text: string): string {
  if (!quotes.test(text)) return text;
  const redactor = x.trace?.redactor ?? new Redactor((x.route as Exchange["route"] | undefined)?.secrets);
  redactor.headers(x.headers);
  redactor.query(x.query);
  if (x.body.length > 0) redactor.body(x.body.toString("utf8", 0, maxParsed + 1));
  return redactor.text(text);
}
