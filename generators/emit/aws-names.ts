import { createHash } from "node:crypto";
import { invariant } from "../../src/invariant.js";
import { constantText } from "../../src/model/expressions.js";
import type { AwsPlace, GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";
import { awsText } from "./aws-text.js";

/** `aws`, `aws-cn` or `aws-us-gov`, by the region's name. */
export function awsPartition(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * Name on AWS of a function whose code lies beside gateway.yaml: `<gateway>-<function>`. OpenAPI, CloudFormation and the
 * gateway's Invoke API target must agree on it. Lambda allows letters, digits, `-` and `_`, 64 characters; a name that
 * had to be changed ends with a digest of the original, so that two names never meet.
 */
export function lambdaFunctionName(gateway: string, functionName: string): string {
  const wanted = `${gateway}-${functionName}`;
  const allowed = wanted.replace(/[^A-Za-z0-9_-]+/g, "-");
  if (allowed === wanted && wanted.length <= maxFunctionName) return wanted;
  const digest = createHash("sha256").update(wanted).digest("hex").slice(0, 8);
  return `${allowed.slice(0, maxFunctionName - 9)}-${digest}`;
}

const maxFunctionName = 64;

/** ARN of a function of the gateway, with its alias; stage variables stand in it as `${stageVariables.name}`. */
export function lambdaFunctionArn(model: GatewayModel, functionName: string): string {
  const declared = functionNamed(model, functionName);
  if (declared.code.kind === "arn") return awsText(declared.code.arn);
  const { region, account } = model.aws;
  const name = lambdaFunctionName(model.name, functionName);
  const arn = `arn:${awsPartition(region)}:lambda:${region}:${account}:function:${name}`;
  return declared.code.kind === "aliases" ? `${arn}:${awsText(declared.code.alias)}` : arn;
}

/** What integrations and authorizers call: the Invoke API of the function, in the function's own region. */
export function lambdaInvocationUri(model: GatewayModel, functionName: string): string {
  const region = functionRegion(functionNamed(model, functionName), model.aws);
  const functionArn = lambdaFunctionArn(model, functionName);
  return `arn:${awsPartition(region)}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/** Region in a function's own ARN, where it is written out; otherwise the API's. */
function functionRegion(declared: LambdaFunction, place: AwsPlace): string {
  if (declared.code.kind !== "arn") return place.region;
  const head = constantText({ parts: declared.code.arn.parts.slice(0, 1) }) ?? "";
  return /^arn:[a-z-]+:lambda:([a-z0-9-]+):/.exec(head)?.[1] ?? place.region;
}

function functionNamed(model: GatewayModel, name: string): LambdaFunction {
  const declared = model.functions.find((candidate) => candidate.name === name);
  invariant(declared, `the model lists the function "${name}"`);
  return declared;
}

/**
 * Role that API Gateway takes on to call AWS services where a route names no credentials: `<gateway>-integrations`.
 * CloudFormation creates it under this name.
 */
export function integrationRoleArn(model: GatewayModel): string {
  const { region, account } = model.aws;
  return `arn:${awsPartition(region)}:iam::${account}:role/${lambdaFunctionName(model.name, "integrations")}`;
}

/** Host of an API on its default endpoint, without the API's id. */
export function executeApiDomain(region: string): string {
  return `execute-api.${region}.amazonaws.com${awsPartition(region) === "aws-cn" ? ".cn" : ""}`;
}
