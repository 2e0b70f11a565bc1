import type { Cors, GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { statusText } from "../emit/http-status.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { corsParameters, preflightCors } from "./aws-cors.js";
import { mockContentHandling } from "./aws-integration.js";

/** Status of the answer to a preflight request. */
export const preflightStatus = 200;

/**
 * The OPTIONS method that answers preflight requests for one path of a REST API: a MOCK, since API Gateway has nothing
 * of its own for it (aws-behaviour.md section 25). Undefined where no route of the path has CORS, or one is OPTIONS.
 */
export function planPreflight(routes: readonly Route[], model: GatewayModel): JsonObject | undefined {
  const cors = routes.find((route) => route.cors)?.cors;
  if (!cors || routes.some((route) => route.method === "OPTIONS")) return undefined;
  return preflightOperation(cors, routes, model);
}

function preflightOperation(cors: Cors, routes: readonly Route[], model: GatewayModel): JsonObject {
  const answer = preflightCors(cors, routes);
  const status = String(preflightStatus);
  const parameters = routes[0]?.parameters.filter((parameter) => parameter.in === "path") ?? [];
  const schema = { type: "string" };
  return jsonObject({
    summary: "Answers preflight requests",
    parameters:
      parameters.length > 0 ? parameters.map(({ name }) => ({ name, in: "path", required: true, schema })) : undefined,
    responses: {
      [status]: {
        description: statusText(preflightStatus),
        headers: objectOf(answer.names.map((name) => [name, { schema }])),
      },
    },
    security: [],
    "x-amazon-apigateway-integration": jsonObject({
      type: "mock",
      passthroughBehavior: "when_no_match",
      contentHandling: mockContentHandling({ contentHandling: undefined }, model),
      requestTemplates: { "application/json": `{"statusCode": ${status}}` },
      responses: {
        default: jsonObject({
          statusCode: status,
          responseParameters: corsParameters(answer),
          responseTemplates: unlessEmpty(answer.prelude === "" ? {} : { "application/json": answer.prelude }),
        }),
      },
    }),
  });
}
