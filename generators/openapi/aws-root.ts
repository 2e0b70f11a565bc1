import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonValue } from "../../src/model/types.js";
import { executeApiDomain } from "../emit/aws-names.js";
import { isJsonObject, type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { planHttpCors } from "./aws-cors.js";
import { planGatewayResponses } from "./aws-gateway-responses.js";
import { usedValidators } from "./aws-validators.js";

const prefix = "x-amazon-apigateway-";
const endpointConfiguration = `${prefix}endpoint-configuration`;
const tagValue = `${prefix}tag-value`;

/** Extensions of the root of the document, by API kind (developer guide, "OpenAPI extensions for API Gateway"). */
export function planRootExtensions(model: GatewayModel): JsonObject {
  return model.kind === "http" ? httpExtensions(model) : restExtensions(model);
}

function restExtensions(model: GatewayModel): JsonObject {
  const needsKey = model.routes.some((route) => route.apiKeyRequired);
  return jsonObject({
    [`${prefix}api-key-source`]: needsKey || model.apiKeySource === "AUTHORIZER" ? model.apiKeySource : undefined,
    [`${prefix}binary-media-types`]: model.binaryMediaTypes.length > 0 ? model.binaryMediaTypes : undefined,
    [`${prefix}minimum-compression-size`]: model.minimumCompressionSize,
    [`${prefix}policy`]: model.policy,
    [`${prefix}request-validators`]: unlessEmpty(usedValidators(model.routes)),
    [`${prefix}gateway-responses`]: unlessEmpty(planGatewayResponses(model)),
  });
}

function httpExtensions(model: GatewayModel): JsonObject {
  return jsonObject({
    [`${prefix}importexport-version`]: "1.0",
    [`${prefix}cors`]: planHttpCors(model),
  });
}

/** What `aws-options` at the top of the file asks for, sorted by where OpenAPI 3.0 has it. */
export interface RootOptions {
  readonly extensions: JsonObject;
  /** `x-amazon-apigateway-endpoint-configuration`, a member of a Server Object in OpenAPI 3.0. */
  readonly endpoint: JsonValue | undefined;
  /** `x-amazon-apigateway-tag-value` by tag name, a member of Tag Objects: tags of an HTTP API. */
  readonly tags: JsonObject;
}

/** AWS's names with or without their prefix; any other extension is taken as it stands. */
export function rootOptions(model: GatewayModel): RootOptions {
  const named = new Map(Object.entries(model.awsOptions).map(([name, value]) => [extensionName(name), value]));
  const endpoint = endpointOf(model, named.get(endpointConfiguration));
  const tags = named.get(tagValue);
  named.delete(endpointConfiguration);
  if (isJsonObject(tags)) named.delete(tagValue);
  return { extensions: objectOf(named), endpoint, tags: isJsonObject(tags) ? tags : {} };
}

function endpointOf({ disableExecuteApiEndpoint }: GatewayModel, asked: JsonValue | undefined): JsonValue | undefined {
  if (!disableExecuteApiEndpoint) return asked;
  return { disableExecuteApiEndpoint: true, ...(isJsonObject(asked) ? asked : {}) };
}

export function extensionName(name: string): string {
  return name.startsWith("x-") ? name : `${prefix}${name}`;
}

/** The Server Object that carries the endpoint's configuration, as API Gateway exports it. */
export function planAwsServers(model: GatewayModel, endpoint: JsonValue): readonly JsonObject[] {
  const stage = model.stages[0]?.name ?? "dev";
  const basePath = { default: stage === "$default" ? "" : stage };
  return [
    {
      url: `https://{apiId}.${executeApiDomain(model.aws.region)}/{basePath}`,
      variables: { apiId: { default: "api-id" }, basePath },
      [endpointConfiguration]: endpoint,
    },
  ];
}

/** Tags that API Gateway puts on an HTTP API when it imports the document. */
export function planTagValues(tags: JsonObject): readonly JsonObject[] {
  return Object.entries(tags).map(([name, value]) => ({ name, [tagValue]: value }));
}
