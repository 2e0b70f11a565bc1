import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import { outputs } from "../../generators/index.js";
import { targetsOf } from "../../src/build.js";
import { checkSource, generateAll } from "../../src/compile.js";
import { SourceFile } from "../../src/source.js";
import type { TypeScript } from "../../src/typescript/load.js";
import { root } from "../support/paths.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-compiled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("TypeScript's parts", () => {
  const file = join(root, "dist/src/typescript/parts.cjs");
  const parts = createRequire(import.meta.url)(file) as TypeScript;

  const texts = [
    ...textsOf("fixtures", "gateway.yaml"),
    ...textsOf("test/models", ".ts"),
    ...textsOf("src/syntax", ".ts"),
  ];

  test("read and print every text as the whole of TypeScript does", () => {
    expect(texts.length).toBeGreaterThan(100);
    for (const text of texts) expect(readWith(parts, text)).toEqual(readWith(ts, text));
  });

  test("say the same of what is broken", () => {
    const models = texts.filter((text) => text.includes("interface")).slice(0, 40);
    for (const text of models) {
      for (let at = 1; at < 400 && at < text.length; at += 7) {
        const broken = `${text.slice(0, at)}${"}{)]>@#'\"`"[at % 11] ?? ""}${text.slice(at + 3, at + 200)}`;
        expect(readWith(parts, broken)).toEqual(readWith(ts, broken));
      }
    }
  });

  test("are a small part", () => {
    expect(statSync(file).size).toBeLessThan(600_000);
  });
});

describe("the compiled commands", () => {
  for (const name of ["sdk", "security", "shop", "websocket", "models"]) {
    test(`build ${name} as the sources do`, async () => {
      const project = join(folder, name);
      cpSync(join(root, "fixtures", name), project, {
        recursive: true,
        filter: (path) => !/\/(golden|build)(\/|$)/.test(path),
      });
      const expected = await generatedBySources(project);
      gateway(["build"], project);
      for (const [path, content] of expected)
        expect(readFileSync(join(project, "build", path), "utf8"), path).toBe(content);
    });
  }

  test("start with few files, and without TypeScript", () => {
    const project = join(root, "fixtures/crud");
    for (const [args, most] of [
      [["check"], 70],
      [["build", "--only", "sdk", "-o", join(folder, "loaded")], 130],
    ] as const) {
      const loaded = filesLoaded([...args], project);
      expect(loaded.length).toBeGreaterThan(10);
      expect(loaded.length).toBeLessThan(most);
      expect(loaded.filter((path) => /node_modules\/(typescript|re2js|recheck|commander)\//.test(path))).toEqual([]);
    }
  });

  test("tell what they hold of others", () => {
    const licenses = readFileSync(join(root, "dist/licenses.txt"), "utf8");
    expect(licenses).toContain("\ntypescript\n\nApache License");
    expect(licenses).toContain("\nopenapi-typescript\n\nMIT License");
  });
});

/** All that this package asks of TypeScript about one text. */
function readWith(typescript: TypeScript, text: string) {
  const { Latest } = typescript.ScriptTarget;
  const options = { languageVersion: Latest, jsDocParsingMode: typescript.JSDocParsingMode.ParseNone };
  const file = typescript.createSourceFile("models.ts", text, options, true, typescript.ScriptKind.TS);
  const nodes: string[] = [];
  const visit = (node: ts.Node) => {
    nodes.push(
      `${node.kind} ${node.pos} ${node.end} ${node.flags} ${node.getStart(file, false)} ${node.getText(file)}`,
    );
    typescript.forEachChild(node, visit);
  };
  visit(file);
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const problems = parseDiagnostics.map(
    ({ start, length, code, messageText }) =>
      `${start} ${length} ${code} ${typescript.flattenDiagnosticMessageText(messageText, " ")}`,
  );
  const printer = typescript.createPrinter({ newLine: typescript.NewLineKind.LineFeed });
  const scanner = typescript.createScanner(Latest, false, typescript.LanguageVariant.Standard, text);
  const tokens: string[] = [];
  while (scanner.scan() !== typescript.SyntaxKind.EndOfFileToken) tokens.push(scanner.getTokenText());
  return { nodes, problems, tokens, printed: printer.printNode(typescript.EmitHint.Unspecified, file, file) };
}

/** Of a gateway.yaml, its models as the TypeScript that they are; of others the whole text. */
function textsOf(place: string, ending: string): readonly string[] {
  const files = readdirSync(join(root, place), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith(ending),
  );
  return files.map((entry) => {
    const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
    return ending.endsWith(".ts") ? text : (/^models: \|\n((?: .*\n|\n)*)/m.exec(text)?.[1] ?? "");
  });
}

async function generatedBySources(project: string): Promise<ReadonlyMap<string, string>> {
  const source = new SourceFile("gateway.yaml", readFileSync(join(project, "gateway.yaml"), "utf8"));
  const { model } = await checkSource(source, targetsOf(outputs));
  const generators = await Promise.all(outputs.map((output) => output.load()));
  const options = { projectDir: project, outDir: join(project, "build") };
  const files = await generateAll(model!, generators, options);
  return new Map(
    files
      .filter(({ kind }) => kind === "generated")
      .map(({ path, content }) => [path, Buffer.from(content).toString("utf8")]),
  );
}

function gateway(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const command = [join(root, "bin/gateway.js"), ...args];
  const { status, stderr } = spawnSync(process.execPath, command, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  expect(status, stderr).toBe(0);
}

/** Scripts of this package and of others that a command has loaded, as V8 counts them. */
function filesLoaded(args: readonly string[], cwd: string): readonly string[] {
  const counted = mkdtempSync(join(folder, "coverage-"));
  gateway(args, cwd, { NODE_V8_COVERAGE: counted });
  const urls = readdirSync(counted).flatMap((report) => {
    const { result } = JSON.parse(readFileSync(join(counted, report), "utf8")) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  return urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
}
