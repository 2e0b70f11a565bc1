import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildFixture } from "../support/build-fixture.js";
import { startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";
import { differences, type Step, scenario, scenarioSteps } from "./observations.js";

const fixture = join(root, "fixtures/sdk-scenario");

/** Browsers ask before they send, and show scripts only what they are told to. */
const cors = `
cors:
  origins: "*"
  headers: [Content-Type, Authorization, X-Api-Key, X-Amz-Date, X-Amz-Security-Token, Idempotency-Key, X-Note, X-Count]
  exposeHeaders: [X-Amzn-RequestId, Retry-After]
`;

/** What is bundled for the web sets this. */
type RunScenario = (text: string, names: readonly string[], baseUrl: string) => Promise<readonly string[]>;

describe("the TypeScript SDK, bundled for the web, makes the calls of the scenario", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-web-"));
  let bundle: string;
  let program: string;

  beforeAll(async () => {
    cpSync(fixture, folder, { recursive: true, filter: (path) => !/\/(build|golden)$/.test(path) });
    const yaml = readFileSync(join(folder, "gateway.yaml"), "utf8");
    // No browser sends a header with a handshake.
    edit("gateway.yaml", () => yaml.replace("$request.header.X-Client", "$request.querystring.xClient") + cors);
    edit("handlers/admitGuest.ts", (text) => text.replace('request.header("X-Client")', 'request.query("xClient")'));
    bundle = await buildFixture(folder);
    program = await bundled(join(folder, "build/sdk/typescript"));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function edit(file: string, change: (text: string) => string): void {
    const before = readFileSync(join(folder, file), "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(join(folder, file), after);
  }

  async function againstGateway(use: (url: string) => Promise<void>): Promise<void> {
    const gateway = await startGateway(bundle, {
      GOOD_KEY: "good-key-good-key-good-key",
      SPENT_KEY: "spent-key-spent-key-spent-key",
      GATEWAY_PRINCIPALS: join(folder, "principals.json"),
    });
    try {
      await use(`${gateway.url}/dev`);
    } finally {
      await gateway.stop();
    }
  }

  const browserPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  const hasBrowser = existsSync(browserPath);
  if (!hasBrowser && process.env["CI"]) throw new Error("Chromium is missing");

  test.skipIf(!hasBrowser)("in Chromium, from a page of another origin", { timeout: 120_000 }, () =>
    againstGateway(async (url) => {
      // Messages of one frame only, and browsers do not say why a handshake was refused.
      const steps = scenarioSteps()
        .filter(({ name }) => name !== "a message of several frames")
        .map(withoutReasons);
      const page = await openPage(browserPath, program);
      try {
        const given = [readFileSync(scenario, "utf8"), steps.map(({ name }) => name), url];
        expect(differences(steps, await page.call("runScenario", given))).toEqual([]);
        expect(page.problems).toEqual([]);
      } finally {
        await page.close();
      }
    }),
  );

  test("in an edge runtime, which has neither Node's modules nor WebSockets", { timeout: 60_000 }, () =>
    againstGateway(async (url) => {
      const steps = scenarioSteps().filter(({ socket }) => socket === undefined);
      const vm = new EdgeVM();
      vm.evaluate(program);
      const run = vm.evaluate("runScenario") as RunScenario;
      const names = steps.map(({ name }) => name);
      expect(differences(steps, await run(readFileSync(scenario, "utf8"), names, url))).toEqual([]);
    }),
  );
});

/** What a browser does not tell is not asked for. */
function withoutReasons(step: Step): Step {
  const { problem } = step.observe;
  if (problem === undefined) return step;
  const told = Object.entries(problem).filter(([name]) => name !== "status");
  return { ...step, observe: { problem: Object.fromEntries(told) } };
}

/** The SDK and the scenario's steps as one script, for platforms that have nothing but the web's own. */
async function bundled(sdk: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as sdk from "./index.js";
import * as sockets from "./socket.js";
import * as integers from "./runtime/exact-json.js";
import { runScenario } from ${JSON.stringify(join(root, "test/sdk/runners/typescript-steps.mjs"))};
globalThis.runScenario = async (scenario, names, baseUrl) => {
  const lines = [];
  const isBrowser = typeof document === "object";
  await runScenario({ sdk, sockets, integers, platform: { isBrowser }, scenario, names, baseUrl, print: (line) => lines.push(line) });
  return lines;
};`,
      resolveDir: sdk,
    },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: ["chrome110", "safari16", "firefox110"],
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

interface OpenPage {
  /** Calls a function of the page's script. */
  call(name: string, given: readonly unknown[]): Promise<readonly string[]>;
  /** Errors that nothing has caught. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

async function openPage(browserPath: string, program: string): Promise<OpenPage> {
  const server = createServer((request, response) => {
    const isPage = request.url === "/";
    response
      .writeHead(200, { "content-type": isPage ? "text/html" : "text/javascript" })
      .end(isPage ? '<!doctype html><meta charset="utf-8"><script src="/app.js"></script>' : program);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    call: (name, given) => page.evaluate(`${name}(...${JSON.stringify(given)})`),
    problems,
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
