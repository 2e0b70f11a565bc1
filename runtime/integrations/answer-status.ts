import type { Exchange } from "../http/exchange.js";
import type { Payload } from "./binary.js";
import { renderBody } from "./custom-body.js";
import type { HttpTargetResponse } from "./http-target.js";

/**
 * The status of a mapped answer: what the response's rule gives, where it is one; else what templates have set; else the
 * response's own (aws-behaviour.md 12.3). On API Gateway the rule stands before the response's template.
 *
 * @param payload  what the response's template reads
 */
export function answerStatus(x: Exchange, { status, statusRule }: HttpTargetResponse, payload: Payload): number {
  if (statusRule !== undefined) {
    const text = renderBody(x, statusRule, payload);
    if (/^[1-5]\d\d$/.test(text)) return Number(text);
  }
  return x.templates?.overrides().response.status ?? status;
}
