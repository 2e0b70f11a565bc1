import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/diagnostics/catalogue.js";
import { gateway, project } from "./support.js";

const shop = `gateway: shop
version: 1.0.0
timeout: 3s
cors: { origins: ["https://shop.example.com"] }
routes:
  GET /orders/{id}:
    params: { id: uuid }
    query: { full: boolean }
    lambda: getOrder
  GET /health: { mock: { status: ok } }
`;

describe("explain", () => {
  test("lists the codes, and explains each", async () => {
    const list = await gateway("explain");
    expect(list.code).toBe(0);
    for (const code of Object.keys(catalogue)) {
      expect(list.out).toContain(`${code} (`);
      const page = await gateway("explain", code);
      expect(page, code).toMatchObject({ code: 0, error: "" });
      expect(page.out.length, code).toBeGreaterThan(code.length + 20);
    }
  });

  test("a slip is told, with the code that is meant", async () => {
    const result = await gateway("explain", "unknown-authoriser");
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.error).toContain('did you mean "unknown-authorizer"?');
  });

  test("tells what a route does", async () => {
    const file = join(project({ "gateway.yaml": shop }), "gateway.yaml");
    const result = await gateway("explain", "GET", "/orders/{id}", "--file", file);
    expect(result).toMatchObject({ code: 0, error: "" });
    for (const part of ["GET /orders/{id}", "getOrder", "full"]) expect(result.out).toContain(part);
    expect((await gateway("explain", "GET /orders/{id}", "--file", file)).out).toBe(result.out);
  });

  test("a route that is not there is told in one line, with a near one", async () => {
    const file = join(project({ "gateway.yaml": shop }), "gateway.yaml");
    const result = await gateway("explain", "GET", "/order/{id}", "--file", file);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.error).toMatch(/^gateway: [^\n]*GET \/orders\/\{id\}[^\n]*\n$/);
  });

  test("a file with mistakes shows them", async () => {
    const file = join(project({ "gateway.yaml": shop.replace("lambda", "lamda") }), "gateway.yaml");
    const result = await gateway("explain", "GET /health", "--file", file);
    expect(result.code).toBe(1);
    expect(result.error).toContain("error[unknown-key]");
  });
});
