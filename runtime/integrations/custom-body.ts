import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { type Payload, type PayloadClass, payloadBytes, requestPayload } from "./binary.js";
import { configurationError } from "./failures.js";
import type { BodyTemplate, HttpTarget } from "./http-target.js";
import { choosePayload } from "./passthrough.js";

const noTemplates: ReadonlyMap<string, BodyTemplate> = new Map();

/**
 * The body of a non-proxy request: what the template for its type makes of it, or the client's as it is, converted
 * (aws-behaviour.md 11 and 26).
 *
 * @throws GatewayError 415 where the body has no template and may not pass
 */
export function customBody(
  x: Exchange,
  {
    templates = noTemplates,
    passthrough = "WHEN_NO_MATCH",
    contentHandling,
  }: Pick<HttpTarget, "templates" | "passthrough" | "contentHandling">,
): Buffer {
  const choice = choosePayload(x, templates, passthrough);
  if (choice.kind === "refused") throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
  const payload = requestPayload(x.body, payloadClass(x, x.header("content-type")), contentHandling);
  if (choice.kind !== "template") return payloadBytes(payload);
  return Buffer.from(renderBody(x, templates.get(choice.key) ?? "", payload), "utf8");
}

/** A template on a payload that is still binary is a configuration error (section 26). */
export function renderBody(x: Exchange, template: BodyTemplate, payload: Payload): string {
  if (payload.kind === "bytes") throw configurationError("Unable to transform a binary payload");
  return typeof template === "string" ? template : template(x, payload.text);
}

/** @param field  a Content-Type, or an Accept of which the first type counts */
export function payloadClass(x: Exchange, field: string | undefined): PayloadClass {
  return x.program.targets.binaryTypes.matches(field) ? "binary" : "text";
}
