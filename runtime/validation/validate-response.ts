import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { parseJsonBody } from "../http/json-body.js";
import { logName } from "../observe/logger.js";
import { errorsOf } from "./body-check.js";

/**
 * Step after the integration: a JSON answer has to be of the type that its status declares. An option of ours; AWS looks at
 * no answer.
 *
 * @throws GatewayError 500 where the route says `validateResponses: fail`
 */
export function validateResponse(x: Exchange): boolean {
  const { responseCheck } = x.route;
  const own = responseCheck?.byStatus.get(x.status);
  if (responseCheck === undefined || own === undefined || x.isStreaming) return true;
  const type = jsonType(x.responseHeaders);
  if (type === undefined) return true;
  const validate = responseCheck.byMediaType?.get(`${x.status} ${type}`) ?? own;
  const json = parseJsonBody(Buffer.from(x.responseBody));
  const problem = json.ok ? errorsOf(validate, json.value) : json.reason;
  if (problem === undefined) return true;
  const detail = `the answer ${x.status} is not of its declared type: ${problem}`;
  if (responseCheck.fails) throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail });
  const { requestId, route, stage } = x;
  x.program.logger.write({ level: "error", message: detail, stage: logName(stage), requestId, route: route.key });
  return true;
}

/** The media type, in lower case; undefined when it is not JSON. */
function jsonType(headers: readonly string[]): string | undefined {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "content-type");
  return /^(application\/(?:[^;]*\+)?json)\s*(?:;|$)/i.exec(headers[at + 1] ?? "")?.[1]?.toLowerCase();
}
