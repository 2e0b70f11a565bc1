import { describe, expect, test } from "vitest";
import { yamlGateway } from "../support/yaml-gateway.js";

const yaml = (mode: string) => `gateway: g
validateResponses: ${mode}
models: "interface Order { id: string; total: number }"
routes:
  GET /orders/{id}: { params: { id: string }, lambda: get, responses: { 200: Order, 404: "{ message: string }" } }
  GET /unchecked/{id}: { params: { id: string }, validateResponses: "off", lambda: get, responses: { 200: Order } }
  GET /mock: { mock: { id: 1 }, responses: { 200: Order } }
stages: { dev: {} }
`;
const handler = `const answers = {
  right: { statusCode: 200, body: '{"id":"a","total":1.5}' },
  wrong: { statusCode: 200, body: '{"id":"a","total":"1"}' },
  broken: { statusCode: 200, body: '{"id":' },
  text: { statusCode: 200, headers: { "Content-Type": "text/plain" }, body: "hello" },
  undeclared: { statusCode: 201, body: '{}' },
  none: { statusCode: 404, body: '{"message":1}' },
};
export const handler = async (event: any) => answers[event.pathParameters.id as keyof typeof answers];
`;

describe("validateResponses", () => {
  test("fail: an answer that is not of its type is a 500, and the log says why", async () => {
    const gateway = await yamlGateway(yaml("fail"), {}, { "handlers/get.ts": handler });
    const status = async (path: string) => (await gateway.ask(`GET /dev/${path}`)).status;
    expect(await status("orders/right")).toBe(200);
    expect(await status("orders/wrong")).toBe(500);
    expect(await status("orders/broken")).toBe(500);
    expect(await status("orders/none")).toBe(500);
    expect(await status("orders/text")).toBe(200);
    expect(await status("orders/undeclared")).toBe(201);
    expect(await status("unchecked/wrong")).toBe(200);
    expect(await status("mock")).toBe(500);
    expect(gateway.log[0]?.detail).toMatch(/the answer 200 is not of its declared type: ./);
    await gateway.close();
    gateway.remove();
  });

  test("warn: it is answered and logged", async () => {
    const gateway = await yamlGateway(yaml("warn"), {}, { "handlers/get.ts": handler });
    expect(await gateway.ask("GET /dev/orders/wrong")).toMatchObject({ status: 200, json: { total: "1" } });
    expect(gateway.log[0]?.message).toMatch(/the answer 200 is not of its declared type/);
    expect((await gateway.ask("GET /dev/orders/right")).status).toBe(200);
    expect(gateway.log).toHaveLength(1);
    await gateway.close();
    gateway.remove();
  });
});
