import { afterEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { TlsFront } from "../../runtime/host/tls/tls-front.js";
import { contextValue } from "../../runtime/http/context-value.js";
import type { DomainEntry, Program } from "../../runtime/program.js";
import { testProgram, testRoute } from "../support/program.js";

let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

const said = (version: string, kind: "rest" | "http" = "rest", more: Partial<Program["api"]> = {}) =>
  testProgram(
    [
      testRoute("ANY /{proxy+}", (x) =>
        x.answer(
          200,
          [],
          [
            version,
            x.stage.name,
            x.path,
            x.rawPath,
            contextValue(x, "customDomain.basePathMatched"),
            contextValue(x, "domainName"),
          ].join(" "),
        ),
      ),
      testRoute("ANY /", (x) => x.answer(200, [], `${version} root ${x.path}`)),
    ],
    {
      api: { kind, name: `api-${version}`, apiId: version.padEnd(10, "x"), ...more },
      stages: [{ name: "prod", variables: [], log: "off" }],
    },
  );

const domain = (name: string, ...paths: string[]): DomainEntry => ({
  name,
  tls: undefined,
  paths: paths.map((basePath) => ({ basePath, stage: "prod" })),
});

const ask = async (host: string, path: string) => {
  const answer = await (gateway as Gateway).inject({ path, headers: ["Host", host] });
  return answer.status === 200 ? answer.body.toString("utf8") : `${answer.status} ${answer.body.toString("utf8")}`;
};

describe("base paths (aws-behaviour.md section 24)", () => {
  test("the longest that fits in whole segments wins; the empty one catches all", async () => {
    const name = "api.example.com";
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program: said("one"), domains: [domain(name, "")] },
        { stage: "prod", program: said("two"), domains: [domain(name, "orders")] },
        { stage: "prod", program: said("three"), domains: [domain(name, "orders/v2/items")] },
        { stage: "prod", program: said("four"), domains: [domain(name, "orders/v2/items/categories")] },
      ],
    });
    const rows: [string, string][] = [
      ["/orders/v1/items/123", "two prod /v1/items/123 /orders/v1/items/123 orders api.example.com"],
      ["/orders/v2/items/123", "three prod /123 /orders/v2/items/123 orders/v2/items api.example.com"],
      [
        "/orders/v2/items/categories/5",
        "four prod /5 /orders/v2/items/categories/5 orders/v2/items/categories api.example.com",
      ],
      ["/customers", "one prod /customers /customers  api.example.com"],
      ["/ordersx/1", "one prod /ordersx/1 /ordersx/1  api.example.com"],
      ["/orders", "two root /"],
      ["/orders/", "two root /"],
      ["/", "one root /"],
      ["//orders//a", "two prod /a /orders//a orders api.example.com"],
    ];
    for (const [path, answer] of rows) expect([path, await ask(name, path)]).toEqual([path, answer]);
    expect(await ask("API.example.com:8443", "/orders/x")).toMatch(/^two prod \/x/);
  });

  test("a path that no mapping fits is Forbidden; HTTP APIs say Not Found", async () => {
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program: said("rest"), domains: [domain("rest.example.com", "v1")] },
        { stage: "prod", program: said("http", "http"), domains: [domain("http.example.com", "v1")] },
      ],
    });
    expect(await ask("rest.example.com", "/v2/x")).toBe('403 {"message":"Forbidden"}');
    expect(await ask("rest.example.com", "/prod/x")).toBe('403 {"message":"Forbidden"}');
    expect(await ask("http.example.com", "/v2/x")).toBe('404 {"message":"Not Found"}');
    expect(await ask("http.example.com", "/v1/x")).toMatch(/^http prod \/x \/v1\/x v1/);
  });

  test("a wildcard stands for one label, and a full name goes before it", async () => {
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program: said("any"), domains: [domain("*.example.com", "")] },
        { stage: "prod", program: said("own"), domains: [domain("api.example.com", "")] },
      ],
    });
    expect(await ask("shop.example.com", "/x")).toMatch(/^any .* shop\.example\.com$/);
    expect(await ask("api.example.com", "/x")).toMatch(/^own/);
    expect(await ask("a.b.example.com", "/x")).toMatch(/^403/);
  });

  test("an API without an endpoint of its own is found by its domain only", async () => {
    const closed = (kind: "rest" | "http") => said("one", kind, { disableExecuteApiEndpoint: true });
    for (const [kind, answer] of [
      ["rest", '403 {"message":"Forbidden"}'],
      ["http", '404 {"message":"Not Found"}'],
    ] as const) {
      gateway = createGateway({
        environment: {},
        deployments: [{ stage: "prod", program: closed(kind), domains: [domain("api.example.com", "")] }],
      });
      expect(await ask("127.0.0.1:8080", "/prod/x")).toBe(answer);
      expect(await ask("api.example.com", "/x")).toMatch(/^one/);
    }
  });

  test("a deployment moves a base path from one stage to another", async () => {
    const program = said("one");
    const stages = (name: string) => ({ name, variables: [], log: "off" as const });
    const led = (stage: string): DomainEntry => ({
      name: "api.example.com",
      tls: undefined,
      paths: [{ basePath: "v1", stage }],
    });
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program, domains: [led("prod")] },
        { stage: "next", program, settings: stages("next"), domains: [led("prod")] },
      ],
    });
    expect(await ask("api.example.com", "/v1/x")).toMatch(/^one prod/);
    gateway.deploy([
      { stage: "prod", program, domains: [led("next")] },
      { stage: "next", program, settings: stages("next"), domains: [led("next")] },
    ]);
    expect(await ask("api.example.com", "/v1/x")).toMatch(/^one next/);
  });
});

describe("without TLS", () => {
  const secure: DomainEntry = {
    ...domain("api.example.com", ""),
    tls: { certificate: "c.pem", key: "k.pem", clientCa: undefined, securityPolicy: "TLS_1_2" },
  };
  const begin = (trustedProxies: readonly string[], entry = secure) => {
    const program = { ...said("one"), domains: { list: [entry], front: TlsFront } };
    gateway = createGateway({ environment: {}, program, trustedProxies });
  };
  const location = async (method: string, path: string, headers: readonly string[] = []) => {
    const answer = await (gateway as Gateway).inject({
      method,
      path,
      headers: ["Host", "api.example.com:80", ...headers],
    });
    return [answer.status, answer.headers[answer.headers.indexOf("Location") + 1]];
  };

  test("a client is sent to where there is TLS", async () => {
    begin([]);
    expect(await location("GET", "/a%20b?c=d")).toEqual([301, "https://api.example.com/a%20b?c=d"]);
    expect(await location("POST", "/a")).toEqual([307, "https://api.example.com/a"]);
    expect((await location("GET", "/a", ["X-Forwarded-Proto", "https"]))[0]).toBe(301);
  });

  test("a trusted proxy that ends TLS passes, but not for mutual TLS", async () => {
    begin(["127.0.0.1"]);
    expect((await location("GET", "/a", ["X-Forwarded-Proto", "https"]))[0]).toBe(200);
    expect((await location("GET", "/a"))[0]).toBe(301);
    const tls = secure.tls && { ...secure.tls, clientCa: "ca.pem" };
    begin(["127.0.0.1"], { ...secure, tls });
    expect((await location("GET", "/a", ["X-Forwarded-Proto", "https"]))[0]).toBe(403);
  });
});
