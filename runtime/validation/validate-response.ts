import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { parseJsonBody } from "../http/json-body.js";
import type { Validate } from "./body-check.js";

/**
 * Step after the integration: a JSON answer has to be of the type that its status declares. An option of ours; AWS looks at
 * no answer.
 *
 * @throws GatewayError 500 where the route says `validateResponses: fail`
 */
export function validateResponse(x: Exchange): boolean {
  const { responseCheck } = x.route;
  const validate = responseCheck?.byStatus.get(x.status);
  if (responseCheck === undefined || validate === undefined || x.isStreaming || !isJson(x.responseHeaders)) return true;
  const json = parseJsonBody(Buffer.from(x.responseBody));
  const problem = json.ok ? errorsOf(validate, json.value) : json.reason;
  if (problem === undefined) return true;
  const detail = `the answer ${x.status} is not of its declared type: ${problem}`;
  if (responseCheck.fails) throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail });
  const { requestId, route, stage } = x;
  x.program.logger.write({ level: "error", message: detail, stage: stage.name, requestId, route: route.key });
  return true;
}

/** A validator of a recursive model may run out of stack at a value that is nested as deep as we allow. */
function errorsOf(validate: Validate, value: unknown): string | undefined {
  try {
    return validate(value);
  } catch (error) {
    if (error instanceof RangeError) return "nested too deeply";
    throw error;
  }
}

function isJson(headers: readonly string[]): boolean {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return at !== -1 && /^application\/(?:[^;]*\+)?json\s*(?:;|$)/i.test(headers[at + 1] ?? "");
}
