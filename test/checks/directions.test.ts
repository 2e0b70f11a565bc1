import { describe, expect, test } from "vitest";
import { modelsText, typeText } from "../../generators/emit/type-text.js";
import { compareContracts } from "../../src/contract/compare-contracts.js";
import { contractOf } from "../../src/model/contract.js";
import { check, diagnose, marked, modelOf } from "../support/diagnose.js";

const models = `models: |
  interface Customer { /** @readOnly */ id: uuid; name: string; /** @writeOnly */ password: string; address?: Address }
  interface Address { street: string; /** @readOnly */ checkedAt: datetime; owner?: Customer }
  interface Plain { name: string }
`;
const api = `${models}routes:
  POST /customers: { lambda: f, body: Customer, responses: { 201: Customer } }
  PUT /customers: { lambda: g, body: "{ customers: Customer[]; /** @readOnly */ count: integer }", responses: { 200: "{ customers: Customer[]; /** @writeOnly */ pin: string }" } }
  POST /plain: { lambda: h, body: Plain, responses: { 200: Plain } }
`;

describe("what travels in one direction only", () => {
  test("a model has two shapes, and so have all that refer to it", async () => {
    const model = await modelOf(api);
    expect(modelsText(model.models).replace(/\s+(\* (?=@))?/g, " ")).toBe(
      "export interface Customer { /** @readOnly @format uuid */ id: string; name: string; address?: Address; } " +
        "export interface CustomerRequest { name: string; /** @writeOnly */ password: string; address?: AddressRequest; } " +
        "export interface Address { street: string; /** @readOnly @format date-time */ checkedAt: string; owner?: Customer; } " +
        "export interface AddressRequest { street: string; owner?: CustomerRequest; } " +
        "export interface Plain { name: string; } ",
    );
    const texts = model.routes.map(({ body, responses }) =>
      [body?.type, responses[0]?.body?.type].map((type) => type && typeText(type).replace(/\s+/g, " ")),
    );
    expect(texts).toEqual([
      ["CustomerRequest", "Customer"],
      ["{ customers: CustomerRequest[]; }", "{ customers: Customer[]; }"],
      ["Plain", "Plain"],
    ]);
  });

  test("a request shape is there where something is sent, and no other", async () => {
    const model = await modelOf(`${models}routes:\n  GET /customers: { lambda: f, responses: { 200: Customer } }\n`);
    expect(model.models.map(({ name }) => name)).toEqual(["Customer", "Address", "Plain"]);
  });

  test("messages are sent, replies and events are answered", async () => {
    const model = await modelOf(`gateway: live
${models}routes:
  GET /a: { mock: {} }
websocket:
  select: $request.body.action
  routes: { join: { lambda: f, body: "{ action: 'join'; customer: Customer }", reply: Customer } }
  events: { Moved: Customer }
`);
    const { routes, events } = model.websocket ?? {};
    expect([routes?.[0]?.body, routes?.[0]?.reply, events?.[0]?.type]).toMatchObject([
      { properties: [{}, { type: { model: "CustomerRequest" } }] },
      { model: "Customer" },
      { model: "Customer" },
    ]);
  });

  test("a model that has the name of a request shape keeps it, which is told", async () => {
    const { text, span } = marked(`gateway: a
models: |
  interface Order { /** @readOnly */ id: uuid }
  interface OrderRequest { name: string }
routes:
  POST /orders: { lambda: f, body: «Order», responses: { 200: OrderRequest } }
`);
    const { diagnostics, model } = await check(text);
    expect(diagnostics).toMatchObject([{ code: "request-shape-taken", severity: "warning", span }]);
    expect(model?.models.map(({ name }) => name)).toEqual(["Order", "OrderRequestBody", "OrderRequest"]);
    expect(model?.routes[0]?.body?.type).toMatchObject({ model: "OrderRequestBody" });
  });

  test("a rule makes what is answered, and nothing that is only sent", async () => {
    const file = (rule: string) => `gateway: a
${models}routes:
  GET /a: { mock: {}, responses: { 200: { body: Customer, map: ${rule} } } }
`;
    expect(await diagnose(file('{ id: "1", name: n }'), ["node"])).toEqual([]);
    const { text, span } = marked(file('{ id: "1", name: n, «password»: p }'));
    expect(await diagnose(text, ["node"])).toMatchObject([{ code: "rule-member-unknown", span }]);
  });

  test("a property that never is there is told", async () => {
    const { diagnostics } = await check(
      "gateway: a\nmodels: |\n  interface A { /** @readOnly @writeOnly */ b: string }\nroutes: { GET /a: { mock: } }\n",
    );
    expect(diagnostics).toMatchObject([{ code: "tag-read-write" }]);
  });

  test("an example of the whole goes with what it shows", async () => {
    const model = await modelOf(`models: |
  /** @example { "id": "1", "name": "n" } */
  interface Order { /** @readOnly */ id: string; /** @example "x" */ name: string }
routes:
  POST /orders: { lambda: f, body: Order, responses: { 200: Order } }
`);
    expect(model.models.map(({ name, docs }) => [name, docs.examples.length])).toEqual([
      ["Order", 1],
      ["OrderRequest", 0],
    ]);
  });
});

describe("changes of direction, for clients", () => {
  const changes = async (older: string, newer: string) => {
    const file = (type: string) =>
      `models: |\n  interface A { ${type} name: string }\nroutes:\n  POST /a: { lambda: f, body: A, responses: { 200: A } }\n`;
    const [before, now] = [contractOf(await modelOf(file(older))), contractOf(await modelOf(file(newer)))];
    return compareContracts(before, now).map(
      ({ kind, code, where, path, affects }) => `${kind} ${code} ${where}, ${path}, ${affects}`,
    );
  };

  test("what was sent and is read-only now, and the other way", async () => {
    expect(await changes("id: string;", "/** @readOnly */ id: string;")).toEqual([
      "breaking property-removed POST /a, body.id, wire",
    ]);
    expect(await changes("/** @readOnly */ id: string;", "id: string;")).toEqual([
      "breaking property-added POST /a, body.id, wire",
      "breaking model-removed model ARequest, , sdk",
    ]);
  });

  test("what was answered and is write-only now", async () => {
    expect(await changes("pin: string;", "/** @writeOnly */ pin: string;")).toEqual([
      "breaking property-removed model A, pin, wire",
    ]);
  });
});
