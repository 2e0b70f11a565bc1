import type { GatewayModel } from "../../../src/model/gateway-model.js";
import type { Route } from "../../../src/model/routes.js";
import { array, enumeration, object, primitive, property, reference } from "../../../src/model/type-builders.js";
import type { Model, Type } from "../../../src/model/types.js";
import { authorizedBy, gatewayModel, model, parameter, response, route } from "../../support/model.js";

/** A shop of the given number of operations, with two models for each: the document that the peers were measured with. */
export function largeShop(operations: number): GatewayModel {
  const numbers = Array.from({ length: operations }, (_, at) => at);
  return gatewayModel({
    models: numbers.flatMap(modelsOf),
    authorizers: [
      {
        kind: "cognito",
        issuerEndpoint: undefined,
        clockSkewSeconds: 5,
        name: "customers",
        description: undefined,
        providerArns: [],
        header: "Authorization",
        ttlSeconds: 300,
      },
    ],
    routes: numbers
      .map(routeOf)
      .map((entry) => ({ ...entry, authorization: authorizedBy("customers"), apiKeyRequired: true })),
  });
}

const optional = { optional: true } as const;

function modelsOf(at: number): readonly Model[] {
  return [
    model(
      `Order${at}`,
      object([
        property("id", primitive("string", "uuid"), { readOnly: true }),
        property("status", enumeration(["pending", "paid", "shipped"])),
        property("lines", array(reference(`Line${at}`))),
        property("note", primitive("string"), optional),
        property("total", primitive("number")),
        property("parent", reference(`Order${at}`), optional),
      ]),
    ),
    model(
      `Line${at}`,
      object([
        property("sku", primitive("string")),
        property("quantity", primitive("integer")),
        property("next", reference(`Line${Math.max(0, at - 1)}`), optional),
      ]),
    ),
  ];
}

function routeOf(at: number): Route {
  const order: Type = reference(`Order${at}`);
  const problem = response(404, reference(`Line${at}`));
  const id = parameter("path", "id");
  switch (at % 4) {
    case 0:
      return route(`GET /shop${at}/{id}`, { parameters: [id], responses: [response(200, order), problem] });
    case 1:
      return route(`GET /shop${at}`, {
        parameters: [
          parameter("query", "limit", primitive("integer"), { required: false }),
          parameter("header", "X-Trace", primitive("string"), { required: false }),
        ],
        responses: [
          response(200, object([property("orders", array(order)), property("cursor", primitive("string"), optional)])),
        ],
      });
    case 2:
      return route(`POST /shop${at}`, {
        body: { type: order, mediaTypes: ["application/json"], required: true },
        responses: [response(201, order), response(409, reference(`Line${at}`))],
      });
    default:
      return route(`DELETE /shop${at}/{id}`, { parameters: [id], responses: [response(204), problem] });
  }
}
