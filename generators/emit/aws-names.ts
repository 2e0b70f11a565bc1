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

/** How AWS addresses the functions of one gateway, by their names in the file. */
export interface LambdaAddresses {
  /** ARN of a function, with its alias; stage variables stand in it as `${stageVariables.name}`. */
  functionArn(functionName: string): string;
  /** What integrations and authorizers call: the Invoke API of the function, in the function's own region. */
  invocationUri(functionName: string): string;
}

export function lambdaAddresses(model: GatewayModel): LambdaAddresses {
  const functions = new Map(model.functions.map((entry) => [entry.name, entry]));
  const declared = (name: string): LambdaFunction => {
    const found = functions.get(name);
    invariant(found, `the model lists the function "${name}"`);
    return found;
  };
  return {
    functionArn: (name) => functionArn(model, declared(name)),
    invocationUri: (name) => invocationUri(model, declared(name)),
  };
}

function functionArn(model: GatewayModel, { name, code }: LambdaFunction): string {
  if (code.kind === "arn") return awsText(code.arn);
  const { region, account } = model.aws;
  const arn = `arn:${awsPartition(region)}:lambda:${region}:${account}:function:${lambdaFunctionName(model.name, name)}`;
  return code.kind === "aliases" ? `${arn}:${awsText(code.alias)}` : arn;
}

function invocationUri(model: GatewayModel, declared: LambdaFunction): string {
  const region = functionRegion(declared, model.aws);
  const path = `lambda:path/2015-03-31/functions/${functionArn(model, declared)}/invocations`;
  return `arn:${awsPartition(region)}:apigateway:${region}:${path}`;
}

/** Region in a function's own ARN, where it is written out; otherwise the API's. */
function functionRegion(declared: LambdaFunction, place: AwsPlace): string {
  if (declared.code.kind !== "arn") return place.region;
  const head = constantText({ parts: declared.code.arn.parts.slice(0, 1) }) ?? "";
  return /^arn:[a-z-]+:lambda:([a-z0-9-]+):/.exec(head)?.[1] ?? place.region;
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
