import type { Cors, GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { statusText } from "../emit/http-status.js";
import { type JsonObject, jsonObject, objectOf, unlessEmpty } from "../emit/stable-json.js";
import { corsParameters, preflightCors } from "./aws-cors.js";
import { mockContentHandling } from "./aws-integration.js";

/** Status of the answer to a preflight request. */
const preflightStatus = 200;

/** The OPTIONS method for the routes of one path; undefined where none has CORS, or one of them is OPTIONS. */
export type PreflightPlanner = (routes: readonly Route[]) => JsonObject | undefined;

/**
 * Plans the methods that answer preflight requests of a REST API: MOCKs, since API Gateway has nothing of its own for it
 * (aws-behaviour.md section 25). Most paths of an API get the same one, so each is made once.
 */
export function preflightPlanner(model: GatewayModel): PreflightPlanner {
  const planned = new Map<Cors, Map<string, JsonObject>>();
  return (routes) => {
    const cors = routes.find((route) => route.cors)?.cors;
    if (!cors || routes.some((route) => route.method === "OPTIONS")) return undefined;
    const known = planned.get(cors) ?? new Map<string, JsonObject>();
    planned.set(cors, known);
    const key = JSON.stringify([routes.map(({ method }) => method), pathParameters(routes)]);
    const operation = known.get(key) ?? preflightOperation(cors, routes, model);
    known.set(key, operation);
    return operation;
  };
}

function pathParameters([first]: readonly Route[]): readonly string[] {
  return first?.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name) ?? [];
}

function preflightOperation(cors: Cors, routes: readonly Route[], model: GatewayModel): JsonObject {
  const answer = preflightCors(cors, routes);
  const status = String(preflightStatus);
  const parameters = pathParameters(routes);
  const schema = { type: "string" };
  return jsonObject({
    summary: "Answers preflight requests",
    parameters:
      parameters.length > 0 ? parameters.map((name) => ({ name, in: "path", required: true, schema })) : undefined,
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
