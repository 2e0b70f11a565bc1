import { afterEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { contextValue } from "../../runtime/http/context-value.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import type { CanaryEntry, Program, StageEntry } from "../../runtime/program.js";
import { testProgram, testRoute } from "../support/program.js";

let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

const stage = (name: string, more: Partial<StageEntry> = {}): StageEntry => ({
  name,
  variables: [],
  log: "off",
  ...more,
});

/** A build whose route says which it is, where it runs and with what. */
function versioned(
  version: string,
  api: Partial<Program["api"]> = {},
  stages = [stage("dev"), stage("prod")],
): Program {
  const route = testRoute("GET /v", (x) =>
    x.answer(
      200,
      ["X-Canary", contextValue(x, "isCanaryRequest") ?? ""],
      `${version} ${x.stage.name} ${[...x.stage.variables].map((pair) => pair.join("=")).join(",")} ${x.stage.deploymentId}`,
    ),
  );
  return testProgram([route], { api, stages });
}

const get = async (path: string, headers: readonly string[] = []) => {
  const answer = await (gateway as Gateway).inject({ path, headers });
  return answer.body.toString("utf8");
};

describe("deployments", () => {
  test("two stages have different deployments, and one changes without the other", async () => {
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program: versioned("one"), deploymentId: "d1" },
        { stage: "next", program: versioned("two"), settings: stage("next"), deploymentId: "d2" },
      ],
    });
    expect([await get("/prod/v"), await get("/next/v")]).toEqual(["one prod  d1", "two next  d2"]);
    gateway.deploy([{ stage: "prod", program: versioned("three"), deploymentId: "d3" }]);
    expect([await get("/prod/v"), await get("/next/v")]).toEqual(["three prod  d3", "two next  d2"]);
    gateway.undeploy("test", "next");
    expect(await get("/next/v")).toBe('{"message":"Forbidden"}');
    expect(() => gateway?.undeploy("test", "prod")).toThrow(/last stage/);
  });

  test("two stages that claim one base path are told, once; the first has it until it lets go", async () => {
    const log: LogRecord[] = [];
    const domains = (name: string) => [
      { name: "api.example.com", tls: undefined, paths: [{ basePath: "v1", stage: name }] },
    ];
    const deployed = (name: string, version: string, claimed = name) => {
      return { stage: name, program: versioned(version), deploymentId: version, domains: domains(claimed) };
    };
    const logger = { write: (record: LogRecord) => void log.push(record) };
    gateway = createGateway({
      environment: {},
      logger,
      deployments: [deployed("prod", "one"), deployed("dev", "two")],
    });
    const host = ["Host", "api.example.com"];
    expect(await get("/v1/v", host)).toBe("one prod  one");
    gateway.deploy([deployed("dev", "three")]);
    expect(log).toEqual([
      {
        ...{ level: "error", message: "two stages claim one base path of a domain", stage: "dev" },
        detail: 'api.example.com/v1 leads to stage "prod" of "test", not to stage "dev" of "test"',
      },
    ]);
    gateway.deploy([deployed("prod", "four", "elsewhere")]);
    expect(await get("/v1/v", host)).toBe("three dev  three");
    gateway.deploy([deployed("prod", "five")]);
    expect(log).toHaveLength(2);
  });

  test("settings change without a deployment: the build stays", async () => {
    const program = versioned("one");
    gateway = createGateway({ environment: { COLOR: "red" }, deployments: [{ stage: "prod", program }] });
    const variables = [{ name: "color", value: [{ env: "COLOR" }, "dish"] }];
    gateway.deploy([{ stage: "prod", program, settings: stage("prod", { variables }), deploymentId: "d" }]);
    expect(await get("/prod/v")).toBe("one prod color=reddish d");
  });

  test("what cannot be served changes nothing, not even the part that could", async () => {
    gateway = createGateway({ environment: {}, deployments: [{ stage: "prod", program: versioned("one") }] });
    const bad = stage("dev", { variables: [{ name: "a", value: [{ env: "NOT_THERE" }] }] });
    const both = [
      { stage: "prod", program: versioned("two") },
      { stage: "dev", program: versioned("two"), settings: bad },
    ];
    expect(() => gateway?.deploy(both)).toThrow("environment variable not set: NOT_THERE");
    expect(() => gateway?.deploy([{ stage: "x", program: versioned("two") }])).toThrow(/has no stage "x"/);
    expect(await get("/prod/v")).toMatch(/^one/);
  });

  test("what the environment gives a stage variable must be what API Gateway takes", () => {
    const variables = [
      { name: "color", value: [{ env: "COLOR" }] },
      { name: "place", value: ["near-", { env: "PLACE" }] },
    ];
    const program = versioned("one", {}, [stage("dev", { variables })]);
    const serve = (environment: Record<string, string>) => createGateway({ environment, program }).close();
    expect(() => serve({ COLOR: "light blue", PLACE: "here" })).toThrow(
      /values that API Gateway does not take: "color" of "dev"; /,
    );
    expect(() => serve({ COLOR: "", PLACE: "x".repeat(510) })).toThrow(/"color" of "dev", "place" of "dev"/);
    expect(() => serve({ COLOR: "blue", PLACE: "here" })).not.toThrow();
  });

  test("several APIs: by host, by the path's first segment, and stages that one alone has by their name", async () => {
    gateway = createGateway({
      environment: {},
      deployments: [
        { stage: "prod", program: versioned("shop", { name: "shop", apiId: "aaaaaaaaaa" }) },
        { stage: "dev", program: versioned("shop", { name: "shop", apiId: "aaaaaaaaaa" }) },
        { stage: "prod", program: versioned("users", { name: "Users", apiId: "bbbbbbbbbb" }) },
      ],
    });
    expect(await get("/shop/prod/v")).toMatch(/^shop prod/);
    expect(await get("/users/prod/v")).toMatch(/^users prod/);
    expect(await get("/dev/v")).toMatch(/^shop dev/);
    expect(await get("/prod/v")).toBe('{"message":"Forbidden"}');
    const at = (host: string) => get("/prod/v", ["Host", host]);
    expect(await at("bbbbbbbbbb.execute-api.eu-west-1.amazonaws.com")).toMatch(/^users/);
    expect(await at("shop.localhost:8080")).toMatch(/^shop/);
  });
});

describe("canary", () => {
  const canary = (entry: Partial<CanaryEntry>): CanaryEntry => ({
    percent: 0,
    variables: [{ name: "color", value: "yellow" }],
    useStageCache: false,
    ...entry,
  });
  const serveCanary = (entry: Partial<CanaryEntry>) => {
    const variables = [
      { name: "color", value: "blue" },
      { name: "place", value: "here" },
    ];
    gateway = createGateway({
      environment: {},
      deployments: [
        {
          stage: "prod",
          program: versioned("base"),
          deploymentId: "d1",
          settings: stage("prod", { variables, canary: canary(entry) }),
          canary: { program: versioned("canary"), deploymentId: "d2" },
        },
      ],
    });
  };
  const base = "base prod color=blue,place=here d1";
  const other = "canary prod color=yellow,place=here d2";

  test("the share that is asked for goes to the canary's own deployment, with its variables", async () => {
    serveCanary({ percent: 30 });
    const seen = await Promise.all(Array.from({ length: 600 }, () => get("/prod/v")));
    const share = seen.filter((text) => text === other).length / 600;
    expect(new Set(seen)).toEqual(new Set([base, other]));
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.4);
  });

  test("by a header where one is allowed, and by no other", async () => {
    serveCanary({ percent: 0, header: "x-canary" });
    expect(await get("/prod/v", ["X-Canary", "always"])).toBe(other);
    serveCanary({ percent: 100, header: "x-canary" });
    expect(await get("/prod/v", ["X-Canary", "never"])).toBe(base);
    serveCanary({ percent: 0 });
    expect(await get("/prod/v", ["X-Canary", "always"])).toBe(base);
  });

  test("a sticky key keeps a client on its side, and a larger share keeps those who are there", async () => {
    const sideOf = async (percent: number) => {
      serveCanary({ percent, sticky: { from: "header", name: "x-user" } });
      const users = Array.from({ length: 200 }, (_, at) => `user${at}`);
      const first = await Promise.all(users.map((user) => get("/prod/v", ["X-User", user])));
      const second = await Promise.all(users.map((user) => get("/prod/v", ["X-User", user])));
      expect(second).toEqual(first);
      return users.filter((_, at) => first[at] === other);
    };
    const few = await sideOf(20);
    const many = await sideOf(50);
    expect(few.length).toBeGreaterThan(20);
    expect(many.length).toBeLessThan(140);
    expect(many).toEqual(expect.arrayContaining(few));
    serveCanary({ percent: 50, sticky: { from: "querystring", name: "user" } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("/prod/v?user=ann")));
    expect(new Set(answers).size).toBe(1);
  });

  test("one Program can serve both sides; only the variables differ", async () => {
    const variables = [{ name: "color", value: "blue" }];
    const settings = stage("prod", { variables, canary: canary({ percent: 100 }) });
    gateway = createGateway({ environment: {}, program: versioned("one", {}, [stage("dev"), settings]) });
    const answer = await gateway.inject({ path: "/prod/v" });
    expect(answer.body.toString("utf8")).toMatch(/^one prod color=yellow /);
    expect(answer.headers).toEqual(expect.arrayContaining(["X-Canary", "true"]));
  });

  test("$context.isCanaryRequest is there only beside a canary", async () => {
    const wordOf = async (path: string) => {
      const { headers } = await (gateway as Gateway).inject({ path });
      return headers[headers.indexOf("X-Canary") + 1];
    };
    serveCanary({ percent: 0 });
    expect(await wordOf("/prod/v")).toBe("false");
    serveCanary({ percent: 100 });
    expect(await wordOf("/prod/v")).toBe("true");
    await gateway?.close({ drainMs: 0 });
    const settings = stage("prod", { canary: canary({ percent: 0 }) });
    gateway = createGateway({ environment: {}, program: versioned("one", {}, [stage("dev"), settings]) });
    expect(await wordOf("/prod/v")).toBe("false");
    expect(await wordOf("/dev/v")).toBe("");
  });

  test("its cache is its own unless it shares the stage's", () => {
    const namesOf = (useStageCache: boolean) => {
      serveCanary({ useStageCache });
      const slot = gateway?.apis[0]?.slots[0];
      return [slot?.live.cacheName, slot?.canary?.live.cacheName];
    };
    expect(namesOf(false)).toEqual(["prod", "prod/Canary"]);
    expect(namesOf(true)).toEqual(["prod", "prod"]);
  });
});
