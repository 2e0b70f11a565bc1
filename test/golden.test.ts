import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { outputs } from "../generators/index.js";
import { compile } from "../src/compile.js";
import { renderText } from "../src/diagnostics/render.js";
import type { OutputFile } from "../src/model/output.js";
import { SourceFile } from "../src/source.js";
import { fixtureNames, root } from "./support/paths.js";

const isWriting = process.env["GOLDEN"] === "write";

/**
 * Each fixture's outputs, byte for byte, and the set of their paths. The bundle is left out: it is the runtime's code.
 * `npm run golden` rewrites them.
 */
describe("golden outputs", () => {
  for (const name of fixtureNames()) {
    test(name, async () => {
      const folder = join(root, "fixtures", name);
      const { files, diagnostics, source } = await compileFixture(folder);
      compareText(join(folder, "diagnostics.txt"), renderText(source, diagnostics, { color: false }));
      compareFolder(
        join(folder, "golden"),
        files.filter(({ path }) => isKept(name, path)),
      );
    });
  }
});

/** The fixture that keeps the files whose text is the same in every build; the others leave them out. */
const withFixedText = "security";

/** The fixtures that show SDKs in each language; the others show TypeScript's. */
const withAllLanguages = ["sdk", "shop", "websocket", withFixedText];

/** Templates hold the OpenAPI document once more: fixtures about what only CloudFormation carries keep theirs. */
const withTemplate = ["plans", "shop", "http-mapping", "websocket", "waf", "domains", "edge"];

function isKept(fixture: string, path: string): boolean {
  if (path.startsWith("cloudformation/")) return withTemplate.includes(fixture);
  if (/^sdk\/(?!typescript\/)/.test(path) && !withAllLanguages.includes(fixture)) return false;
  if (/^(contract|docs)\/|^handlers\/testing\.ts$|^sdk\/typescript\/(testing|samples)\./.test(path))
    return fixture === "sdk";
  if (path === "handlers/authorizer-testing.ts") return fixture === withFixedText;
  if (path.startsWith("container/")) return ["hello", "plans", "shared-state"].includes(fixture);
  return fixture === withFixedText || !isFixedText(path);
}

function isFixedText(path: string): boolean {
  if (/^handlers\/(authorizer|binder)\.ts$/.test(path) || /^sdk\/.*\/runtime\//.test(path)) return true;
  if (
    /^sdk\/go\/(call|cognito|errors|gateway_response|frames|json|optional|options|request|sigv4|socket|socket_options)\.go$/.test(
      path,
    )
  )
    return true;
  if (
    /^sdk\/java\/.*\/(ApiException|Arguments|AwsCredentials|CallInfo|Caller|Codec|Cognito|Credential|GatewayResponse|Json|Maybe|Middleware|Nullable|Operation|PageIterable|RequestOptions|SdkException|SigV4|SocketCaller|SocketException|SocketLife|TransportException|Urls)\.java$/.test(
      path,
    )
  )
    return true;
  return /^sdk\/typescript\/((errors|sigv4|cognito|progress|validator)\.|.*\.d?\.?cts$|.*\.cjs$)/.test(path);
}

interface FixtureSettings {
  /** Outputs to make, for features that some outputs do not have yet. */
  readonly only?: readonly string[];
}

async function compileFixture(folder: string) {
  const settingsFile = join(folder, "fixture.json");
  const settings: FixtureSettings = existsSync(settingsFile) ? JSON.parse(readFileSync(settingsFile, "utf8")) : {};
  const wanted = outputs.filter((output) => settings.only?.includes(output.name) ?? true);
  const source = new SourceFile("gateway.yaml", readFileSync(join(folder, "gateway.yaml"), "utf8"));
  const { files, diagnostics } = await compile(source, () => Promise.all(wanted.map((output) => output.load())), {
    projectDir: folder,
    outDir: resolve(folder, "build"),
    targets: new Set(wanted.flatMap((output) => (output.target === "any" ? [] : [output.target]))),
  });
  return { files, diagnostics, source };
}

/** Seeds are compared too, under `seeds/`: they are what a user begins with. */
function compareFolder(folder: string, files: readonly OutputFile[]): void {
  const wanted = new Map(
    files.map((file) => [file.kind === "seed" ? `seeds/${file.path}` : file.path, Buffer.from(file.content)]),
  );
  if (isWriting) {
    rmSync(folder, { recursive: true, force: true });
    for (const [path, content] of wanted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return;
  }
  expect(filesBelow(folder), "the set of files; `npm run golden` rewrites them").toEqual([...wanted.keys()].sort());
  for (const [path, content] of wanted) {
    expect(content.toString("utf8"), path).toBe(readFileSync(join(folder, path), "utf8"));
  }
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

function compareText(path: string, text: string): void {
  if (isWriting) {
    if (text === "") rmSync(path, { force: true });
    else writeFileSync(path, text);
    return;
  }
  expect(text).toBe(existsSync(path) ? readFileSync(path, "utf8") : "");
}
