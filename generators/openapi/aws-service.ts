import type { Value } from "../../src/model/expressions.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { AwsIntegration, ParameterMapping } from "../../src/model/integrations.js";
import { awsPartition, integrationRoleArn } from "../emit/aws-names.js";
import { awsText } from "../emit/aws-text.js";
import type { Members } from "../emit/stable-json.js";
import { plainTemplate, ruleTemplate } from "../emit/vtl-rule.js";
import { templateText } from "./aws-template-text.js";
import { httpExpression } from "./http-expressions.js";

/** Address of an AWS service on a REST API: `arn:aws:apigateway:{region}:{service}:{action|path}/…`. */
export function planService(integration: AwsIntegration, model: GatewayModel): Members {
  const { region } = model.aws;
  const { target } = integration;
  const tail = target.kind === "action" ? `action/${target.action}` : `path/${awsText(target.path).replace(/^\//, "")}`;
  return {
    type: "aws",
    httpMethod: integration.method,
    uri: `arn:${awsPartition(region)}:apigateway:${region}:${integration.service}:${tail}`,
    credentials: integration.credentials ? awsText(integration.credentials) : integrationRoleArn(model),
  };
}

/** What an AWS integration of a REST API sends: headers of its protocol, and templates by media type. */
export interface ServiceRequest {
  readonly headers: readonly ParameterMapping[];
  readonly templates: readonly (readonly [mediaType: string, text: string])[];
}

/**
 * Parameters given under `with:` and by a rule become one body in the service's protocol: a form for services with the
 * query protocol, JSON for the others. A template that the file writes out is the whole body.
 */
export function serviceRequest(integration: AwsIntegration): ServiceRequest {
  const written = integration.request.templates.filter(({ source }) => source.kind !== "rule");
  if (written.length > 0) {
    return { headers: [], templates: written.map((template) => [template.mediaType, templateText(template)]) };
  }
  if (integration.target.kind === "path") return { headers: [], templates: pathTemplates(integration) };
  const isForm = queryServices.has(integration.service);
  const members = actionParameters(integration);
  return {
    headers: [{ name: "Content-Type", value: { kind: "constant", value: contentType(integration.service, isForm) } }],
    templates: [
      ["application/json", isForm ? formTemplate(integration.target.action, members) : jsonTemplate(members)],
    ],
  };
}

function pathTemplates(integration: AwsIntegration): ServiceRequest["templates"] {
  const members = actionParameters(integration);
  return members.length > 0 ? [["application/json", jsonTemplate(members)]] : [];
}

type NamedValue = { readonly name: string; readonly value: Value };

function actionParameters(integration: AwsIntegration): readonly NamedValue[] {
  const rule = integration.request.templates.find(({ source }) => source.kind === "rule")?.source;
  const mapped = rule?.kind === "rule" && rule.rule.kind === "object" ? rule.rule.members : [];
  const all = new Map([...integration.parameters, ...mapped].map((entry) => [entry.name, entry]));
  return [...all.values()];
}

function jsonTemplate(members: readonly NamedValue[]): string {
  return ruleTemplate({ kind: "object", members });
}

/** `Action=…&Name=…`; a value that is no plain text is sent as its JSON. */
function formTemplate(action: string, members: readonly NamedValue[]): string {
  const fields = members.map(({ name, value }, index) => {
    const variable = `$field${index}`;
    return `&${formEncoded(name)}=#define(${variable})${plainTemplate(value)}#end$util.urlEncode("${variable}")`;
  });
  return `Action=${formEncoded(action)}${fields.join("")}`;
}

/** Percent-encoded as UTF-8; a lone surrogate, which UTF-8 does not have, as the replacement character. */
function formEncoded(text: string): string {
  return encodeURIComponent(Buffer.from(text, "utf8").toString("utf8"));
}

function contentType(service: string, isForm: boolean): string {
  if (isForm) return "application/x-www-form-urlencoded";
  return json10Services.has(service) ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
}

/** Services whose actions take the query protocol (botocore's service models, `protocol`). */
const queryServices: ReadonlySet<string> = new Set([
  "autoscaling",
  "cloudformation",
  "ec2",
  "elasticache",
  "elasticbeanstalk",
  "elasticloadbalancing",
  "email",
  "iam",
  "monitoring",
  "rds",
  "redshift",
  "sns",
  "sqs",
  "sts",
]);
const json10Services: ReadonlySet<string> = new Set(["dynamodb", "states", "swf"]);

/**
 * A first-class integration of HTTP APIs: `integrationSubtype`, the action's parameters under its own names
 * (aws-behaviour.md section 28.1).
 */
export function planFirstClassService(integration: AwsIntegration, model: GatewayModel): Members {
  const action = integration.target.kind === "action" ? integration.target.action : awsText(integration.target.path);
  return {
    type: "aws_proxy",
    integrationSubtype: `${subtypePrefix.get(integration.service) ?? integration.service}-${action}`,
    payloadFormatVersion: "1.0",
    connectionType: "INTERNET",
    credentials: integration.credentials ? awsText(integration.credentials) : integrationRoleArn(model),
  };
}

const subtypePrefix: ReadonlyMap<string, string> = new Map([
  ["appconfig", "AppConfig"],
  ["events", "EventBridge"],
  ["kinesis", "Kinesis"],
  ["sqs", "SQS"],
  ["states", "StepFunctions"],
]);

/** Request parameters of a first-class integration. */
export function firstClassParameters(integration: AwsIntegration): readonly (readonly [string, string | undefined])[] {
  return actionParameters(integration).map(({ name, value }) => [name, httpExpression(value)]);
}
