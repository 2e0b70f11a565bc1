import type { GatewayModel } from "../../../src/model/gateway-model.js";
import {
  array,
  enumeration,
  literal,
  nullType,
  object,
  primitive,
  property,
  reference,
  tuple,
  union,
  withConstraints,
} from "../../../src/model/type-builders.js";
import { noDocs } from "../../../src/model/types.js";
import {
  authorizedBy,
  gatewayModel,
  model,
  parameter,
  ref,
  response,
  route,
  stage,
  text,
} from "../../support/model.js";

const optional = { optional: true } as const;
const docs = (description: string) => ({ docs: { ...noDocs, description } });

/** A shop that uses every part of the SDK once. */
export function shop(overrides: Partial<GatewayModel> = {}): GatewayModel {
  return gatewayModel({
    name: "Lantern Shop",
    version: "1.4.0",
    description: "Orders of the shop.",
    license: "Apache-2.0",
    aws: { region: "eu-west-1", account: "123456789012" },
    models: [
      model("Status", enumeration(["pending", "paid", "shipped"])),
      model(
        "Item",
        object([
          property("sku", primitive("string"), docs("What is sold.")),
          property("quantity", withConstraints(primitive("integer"), { minimum: 1 })),
        ]),
        docs("One line of an order."),
      ),
      model(
        "NewOrder",
        object([property("items", array(reference("Item"))), property("note", primitive("string"), optional)]),
      ),
      model(
        "Order",
        object([
          property("id", primitive("string", "uuid"), { readOnly: true }),
          property("status", reference("Status")),
          property("items", array(reference("Item"))),
          property("gift", union([primitive("string"), nullType])),
          property("parent", reference("Order"), optional),
          property("place", tuple([primitive("number"), primitive("number")], 2, undefined), optional),
        ]),
        { recursive: true },
      ),
      model("Problem", object([property("code", primitive("string")), property("message", primitive("string"))])),
      model(
        "Payment",
        union(
          [
            object([property("kind", literal("card")), property("last4", primitive("string"))]),
            object([property("kind", literal("invoice")), property("dueInDays", primitive("integer"))]),
          ],
          { property: "kind", values: ["card", "invoice"] },
        ),
      ),
    ],
    authorizers: [
      {
        kind: "cognito",
        issuerEndpoint: undefined,
        clockSkewSeconds: 5,
        name: "customers",
        description: undefined,
        providerArns: [text("arn")],
        header: "Authorization",
        ttlSeconds: 300,
      },
      {
        kind: "lambda",
        name: "partners",
        description: undefined,
        function: "authorizePartner",
        type: "request",
        identity: [ref("request.header.X-Partner"), ref("request.querystring.token")],
        validation: undefined,
        ttlSeconds: 300,
        payloadFormat: "1.0",
        simpleResponses: false,
        context: [],
      },
    ],
    routes: [
      route("GET /orders", {
        operation: "listOrders",
        summary: "Lists orders.",
        parameters: [
          parameter("query", "status", array(reference("Status")), { required: false, description: "Only these." }),
          parameter("query", "limit", primitive("integer"), { required: false }),
          parameter("header", "X-Trace", primitive("string"), { required: false }),
        ],
        authorization: authorizedBy("customers"),
        responses: [
          response(
            200,
            object([property("orders", array(reference("Order"))), property("cursor", primitive("string"), optional)]),
          ),
          response(400, reference("Problem")),
        ],
      }),
      route("POST /orders", {
        operation: "createOrder",
        body: { type: reference("NewOrder"), mediaTypes: ["application/json"], required: true },
        authorization: authorizedBy("partners"),
        apiKeyRequired: true,
        validation: { parameters: true, body: true, strict: false },
        responses: [response(201, reference("Order")), response(202), response(409, reference("Problem"))],
      }),
      route("GET /orders/{id}", {
        operation: "getOrder",
        parameters: [
          parameter("path", "id", primitive("string", "uuid")),
          parameter("query", "id", primitive("string"), { required: false }),
        ],
        responses: [response(200, reference("Order")), response(404, reference("Problem"))],
      }),
      route("GET /orders/{id}/invoice", {
        operation: "getInvoice",
        responses: [
          response(200, primitive("binary", "binary"), {
            body: { type: primitive("binary", "binary"), mediaType: "application/pdf" },
          }),
        ],
      }),
      route("PUT /orders/{id}/payment", {
        operation: "pay",
        body: { type: reference("Payment"), mediaTypes: ["application/json"], required: true },
        responses: [response(204)],
      }),
      route("PUT /orders/{id}/photo", {
        operation: "putPhoto",
        body: { type: primitive("binary", "binary"), mediaTypes: ["image/png"], required: true },
        responses: [response(204)],
      }),
      route("POST /login", {
        operation: "login",
        body: {
          type: object([
            property("user", primitive("string")),
            property("roles", array(primitive("string")), optional),
          ]),
          mediaTypes: ["application/x-www-form-urlencoded"],
          required: true,
        },
        responses: [
          response(200, primitive("string"), { body: { type: primitive("string"), mediaType: "text/plain" } }),
        ],
      }),
      route("POST /upload", {
        operation: "upload",
        body: {
          type: object([property("name", primitive("string")), property("tags", array(primitive("string")), optional)]),
          mediaTypes: ["multipart/form-data"],
          required: true,
        },
      }),
      route("ANY /files/{path+}", { operation: "files", authorization: { kind: "iam" } }),
      route("GET /health", { operation: "health" }),
      route("DELETE /delete", { operation: "delete", responses: [response(204)] }),
      route("GET /old", { operation: "old", deprecated: true, responses: [response(302)] }),
    ],
    stages: [stage("dev"), stage("prod")],
    domains: [
      {
        name: "api.example.com",
        tls: undefined,
        securityPolicy: "TLS_1_2",
        aws: { certificateArn: undefined, truststoreUri: undefined },
        cdn: false,
        paths: [{ basePath: "v1", stage: "prod" }],
      },
    ],
    ...overrides,
  });
}
