import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { enginePath } from "../../runtime/deploy/artefact.js";
import { StoreFollower } from "../../runtime/deploy/follow-store.js";
import { loadStage } from "../../runtime/deploy/load-stage.js";
import { changeSettings, deploy, startCanary } from "../../runtime/deploy/stage-actions.js";
import { DeploymentStore } from "../../runtime/deploy/store.js";
import { verifyArtefact } from "../../runtime/deploy/verify-artefact.js";

let folder: string;
let store: DeploymentStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateway-store-"));
  store = new DeploymentStore(join(folder, ".gateway"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const facts = {
  api: { name: "shop", version: "1.0.0", kind: "rest" as const, apiId: "abcdefghij" },
  stages: ["prod"],
  routes: ["GET /x"],
};
const now = new Date("2030-01-01T00:00:00Z");
/** A bundle that stands for a build; the text makes it another one. */
const bundle = (text: string, stage = "prod") => `// handlers/x.ts
var version = ${JSON.stringify(text)};
// gatewayc/runtime/host/main.js
export const program = { format: 2, name: version, routes: [], stages: [{ name: "${stage}", variables: [{ name: "color", value: version }, { name: "size", value: "big" }], log: "error" }] };
`;
const freeze = (text: string) => store.freeze({ bundle: text, facts, outputs: "build" }, now);
const put = (text: string) => {
  const { id } = freeze(bundle(text));
  store.update("prod", (record) =>
    deploy(record, { stage: "prod", api: "shop", deployment: id, at: now.toISOString() }),
  );
  return id;
};

describe("the store", () => {
  test("the same content has the same id, and is written once", () => {
    const first = freeze(bundle("a"));
    const again = store.freeze({ bundle: bundle("a"), facts, outputs: "build" }, new Date("2031-01-01T00:00:00Z"));
    expect(again).toEqual(first);
    expect(first.id).toMatch(/^[0-9a-f]{16}$/);
    expect(freeze(bundle("b")).id).not.toBe(first.id);
    expect(readdirSync(join(folder, ".gateway/deployments")).length).toBe(2);
    expect(Object.keys(first.modules)).toEqual(["handlers/x.ts"]);
  });

  test("nothing is left of a build that cannot be written", () => {
    // As where the disk is full: the last file fails.
    const unwritable = { ...facts, routes: [1n as unknown as string] };
    expect(() => store.freeze({ bundle: bundle("a"), facts: unwritable, outputs: "build" }, now)).toThrow(TypeError);
    expect(readdirSync(join(store.folder, "deployments"))).toEqual([]);
    expect(freeze(bundle("a")).id).toMatch(/^[0-9a-f]{16}$/);
  });

  test("an id may be shortened as long as it is clear", () => {
    const { id } = freeze(bundle("a"));
    expect(store.get(id.slice(0, 5)).id).toBe(id);
    expect(() => store.get("zz")).toThrow(/there is no deployment "zz"/);
    freeze(bundle("b"));
    expect(() => store.get("")).toThrow(/begins several/);
  });

  test("what was changed on the disk is neither frozen over nor loaded", async () => {
    const id = put("a");
    appendFileSync(store.bundleOf(id), "\n");
    expect(() => freeze(bundle("a"))).toThrow(/is damaged/);
    const record = store.stage("prod");
    if (record === undefined) throw new Error("no record");
    await expect(loadStage(store, record)).rejects.toThrow(/its hash differs/);
  });

  test("deployments with the same engine have one file of it; a changed one is not loaded, and is written anew", async () => {
    const engine = 'export const log = "error";\n';
    const frozen = (text: string) => {
      const program = `import { log } from "../../${enginePath(engine)}";\n${bundle(text).replace('"error"', "log")}`;
      return store.freeze({ bundle: bundle(text), program, engine, facts, outputs: "build" }, now);
    };
    const [a, b] = [frozen("a"), frozen("b")];
    const engines = join(store.folder, "engines");
    expect(readdirSync(engines)).toEqual([enginePath(engine).slice("engines/".length)]);
    const at = { stage: "prod", api: "shop", at: now.toISOString() };
    const record = store.update("prod", (before) => deploy(before, { ...at, deployment: a.id }));
    expect((await loadStage(store, record)).settings).toMatchObject({ log: "error" });
    appendFileSync(join(store.folder, enginePath(engine)), "// more\n");
    await expect(loadStage(store, { ...record, deployment: b.id, settings: b.id })).rejects.toThrow(/its hash differs/);
    frozen("c");
    expect(store.isWhole(b)).toBe(true);
  });

  test("a deployment that a stage points to is not removed; another is, and nothing of it is left", () => {
    const [first, second] = [put("a"), put("b")];
    expect(() => store.removeDeployment(second)).toThrow(
      "Active stages pointing to this deployment must be moved or deleted",
    );
    store.removeDeployment(first);
    expect(readdirSync(join(store.folder, "deployments"))).toEqual([second]);
  });

  test("a file that is no deployment or no stage is told, or passed over", () => {
    const id = put("a");
    writeFileSync(join(store.pathOf(id), "deployment.json"), "{");
    expect(() => store.find(id)).toThrow(/deployment\.json of \w+ is damaged/);
    writeFileSync(join(folder, ".gateway/stages/%zz.json"), "{}");
    expect(store.stageNames()).toEqual(["prod"]);
  });

  test("a lock that a dead process left is passed", () => {
    mkdirSync(join(folder, ".gateway/stages"), { recursive: true });
    const lock = `${store.stagePath("prod")}.lock`;
    writeFileSync(lock, "1");
    const old = new Date(Date.now() - 60_000);
    utimesSync(lock, old, old);
    expect(put("a")).toHaveLength(16);
    expect(readdirSync(join(folder, ".gateway/stages"))).toEqual(["prod.json"]);
  });
});

describe("what a stage points to", () => {
  test("settings by hand go over the file's; a null takes a variable away", async () => {
    put("a");
    const overrides = { variables: { color: "red", size: null, more: "x" }, log: "info" as const };
    const record = store.update("prod", (before) => changeSettings(before ?? neverThere(), { at: "", overrides }));
    const { settings, deploymentId } = await loadStage(store, record);
    expect(deploymentId).toBe(record.deployment);
    expect(settings).toMatchObject({
      log: "info",
      variables: [
        { name: "color", value: "red" },
        { name: "more", value: "x" },
      ],
    });
  });

  test("routes of one build, settings of another, a canary of a third", async () => {
    const [a, b, c] = [put("a"), freeze(bundle("b")).id, freeze(bundle("c")).id];
    const canary = { deployment: c, percent: 10, variables: [], useStageCache: true };
    store.update("prod", (before) => changeSettings(before ?? neverThere(), { at: "", settings: b }));
    const record = store.update("prod", (before) => startCanary(before ?? neverThere(), { at: "", canary }));
    const loaded = await loadStage(store, record);
    expect([loaded.program, loaded.canary?.program]).toMatchObject([{ name: "a" }, { name: "c" }]);
    expect(loaded.settings).toMatchObject({ variables: [{ value: "b" }, {}], canary: { percent: 10 } });
    expect([loaded.deploymentId, loaded.canary?.deploymentId]).toEqual([a, c]);
  });
});

describe("following", () => {
  test("each change is taken up, a bad one told and passed over, a removed stage left", async () => {
    const seen: string[] = [];
    const follower = new StoreFollower(store, {
      deploy: ({ program }) => void seen.push(String((program as { readonly name?: string }).name)),
      undeploy: ({ stage }) => void seen.push(`without ${stage}`),
      onProblem: (stage, error) => void seen.push(`${stage}: ${error instanceof Error ? error.message : error}`),
    });
    put("a");
    await follower.start();
    put("b");
    await expect.poll(() => seen, { timeout: 3000 }).toEqual(["a", "b"]);
    const id = put("c");
    await expect.poll(() => seen.at(-1), { timeout: 3000 }).toBe("c");
    rmSync(store.pathOf(id), { recursive: true });
    store.update("prod", (record) => ({ ...(record ?? neverThere()), overrides: { log: "off" } }));
    await expect.poll(() => seen.at(-1), { timeout: 3000 }).toMatch(/^prod: the deployment \w+ is not in /);
    store.removeStage("prod");
    await expect.poll(() => seen.at(-1), { timeout: 3000 }).toBe("without prod");
    follower.stop();
  });
});

describe("a build is tried in a process of its own", () => {
  const path = () => join(folder, "gateway.mjs");
  const tried = async (text: string) => {
    writeFileSync(path(), text);
    return (await verifyArtefact(path(), ["prod"])).problem;
  };
  const gateway = (more = "") =>
    `export const createGateway = ({ environment }) => { if (!environment.GATEWAY_TEST_MISSING) throw new Error("environment variables not set: GATEWAY_TEST_MISSING, GATEWAY_TEST_B"); return { inject: async () => ({ status: 200 }) }; };
export const program = { stages: [{ name: "prod" }], routes: [{ key: "GET /x", lambda: { functionName: "x", modules: new Map([["", async () => (${more || "{ handler() {} }"})]]) } }] };\n`;

  test("what loads and answers is good; what the environment lacks is named", async () => {
    writeFileSync(path(), gateway());
    expect(await verifyArtefact(path(), ["prod"])).toEqual({
      problem: undefined,
      missing: ["GATEWAY_TEST_B", "GATEWAY_TEST_MISSING"],
    });
  });

  test.each([
    ["no module", "export const = ;", /SyntaxError/],
    ["no gateway", "export const x = 1;", /exports no program/],
    ["a handler that is none", gateway("{ handler: 5 }"), /GET \/x: the function x exports no handler/],
    ["a handler that throws", gateway('(() => { throw new TypeError("no") })()'), /does not load: TypeError: no/],
    ["one that ends the process", `process.exit(3);\n${gateway()}`, /ended with code 3/],
  ])("not good: %s", async (_name, text, problem) => {
    expect(await tried(text)).toMatch(problem);
  });
});

function neverThere(): never {
  throw new Error("there is a record");
}
