import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { errorsOf } from "./body-check.js";

/**
 * Step: the body must be valid under the model of its media type; a type without a model is not checked
 * (aws-behaviour.md section 15). Runs after `readBody`.
 */
export function validateBody(x: Exchange): boolean {
  const validate = x.route.bodyCheck?.byMediaType.get(mediaTypeOf(x.header("content-type")));
  if (validate === undefined) return false;
  const json = x.jsonBody();
  const errors = json.ok ? errorsOf(validate, json.value) : json.reason;
  if (errors === undefined) return false;
  throw new GatewayError("BAD_REQUEST_BODY", undefined, { validationErrors: errors });
}

/** Without its parameters, in lower case; a missing or empty type counts as JSON (aws-behaviour.md section 11). */
function mediaTypeOf(contentType = ""): string {
  const semicolon = contentType.indexOf(";");
  return (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase() || "application/json";
}
