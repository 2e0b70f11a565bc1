import { authorizerIdOf } from "../../host/stable-ids.js";
import type { Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import { Redactor, redactedText } from "../../observe/redact.js";
import type { TestRun } from "../../observe/trace.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { identityKey, identityValue } from "../identity-source.js";
import { methodArn } from "../method-arn.js";
import { authorizerEvent } from "./authorizer-event.js";
import { isRecord } from "./authorizer-policy.js";
import { authorizerFunction, authorizerValue, readAuthorizerValue } from "./call-authorizer.js";
import { isValidToken } from "./valid-token.js";

/**
 * TestInvokeAuthorizer: asks the function anew, keeps nothing, and tells what it answers, in the lines of API Gateway's log.
 *
 * @throws GatewayError as the authorizer itself would refuse
 */
export async function testAuthorizer(x: Exchange, entry: LambdaAuthorizerEntry, test: TestRun): Promise<true> {
  const { api } = x.program.program;
  const { lines } = test;
  lines.push(`Starting authorizer: ${authorizerIdOf(api.name, entry.name)} for request: ${x.requestId}`);
  const identity = entry.identity.map((source) => identityValue(x, source));
  lines.push(`Incoming identity: ${identity.map((value) => (value ? redactedText(value) : "")).join(", ")}`);
  if (identityKey(x, entry.identity) === undefined || !isValidToken(x, entry)) throw new GatewayError("UNAUTHORIZED");
  const arn = methodArn(x);
  const fn = authorizerFunction(x, entry);
  lines.push(`Endpoint request URI: ${fn.name}`);
  lines.push(`Endpoint request body after transformations: ${shown(authorizerEvent(x, entry, arn))}`);
  lines.push(`Sending request to ${fn.name}`);
  const value = await authorizerValue(x, entry, fn, arn);
  lines.push(`Authorizer result body before parsing: ${shown(value)}`);
  const { principalId, context } = readAuthorizerValue(x, entry, value);
  const of = principalId === undefined ? "" : ` for principal: ${redactedText(principalId)}`;
  lines.push(`Using valid authorizer policy${of}`, "Successfully completed authorizer execution");
  const policy = isRecord(value) ? JSON.stringify(value["policyDocument"]) : undefined;
  test.decision = { principalId, policy, context };
  return x.answer(200, [], "");
}

function shown(value: unknown): string {
  try {
    return JSON.stringify(new Redactor().value(value)) ?? "";
  } catch {
    return "(no JSON)";
  }
}
