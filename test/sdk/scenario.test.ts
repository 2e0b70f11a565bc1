import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
import { readExact } from "./exact-json.js";

/** One call of scenario.json; what stands in `observe` must be seen by every language. */
interface Step {
  readonly name: string;
  readonly observe: Readonly<Record<string, unknown>> & { readonly error?: object; readonly problem?: object };
}

/** How a language makes the calls: a program of its own that prints an observation a line. A further one is a further entry. */
interface Runner {
  readonly language: string;
  /** Members of errors that the SDK does not have. */
  readonly lacks?: readonly string[];
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
    lacks: ["gateway"],
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

const scenario = join(fixture, "scenario.json");
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

  for (const { language, command, lacks = [] } of runners) {
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
        const wrong: unknown[] = [];
        const { steps } = readExact(readFileSync(scenario, "utf8")) as { readonly steps: readonly Step[] };
        const seen = stdout
          .trim()
          .split("\n")
          .map((text) => readExact(text) as { readonly name: string });
        expect(seen.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
        const wanted = steps.map(({ name, observe }) => expect.objectContaining({ name, ...partial(observe, lacks) }));
        for (const [at, step] of steps.entries())
          if (!matches(seen[at], wanted[at])) wrong.push([step.observe, seen[at]]);
        expect(wrong).toEqual([]);
      } finally {
        await gateway.stop();
      }
    });
  }
});

/** Of an error, what is named is compared; everything else as a whole. */
function partial(
  { error, problem, ...rest }: Step["observe"],
  lacks: readonly string[],
): Readonly<Record<string, unknown>> {
  if (problem !== undefined) return { problem: expect.objectContaining(problem) };
  if (error === undefined) return rest;
  const members = Object.entries(error).filter(([name]) => !lacks.includes(name));
  return { error: expect.objectContaining(Object.fromEntries(members)) };
}

function matches(seen: unknown, wanted: unknown): boolean {
  try {
    expect(seen).toEqual(wanted);
    return true;
  } catch {
    return false;
  }
}
