import { GatewayError } from "../http/gateway-error.js";
import type { Decision } from "./policy/index.js";

/**
 * What a caller is told whom policies do not let in; all but the last four digits of the account are masked
 * (aws-behaviour.md sections 21 and 23).
 *
 * @param user  ARN, or `anonymous`
 */
export function policyRefusal(
  user: string,
  arn: string,
  decision: Exclude<Decision, "allow">,
  action = "execute-api:Invoke",
): GatewayError {
  const masked = arn.replace(/^(arn:[^:]*:[^:]*:[^:]*:)\d{8}(\d{4}:)/, "$1********$2");
  const how = decision === "explicit-deny" ? " with an explicit deny" : "";
  return new GatewayError(
    "ACCESS_DENIED",
    `User: ${user} is not authorized to perform: ${action} on resource: ${masked}${how}`,
  );
}
