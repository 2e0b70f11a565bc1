import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { asRestRoute, type WebSocketApi } from "../../../src/model/websocket.js";
import {
  integrationProperties,
  messageModels,
  messageSchemas,
  responseProperties,
} from "../../cloudformation/websocket.js";
import { lambdaAddresses } from "../../emit/aws-names.js";
import { type JsonObject, jsonObject, objectOf } from "../../emit/stable-json.js";
import { planIntegration } from "../aws-integration.js";

/**
 * What API Gateway would store of the WebSocket API, by the names of its second version: there is no OpenAPI for it. Routes
 * by their keys.
 */
export function socketExport(model: GatewayModel, socket: WebSocketApi): JsonObject {
  const addresses = lambdaAddresses(model);
  const rest = { ...model, kind: "rest" as const, cors: undefined };
  const authorizers = model.authorizers.flatMap((authorizer) =>
    authorizer.kind === "lambda"
      ? [[authorizer.name, { [extension]: { authorizerUri: addresses.invocationUri(authorizer.function) } }] as const]
      : [],
  );
  return jsonObject({
    routeSelectionExpression: socket.selection.text,
    description: socket.description,
    authorizers: objectOf(authorizers),
    models: objectOf(
      socket.routes.flatMap((route) => messageSchemas(route, model)).map(({ name, schema }) => [name, schema] as const),
    ),
    routes: objectOf(
      socket.routes.map((route) => {
        const document = planIntegration(asRestRoute(route, socket), rest, addresses);
        return [
          route.key,
          {
            ...lowered(messageModels(route)),
            integration: lowered(integrationProperties(document, route)),
            integrationResponses: responseProperties(route.integration, document).map(lowered),
          },
        ] as const;
      }),
    ),
  });
}

const extension = "x-amazon-apigateway-authorizer";

/** `IntegrationUri` in CloudFormation is `integrationUri` of the API. */
function lowered(properties: JsonObject): JsonObject {
  return objectOf(
    Object.entries(properties).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value] as const),
  );
}
