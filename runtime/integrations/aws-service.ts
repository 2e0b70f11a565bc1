import type { Exchange } from "../http/exchange.js";
import { awsAccessOf } from "./aws-access-of.js";
import type { AwsTarget } from "./aws-target.js";
import { callAws } from "./call-aws.js";
import { answerCustom } from "./custom-answer.js";
import { customBody } from "./custom-body.js";
import { customHeaders, customMethod, customQuery, passedContentType } from "./custom-request.js";
import { configurationError } from "./failures.js";
import { endpointOf, pathOf } from "./http-endpoint.js";

/**
 * AWS: calls an action or a path of a service, signed with the gateway's own credentials; status and body go through
 * the integration responses as those of an HTTP backend do (aws-behaviour.md 5.2, 6.4 and 10).
 */
export async function awsService(x: Exchange): Promise<boolean> {
  const target = x.route.aws;
  if (target === undefined) throw configurationError("the route has no AWS integration");
  const access = awsAccessOf(x);
  const endpoint = endpointOf(x, target, () => access.url(target.service));
  const body = customBody(x, target);
  const headers = customHeaders(x, endpoint, target.contentType ?? passedContentType(x));
  headers.push(...target.protocolHeaders);
  const query = joined(customQuery(x, endpoint), actionOf(target, body));
  const request = { method: customMethod(x, endpoint), path: pathOf(x, endpoint), query, headers, body };
  return answerCustom(x, await callAws(x, access, endpoint, target.service, request), target.responses);
}

/** The action stands in the query, unless the body is a form that says it (section 6.4). */
function actionOf({ actionQuery = "" }: AwsTarget, body: Buffer): string {
  return actionQuery !== "" && /(?:^|&)Action=/.test(body.toString("latin1")) ? "" : actionQuery;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("&");
}
