import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { type LambdaAddresses, lambdaAddresses } from "../emit/aws-names.js";
import { oncePerModel } from "../emit/once-per-model.js";
import { type JsonObject, jsonObject, merged, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { planIntegration } from "./aws-integration.js";
import { preflightPlanner } from "./aws-preflight.js";
import { undeclaredParameters } from "./aws-rest-parameters.js";
import { restStatuses } from "./aws-rest-responses.js";
import { extensionName, planAwsServers, planRootExtensions, planTagValues, rootOptions } from "./aws-root.js";
import { type AwsSecurity, planAwsSecurity } from "./aws-security.js";
import { validatorOf } from "./aws-validators.js";
import { planSchemas, type Schemas } from "./flavour.js";
import { planInfo } from "./info.js";
import { planOperation } from "./operation.js";
import { routesByPath } from "./paths.js";

/** The document for API Gateway: OpenAPI 3.0.1 with every `x-amazon-apigateway-*` extension that the gateway needs. */
export const planAwsDocument = oncePerModel(awsDocument);

function awsDocument(model: GatewayModel): JsonObject {
  const parts = {
    model,
    schemas: planSchemas(model, "aws"),
    security: planAwsSecurity(model),
    lambda: lambdaAddresses(model),
  };
  const { schemas, security } = parts;
  const options = rootOptions(model);
  const document = jsonObject({
    openapi: "3.0.1",
    info: planInfo(model),
    servers: options.endpoint === undefined ? undefined : planAwsServers(model, options.endpoint),
    tags: unlessEmpty(planTagValues(options.tags)),
    paths: planPaths(parts),
    components: unlessEmpty(
      jsonObject({ schemas: unlessEmpty(schemas.components), securitySchemes: unlessEmpty(security.schemes) }),
    ),
    ...planRootExtensions(model),
  });
  return merged(document, options.extensions);
}

interface DocumentParts {
  readonly model: GatewayModel;
  readonly schemas: Schemas;
  readonly security: AwsSecurity;
  readonly lambda: LambdaAddresses;
}

function planPaths(parts: DocumentParts): JsonObject {
  const { model } = parts;
  const planPreflight = preflightPlanner(model);
  const paths: [string, JsonValue][] = [];
  for (const [path, routes] of routesByPath(model.routes)) {
    const operations: [string, JsonValue | undefined][] = routes.map((route) => [
      methodKey(route),
      planAwsOperation(route, parts),
    ]);
    if (model.kind === "rest") operations.push(["options", planPreflight(routes)]);
    paths.push([path === "$default" ? "/$default" : path, objectOf(operations)]);
  }
  return objectOf(paths);
}

function methodKey(route: Route): string {
  return route.method === "ANY" ? "x-amazon-apigateway-any-method" : route.method.toLowerCase();
}

function planAwsOperation(route: Route, { model, schemas, security, lambda }: DocumentParts): JsonObject {
  const isRest = model.kind === "rest";
  const options = objectOf(Object.entries(route.awsOptions).map(([name, value]) => [extensionName(name), value]));
  const extensions = jsonObject({
    isDefaultRoute: route.path.text === "$default" ? true : undefined,
    "x-amazon-apigateway-request-validator": isRest ? validatorOf(route) : undefined,
    "x-amazon-apigateway-integration": planIntegration(route, model, lambda),
  });
  return planOperation(route, schemas, "aws", {
    operationId: route.operation,
    parameters: isRest ? undeclaredParameters(route, model) : [],
    responses: isRest ? restStatuses(route) : new Map(),
    note: undefined,
    security: security.requirementsOf(route),
    extensions: merged(extensions, options),
  });
}
