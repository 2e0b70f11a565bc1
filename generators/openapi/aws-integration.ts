import { assertNever } from "../../src/invariant.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import {
  type HttpIntegration,
  type Integration,
  isProxy,
  type LambdaIntegration,
} from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import type { LambdaAddresses } from "../emit/aws-names.js";
import { awsText } from "../emit/aws-text.js";
import { type JsonObject, jsonObject, type Members, merged, unlessEmpty } from "../emit/stable-json.js";
import { cacheKeysOf } from "./aws-cache-keys.js";
import { planHttpApiRequest, planHttpApiResponses } from "./aws-http-parameters.js";
import { planRestRequest } from "./aws-rest-parameters.js";
import { planRestResponses } from "./aws-rest-responses.js";
import { planFirstClassService, planService } from "./aws-service.js";

/**
 * `x-amazon-apigateway-integration` of a route. What the file gives under `aws-options` of the integration is laid over
 * it, by AWS's own member names.
 *
 * @see developer guide, "x-amazon-apigateway-integration object"; aws-behaviour.md sections 6 and 34
 */
export function planIntegration(route: Route, model: GatewayModel, lambda: LambdaAddresses): JsonObject {
  const members = model.kind === "http" ? httpApiMembers(route, model, lambda) : restMembers(route, model, lambda);
  return merged(jsonObject(members), route.integration.awsOptions);
}

function restMembers(route: Route, model: GatewayModel, lambda: LambdaAddresses): Members {
  const { integration } = route;
  const cacheKeys = cacheKeysOf(route, model);
  const tail = {
    timeoutInMillis: timeoutOf(integration, 29_000),
    contentHandling: integration.contentHandling,
    cacheNamespace: route.cache?.namespace,
    cacheKeyParameters: cacheKeys.length > 0 ? cacheKeys : undefined,
  };
  if (isProxy(integration) && integration.kind === "lambda") return { ...target(integration, model, lambda), ...tail };
  const passthrough = isProxy(integration) ? undefined : integration.passthrough.toLowerCase();
  return {
    ...target(integration, model, lambda),
    passthroughBehavior: passthrough,
    ...tail,
    ...(integration.kind === "mock" ? { contentHandling: mockContentHandling(integration, model) } : {}),
    ...planRestRequest(route, model),
    responses: unlessEmpty(planRestResponses(route, model)),
  };
}

function httpApiMembers(route: Route, model: GatewayModel, lambda: LambdaAddresses): Members {
  const { integration } = route;
  const firstClass = integration.kind === "aws" ? planFirstClassService(integration, model) : undefined;
  return {
    ...(firstClass ?? { ...target(integration, model, lambda), payloadFormatVersion: payloadFormat(integration) }),
    timeoutInMillis: timeoutOf(integration, 30_000),
    requestParameters: unlessEmpty(planHttpApiRequest(integration)),
    responseParameters: unlessEmpty(planHttpApiResponses(integration)),
  };
}

/** Type, method and address of what is called. */
function target(integration: Integration, model: GatewayModel, lambda: LambdaAddresses): Members {
  switch (integration.kind) {
    case "lambda":
      return lambdaTarget(integration, lambda);
    case "http":
      return httpTarget(integration);
    case "aws":
      return planService(integration, model);
    case "mock":
      return { type: "mock" };
    default:
      return assertNever(integration);
  }
}

/** Lambda is always called by POST (aws-behaviour.md section 6.5). */
function lambdaTarget(integration: LambdaIntegration, lambda: LambdaAddresses): Members {
  return {
    type: integration.proxy ? "aws_proxy" : "aws",
    httpMethod: "POST",
    uri: lambda.invocationUri(integration.function),
  };
}

function httpTarget(integration: HttpIntegration): Members {
  const { connection } = integration;
  return {
    type: integration.proxy ? "http_proxy" : "http",
    httpMethod: integration.method,
    uri: awsText(integration.uri),
    connectionType: connection ? "VPC_LINK" : undefined,
    connectionId: connection ? awsText(connection.vpcLinkId) : undefined,
    tlsConfig: integration.insecureSkipVerification ? { insecureSkipVerification: true } : undefined,
  };
}

/** HTTP APIs want it on every integration; of HTTP proxies there is only 1.0. */
function payloadFormat(integration: Integration): string {
  return integration.kind === "lambda" ? integration.payloadFormat : "1.0";
}

function timeoutOf(integration: Integration, platformDefault: number): number | undefined {
  return integration.kind === "mock" || integration.timeoutMs === platformDefault ? undefined : integration.timeoutMs;
}

/** An API whose every type is binary needs it, or the request template never runs (aws-behaviour.md section 25). */
export function mockContentHandling(
  { contentHandling }: Pick<Integration, "contentHandling">,
  { binaryMediaTypes }: GatewayModel,
): string | undefined {
  return contentHandling ?? (binaryMediaTypes.includes("*/*") ? "CONVERT_TO_TEXT" : undefined);
}
