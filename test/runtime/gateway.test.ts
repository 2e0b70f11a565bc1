import { afterEach, expect, test } from "vitest";
import { createGateway, type Gateway, type GatewayOptions } from "../../runtime/host/gateway.js";
import { testProgram, testRoute } from "../support/program.js";

let gateway: Gateway | undefined;
afterEach(() => gateway?.close({ drainMs: 0 }));

async function listening(options: GatewayOptions): Promise<string> {
  gateway = createGateway(options);
  const { url } = await gateway.listen();
  return url;
}

test("a mock route answers over a socket with the service's headers", async () => {
  const hello = testRoute("GET /hello", (x) => x.answer(200, ["Content-Type", "text/plain"], "hello"));
  const url = await listening({ program: testProgram([hello]) });
  const response = await fetch(`${url}/dev/hello`);
  expect(await response.text()).toBe("hello");
  expect(response.status).toBe(200);
  expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  expect(response.headers.get("x-amz-apigw-id")).toMatch(/^[\w-]{15}=$/);
  expect(response.headers.get("x-amzn-trace-id")).toBeNull();
});

test("an unknown path is 403 Missing Authentication Token, an unknown stage 403 Forbidden", async () => {
  const url = await listening({ program: testProgram([testRoute("GET /hello")]) });
  const missing = await fetch(`${url}/dev/nope`);
  expect([missing.status, await missing.text()]).toEqual([403, '{"message":"Missing Authentication Token"}']);
  expect(missing.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
  const stage = await fetch(`${url}/nope/hello`);
  expect([stage.status, await stage.text()]).toEqual([403, '{"message":"Forbidden"}']);
  expect(stage.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
});

test("inject goes through the same layer without a network", async () => {
  gateway = createGateway({ program: testProgram([testRoute("POST /orders/{id}")]) });
  const response = await gateway.inject({ method: "POST", path: "/dev/orders/7%207/", body: "x" });
  expect(response.status).toBe(200);
  expect(JSON.parse(response.body.toString())).toMatchObject({ key: "POST /orders/{id}", values: ["7%207"] });
});
