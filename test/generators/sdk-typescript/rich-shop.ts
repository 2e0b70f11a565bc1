import { array, object, primitive, property, reference } from "../../../src/model/type-builders.js";
import { parameter, response, route } from "../../support/model.js";
import { shop } from "./shop.js";

/** A shop with pages, an idempotency key and checks. */
export function richShop() {
  const base = shop();
  return {
    ...base,
    sdk: { ...base.sdk, validate: true, typescript: { ...base.sdk.typescript, packageName: "@lantern/shop" } },
    routes: [
      ...base.routes,
      route("GET /events", {
        operation: "listEvents",
        parameters: [parameter("query", "after", primitive("string"), { required: false })],
        responses: [
          response(
            200,
            object([
              property("events", array(reference("Item"))),
              property("next", primitive("string"), { optional: true }),
            ]),
          ),
        ],
        pagination: { cursor: "after", next: { in: "body", path: ["next"] }, items: ["events"] },
      }),
      route("GET /log", {
        operation: "listLog",
        parameters: [parameter("query", "from", primitive("string"), { required: false })],
        responses: [response(200, array(primitive("string")))],
        pagination: { cursor: "from", next: { in: "header", name: "X-Next" }, items: [] },
      }),
      route("POST /payments", {
        operation: "charge",
        parameters: [parameter("header", "Idempotency-Key")],
        body: { type: reference("Item"), mediaTypes: ["application/json"], required: true },
        responses: [response(201)],
      }),
    ],
  };
}
