import { type AwsServiceFacts, awsServiceFacts } from "../../src/model/aws-services.js";
import type { AwsIntegration } from "../../src/model/integrations.js";
import type { Planned } from "../emit/code-literal.js";
import { serviceCall } from "../emit/service-call.js";
import { planResponses } from "./plan-integration-responses.js";
import { planMappings } from "./plan-mappings.js";
import type { TemplatePlans } from "./plan-templates.js";
import { targetText } from "./plan-texts.js";

/** An AWS service integration: everything that its service's protocol wants is a constant (aws-behaviour.md 6.4). */
export function planAws(integration: AwsIntegration, templates: TemplatePlans): Planned {
  const { request, target } = integration;
  const facts = awsServiceFacts(integration.service);
  const call = serviceCall(integration);
  const action = target.kind === "action" ? target.action : undefined;
  return {
    service: planService(facts, action),
    protocolHeaders: action === undefined ? [] : targetHeader(facts, action),
    contentType: call.contentType,
    actionQuery: action === undefined ? undefined : actionQuery(facts, action),
    proxy: false,
    method: integration.method,
    uri: target.kind === "path" ? targetText({ parts: withSlash(target.path.parts) }) : "/",
    headers: planMappings(request.headers),
    query: planMappings(request.query),
    path: planMappings(request.path),
    insecureSkipVerification: false,
    responses: planResponses(integration, templates),
    templates: call.templates.length > 0 ? templates.mapOf(call.templates, "request") : undefined,
    passthrough: integration.passthrough,
    contentHandling: integration.contentHandling,
  };
}

export function planService(
  { prefix, signingName, id, globalHost }: AwsServiceFacts,
  action: string | undefined,
): Planned {
  // Its own host name: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
  const host = prefix === "states" && action === "StartSyncExecution" ? "sync-states" : prefix;
  const variable = (name: string) => `AWS_ENDPOINT_URL_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
  return {
    host,
    signingName,
    endpointVariables: [...new Set([...(id === undefined ? [] : [variable(id)]), variable(prefix)])],
    region: globalHost === undefined ? undefined : "us-east-1",
    globalHost,
  };
}

/** Actions of JSON services are named by a header. */
export function targetHeader({ protocol }: AwsServiceFacts, action: string): readonly string[] {
  return protocol?.kind === "json" ? ["X-Amz-Target", `${protocol.targetPrefix}.${action}`] : [];
}

function actionQuery({ protocol }: AwsServiceFacts, action: string): string | undefined {
  return protocol?.kind === "query" ? `Action=${action}&Version=${protocol.version}` : undefined;
}

function withSlash<P>(parts: readonly (string | P)[]): readonly (string | P)[] {
  const [first, ...others] = parts;
  if (typeof first !== "string") return ["/", ...parts];
  return first.startsWith("/") ? parts : [`/${first}`, ...others];
}
