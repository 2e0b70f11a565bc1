import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { go, goEnvironment, isWithoutGo } from "../generators/sdk-go/go.js";
import { isWithoutJava } from "../generators/sdk-java/java.js";
import { isSkipped, python } from "../generators/sdk-python/python.js";
import { buildFixture } from "../support/build-fixture.js";
import { type RunningGateway, startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";
import { differences, scenario, scenarioSteps } from "./observations.js";

/** How a language makes the calls: a program of its own that prints an observation a line. A further one is a further entry. */
interface Runner {
  readonly language: string;
  /** Undefined where its tools are missing. */
  readonly command: (context: {
    readonly sdk: string;
    readonly scenario: string;
    readonly url: string;
  }) => readonly string[] | undefined;
}

const here = join(root, "test/sdk");
const fixture = join(root, "fixtures/sdk-scenario");
const pythonRunner = (mode: string): Runner => ({
  language: `Python, ${mode}`,
  command: ({ sdk, scenario, url }) =>
    isSkipped() || python === undefined
      ? undefined
      : [python, join(here, "runners/python.py"), join(sdk, "python/src"), scenario, url, mode],
});
/** All is compiled once, the runner in the package of the SDK. */
const javaRunner = (mode: string): Runner => ({
  language: `Java, ${mode}`,
  command: ({ sdk, scenario, url }) => {
    if (isWithoutJava()) return undefined;
    const [out, sources] = [join(sdk, "java-out"), join(sdk, "java/src/main/java/scenario")];
    if (!existsSync(out)) {
      for (const name of ["Main.java", "Sockets.java"]) cpSync(join(here, "runners", name), join(sources, name));
      const files = readdirSync(sources).map((name) => join(sources, name));
      execFileSync("javac", ["--release", "17", "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", out, ...files]);
    }
    return ["java", "-cp", out, "scenario.Main", scenario, url, mode];
  },
});
const runners: readonly Runner[] = [
  {
    language: "TypeScript",
    command: ({ sdk, scenario, url }) => [
      process.execPath,
      join(here, "runners/typescript.mjs"),
      join(sdk, "typescript"),
      scenario,
      url,
    ],
  },
  pythonRunner("sync"),
  pythonRunner("async"),
  pythonRunner("httpx"),
  {
    language: "Go",
    command: ({ sdk, scenario, url }) => {
      if (isWithoutGo() || go === undefined) return undefined;
      const folder = join(sdk, "go-runner");
      mkdirSync(folder);
      for (const name of ["main.go", "sockets.go"]) cpSync(join(here, "runners", name), join(folder, name));
      const needs = "require scenario v0.0.0\n\nreplace scenario => ../go\n";
      writeFileSync(join(folder, "go.mod"), `module runner\n\ngo 1.23\n\n${needs}`);
      return [go, "run", "-C", folder, ".", scenario, url];
    },
  },
  javaRunner("sync"),
  javaRunner("async"),
];

const run = promisify(execFile);

describe("the same calls by every SDK, against the gateway that was generated with it", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-scenario-"));
  let bundle: string;
  let gateway: RunningGateway | undefined;
  beforeAll(async () => {
    cpSync(fixture, folder, { recursive: true, filter: (path) => !/\/(build|golden)$/.test(path) });
    bundle = await buildFixture(folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const { language, command } of runners) {
    test(language, { timeout: 120_000 }, async () => {
      gateway = await startGateway(bundle, {
        GOOD_KEY: "good-key-good-key-good-key",
        SPENT_KEY: "spent-key-spent-key-spent-key",
        GATEWAY_PRINCIPALS: join(folder, "principals.json"),
      });
      try {
        const line = command({ sdk: join(folder, "build/sdk"), scenario, url: `${gateway.url}/dev` });
        if (line === undefined) return;
        const [program = "", ...args] = line;
        const { stdout } = await run(program, args, { cwd: tmpdir(), maxBuffer: 1024 * 1024, env: goEnvironment });
        expect(differences(scenarioSteps(), stdout.trim().split("\n"))).toEqual([]);
      } finally {
        await gateway.stop();
      }
    });
  }
});
