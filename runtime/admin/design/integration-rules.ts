import { badRequest } from "../admin-message.js";
import { checkRequestMapping, type ParameterMap } from "./mapping-expression-rules.js";
import { checkMembers, enumMember } from "./member-rules.js";

/** PutIntegration, as far as there are rules. */
export interface IntegrationRequest {
  readonly type: string;
  readonly integrationHttpMethod?: string | undefined;
  readonly uri?: string | undefined;
  readonly timeoutInMillis?: number | undefined;
  readonly requestParameters?: ParameterMap | undefined;
}

const types = ["HTTP", "MOCK", "AWS_PROXY", "HTTP_PROXY", "AWS"];

/**
 * Rules of an integration (aws-behaviour 36, 12.1, 33).
 *
 * @param declared `method.request.…` names that the method declares
 * @throws AdminProblem
 */
export function checkIntegration(request: IntegrationRequest, declared: readonly string[]): void {
  const { type, integrationHttpMethod, uri = "", timeoutInMillis, requestParameters = {} } = request;
  checkMembers([enumMember("putIntegrationInput.type", type, types)]);
  if (type !== "MOCK") {
    if (!integrationHttpMethod) throw badRequest("Enumeration value for HttpMethod must be non-empty");
    if (type === "HTTP" || type === "HTTP_PROXY") checkEndpoint(uri);
    else checkServiceArn(uri, type === "AWS_PROXY");
  }
  if (timeoutInMillis !== undefined && !(timeoutInMillis >= 50 && timeoutInMillis <= 29_000))
    throw badRequest("Timeout should be between 50 ms and 29000 ms");
  checkRequestMapping(requestParameters, declared);
}

/** The scheme, or all before the path, may come from a stage variable. */
function checkEndpoint(uri: string): void {
  if (/^https?:\/\/[^/\s?#]+(?:[/?#]\S*)?$/i.test(uri) || /^\$\{stageVariables\.[A-Za-z0-9_]+\}\S*$/.test(uri)) return;
  throw badRequest("Invalid HTTP endpoint specified for URI");
}

const lambdaInvocation =
  /^path\/\d{4}-\d\d-\d\d\/functions\/(?:arn:[^:]+:lambda:[^/]+|\$\{stageVariables\.[A-Za-z0-9_]+\})\/(?:response-streaming-)?invocations$/;
const firehoseRecord = /^action\/PutRecord(?:Batch)?$/;

/** `arn:aws:apigateway:REGION:SERVICE:path|action/…`; that of a function alone is none. */
function checkServiceArn(uri: string, isProxy: boolean): void {
  const [, partition, , , service, ...rest] = uri.split(":");
  if (!uri.startsWith("arn:") || !partition || rest.length === 0)
    throw badRequest("Invalid ARN specified in the request");
  const resource = rest.join(":");
  if (!/^(?:path|action)\//.test(resource)) throw badRequest("AWS ARN for integration must contain path or action");
  if (!isProxy) return;
  const isServed =
    (service === "lambda" && lambdaInvocation.test(resource)) ||
    (service === "firehose" && firehoseRecord.test(resource));
  if (isServed) return;
  throw badRequest(
    "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
  );
}
