import { expect, test } from "vitest";
import { createGateway } from "../../runtime/host/gateway.js";
import { corsPreflight } from "../../runtime/http/cors.js";
import type { CorsEntry } from "../../runtime/program.js";
import { testProgram, testRoute } from "../support/program.js";

const cors: CorsEntry = {
  allowOrigins: ["https://a.example"],
  allowMethods: "GET,OPTIONS",
  allowHeaders: "Content-Type",
  exposeHeaders: "",
  allowCredentials: false,
  maxAgeSeconds: undefined,
};

const preflight = (origin: string) => ["Origin", origin, "Access-Control-Request-Method", "GET"];

interface Asked {
  readonly status: number;
  readonly fields: ReadonlyMap<string, string>;
}

async function rest(entry: CorsEntry, headers: readonly string[]): Promise<Asked> {
  const program = testProgram([testRoute("OPTIONS /x", corsPreflight, { cors: entry })]);
  return ask(program, "OPTIONS", "/dev/x", headers);
}

async function http(entry: CorsEntry, method: string, headers: readonly string[]): Promise<Asked> {
  const route = testRoute("GET /x", (x) => x.answer(200, ["Access-Control-Allow-Origin", "https://backend"], "x"));
  const stages = [{ name: "$default", variables: [], log: "off" as const }];
  return ask(testProgram([route], { api: { kind: "http", cors: entry }, stages }), method, "/x", headers);
}

async function ask(
  program: Parameters<typeof createGateway>[0]["program"],
  method: string,
  path: string,
  headers: readonly string[],
) {
  const answer = await createGateway({ program }).inject({ method, path, headers });
  const fields = new Map<string, string>();
  for (let at = 0; at < answer.headers.length; at += 2) {
    fields.set((answer.headers[at] as string).toLowerCase(), answer.headers[at + 1] as string);
  }
  return { status: answer.status, fields };
}

test("REST, one origin: the constant headers of a MOCK method", async () => {
  const { status, fields } = await rest(
    { ...cors, maxAgeSeconds: 600, allowCredentials: true },
    preflight("https://b"),
  );
  expect(status).toBe(200);
  expect(fields.get("access-control-allow-origin")).toBe("https://a.example");
  expect(fields.get("access-control-allow-methods")).toBe("GET,OPTIONS");
  expect(fields.get("access-control-allow-headers")).toBe("Content-Type");
  expect(fields.get("access-control-allow-credentials")).toBe("true");
  expect(fields.get("access-control-max-age")).toBe("600");
});

test("REST, several origins: the caller's own when it is one of them", async () => {
  const several = { ...cors, allowOrigins: ["https://a.example", "https://b.example"] };
  const { fields } = await rest(several, preflight("https://b.example"));
  expect([fields.get("access-control-allow-origin"), fields.get("vary")]).toEqual(["https://b.example", "Origin"]);
  const other = await rest(several, preflight("https://b.example.evil"));
  expect(other.fields.has("access-control-allow-origin")).toBe(false);
  expect(other.fields.get("access-control-allow-methods")).toBe("GET,OPTIONS");
  const pattern = { ...cors, allowOrigins: ["https://*.example.com"] };
  const below = await rest(pattern, preflight("https://a.example.com"));
  expect(below.fields.get("access-control-allow-origin")).toBe("https://a.example.com");
  expect((await rest(pattern, preflight("https://example.com"))).fields.has("access-control-allow-origin")).toBe(false);
});

test("HTTP API: the service answers the preflight without a route", async () => {
  const { status, fields } = await http(cors, "OPTIONS", preflight("https://a.example"));
  expect(status).toBe(204);
  expect(fields.get("access-control-allow-origin")).toBe("https://a.example");
  expect(fields.get("access-control-allow-methods")).toBe("GET,OPTIONS");
  expect(fields.has("content-length")).toBe(false);
  const refused = await http(cors, "OPTIONS", preflight("https://evil.example"));
  expect([refused.status, refused.fields.has("access-control-allow-origin")]).toEqual([204, false]);
});

test("HTTP API: backend CORS headers are replaced; without Origin there are none", async () => {
  const exposed = { ...cors, exposeHeaders: "X-A" };
  const allowed = await http(exposed, "GET", ["Origin", "https://a.example"]);
  expect(allowed.fields.get("access-control-allow-origin")).toBe("https://a.example");
  expect(allowed.fields.get("access-control-expose-headers")).toBe("X-A");
  expect((await http(exposed, "GET", [])).fields.has("access-control-allow-origin")).toBe(false);
  const evil = await http(exposed, "GET", ["Origin", "https://evil.example"]);
  expect(evil.fields.has("access-control-allow-origin")).toBe(false);
});

test("HTTP API: OPTIONS without the preflight's headers is an ordinary request; errors carry CORS headers too", async () => {
  const plain = await http(cors, "OPTIONS", ["Origin", "https://a.example"]);
  expect(plain.status).toBe(404);
  expect(plain.fields.get("access-control-allow-origin")).toBe("https://a.example");
});

test("`*`, and all of a scheme", async () => {
  const any = await http({ ...cors, allowOrigins: ["*"] }, "GET", ["Origin", "https://x.example"]);
  expect([any.fields.get("access-control-allow-origin"), any.fields.has("vary")]).toEqual(["*", false]);
  const secure = { ...cors, allowOrigins: ["https://*"] };
  const https = await http(secure, "GET", ["Origin", "https://x.example"]);
  expect(https.fields.get("access-control-allow-origin")).toBe("https://x.example");
  const httpOnly = await http(secure, "GET", ["Origin", "http://x.example"]);
  expect(httpOnly.fields.has("access-control-allow-origin")).toBe(false);
});
