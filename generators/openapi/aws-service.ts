import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { AwsIntegration, ParameterMapping } from "../../src/model/integrations.js";
import { awsPartition, integrationRoleArn } from "../emit/aws-names.js";
import { awsText } from "../emit/aws-text.js";
import { actionParameters, serviceCall } from "../emit/service-call.js";
import type { Members } from "../emit/stable-json.js";
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

/** API Gateway knows the type of a template that the file writes out by the service; it is said where we make the body. */
export function serviceRequest(integration: AwsIntegration): ServiceRequest {
  const { contentType, templates } = serviceCall(integration);
  const isOurs = !integration.request.templates.some(({ source }) => source.kind !== "rule");
  const headers: readonly ParameterMapping[] =
    contentType !== undefined && isOurs
      ? [{ name: "Content-Type", value: { kind: "constant", value: contentType } }]
      : [];
  return { headers, templates: templates.map((template) => [template.mediaType, templateText(template)]) };
}

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
