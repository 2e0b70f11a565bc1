import { constantText, type Value } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { AwsIntegration } from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import { actionOfCall, writtenPath } from "../../src/model/service-permissions.js";
import type { JsonValue } from "../../src/model/types.js";
import { sub, type Template } from "./template.js";

/** Services whose permissions have another prefix than their address (service authorization reference). */
const prefixes: ReadonlyMap<string, string> = new Map([
  ["email", "ses"],
  ["monitoring", "cloudwatch"],
  ["logs", "logs"],
  ["tagging", "tag"],
  ["data.iot", "iot"],
]);

interface Permission {
  readonly action: string;
  readonly resource: JsonValue;
}

/** The role that API Gateway takes on for services, where routes name none: their actions, on what they name. */
export function planRole(model: GatewayModel, routes: readonly Route[], template: Template): void {
  const permissions = new Map<string, Permission>();
  for (const { integration, method } of routes) {
    if (integration.kind !== "aws" || integration.credentials) continue;
    const permission = permissionOf(integration, method, model);
    permissions.set(JSON.stringify(permission), permission);
  }
  const statements = [...permissions.values()].map(({ action, resource }) => ({
    Effect: "Allow",
    Action: action,
    Resource: resource,
  }));
  template.resource("IntegrationRole", "AWS::IAM::Role", {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "apigateway.amazonaws.com" }, Action: "sts:AssumeRole" }],
    },
    Policies: [{ PolicyName: "integrations", PolicyDocument: { Version: "2012-10-17", Statement: statements } }],
  });
}

function permissionOf(integration: AwsIntegration, method: string, model: GatewayModel): Permission {
  const { service, target } = integration;
  const bare = service.split(".").at(-1) ?? service;
  const prefix = prefixes.get(service) ?? prefixes.get(bare) ?? bare;
  if (target.kind === "action")
    return { action: `${prefix}:${target.action}`, resource: resourceOf(integration, model) };
  const action = actionOfCall(integration, method);
  // What nothing knows has been reported: the role may do what the service has, until the file says less.
  if (action === undefined) return { action: `${prefix}:*`, resource: "*" };
  return { action, resource: pathResource(action, writtenPath(target.path)) };
}

/** Buckets and functions stand in their path; what a request chooses is a star. */
function pathResource(action: string, path: string): JsonValue {
  if (action === "s3:ListAllMyBuckets" || path === "") return "*";
  if (action.startsWith("s3:")) return sub(`arn:\${AWS::Partition}:s3:::${path.replace(/\/$/, "")}`);
  const topic = action === "iot:Publish" ? /^topics\/(.+)$/.exec(path)?.[1] : undefined;
  if (topic !== undefined) return sub(`arn:\${AWS::Partition}:iot:\${AWS::Region}:\${AWS::AccountId}:topic/${topic}`);
  const queue = action.startsWith("sqs:") ? /^\d{12}\/([^/]+)$/.exec(path)?.[1] : undefined;
  if (queue !== undefined) return sub(`arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${queue}`);
  const called = action === "lambda:InvokeFunction" ? /functions\/(.+?)\/[^/]+$/.exec(path)?.[1] : undefined;
  return called?.startsWith("arn:") ? called : "*";
}

/** The one queue, table, topic or state machine that the file names; every one of them where a request chooses it. */
function resourceOf({ service, parameters, request }: AwsIntegration, model: GatewayModel): JsonValue {
  const rule = request.templates.find(({ source }) => source.kind === "rule")?.source;
  const members = rule?.kind === "rule" && rule.rule.kind === "object" ? rule.rule.members : [];
  const text = (...names: readonly string[]) => {
    const value = [...parameters, ...members].find(({ name }) => names.includes(name))?.value;
    return value && valuesOf(value, model);
  };
  const here = (kind: string, name: string) =>
    sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${kind}${name}`);
  const queues = text("QueueUrl")?.map((url) => here("", url.split("/").at(-1) ?? "*"));
  const tables = text("TableName")?.map((name) => here("table/", name));
  const streams = service === "kinesis" ? text("StreamName")?.map((name) => here("stream/", name)) : undefined;
  const arns = text("StateMachineArn", "stateMachineArn", "TopicArn", "TargetArn", "StreamARN");
  const found = queues ?? tables ?? streams ?? arns;
  return found === undefined || found.length === 0 ? "*" : found.length === 1 ? (found[0] as JsonValue) : found;
}

/** The constant texts that a value has in the stages; undefined when a request chooses it. */
function valuesOf(value: Value, { stages }: GatewayModel): readonly string[] | undefined {
  if (value.kind === "constant") return [String(value.value)];
  const parts = value.kind === "text" ? value.text.parts : value.kind === "reference" ? [value.reference] : undefined;
  if (!parts) return undefined;
  const found = stages.flatMap(({ variables }) => {
    const texts = parts.map((part) => {
      if (typeof part === "string") return part;
      const variable = part.kind === "stageVariable" ? variables.find(({ name }) => name === part.name) : undefined;
      return variable && constantText(variable.value);
    });
    return texts.every((text) => text !== undefined) ? [texts.join("")] : [];
  });
  return found.length === stages.length ? [...new Set(found)] : undefined;
}
