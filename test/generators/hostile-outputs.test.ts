import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { printContract } from "../../generators/contract/index.js";
import { outputs } from "../../generators/index.js";
import { targetsOf } from "../../src/build.js";
import { compile, generateAll } from "../../src/compile.js";
import { contractOf } from "../../src/model/contract.js";
import { SourceFile } from "../../src/source.js";
import { typeErrors } from "../support/compiles.js";
import { go, goEnvironment, isWithoutGo } from "./sdk-go/go.js";
import { isWithoutJava } from "./sdk-java/java.js";
import { python } from "./sdk-python/python.js";

/** Each leaves the comment, string, template or table that it is put into where it is not escaped, in some output. */
const hostile: readonly string[] = [
  "*/ PWNED(); /*",
  "*/\nexport const PWNED = 1;\n/*",
  '"""\nPWNED = 1\n"""',
  "'''\nPWNED = 1\n'''",
  '"; PWNED(); //',
  "'; PWNED(); //",
  "`; PWNED(); ${PWNED()} `",
  "\\",
  "\\u0022; PWNED(); //",
  "\\u000a PWNED(); //",
  "\r\nPWNED = 1\r\n",
  "a\u2028PWNED()\u2029b",
  "</script><script>PWNED()</script>",
  "--> <img src=x onerror=PWNED()> <!--",
  "]]> &PWNED; <PWNED/> <![CDATA[",
  "```\n# PWNED\n```",
  "| PWNED | \\|\n|---|",
  "\n## PWNED\n\n- [x](javascript:PWNED())",
  "{{PWNED}} {% PWNED %} {{{PWNED}}}",
  "\nRUN PWNED\n",
  "\n  - PWNED: true\n",
  "\n[PWNED]\nx = 1\n",
  "\n//go:build PWNED\n",
  "${PWNED} $(PWNED) $PWNED",
  "#set($PWNED = 1) #end",
  "@PWNED {@link PWNED} @example PWNED",
  "%s %d {0} {PWNED!r}",
  "\\N{DIGIT ONE} \\x00",
];

/** JSON is YAML but for characters that YAML wants escaped. */
const asYaml = (value: object) =>
  JSON.stringify(value, undefined, 1).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
const oneLine = (text: string) => text.replace(/[^\x20-\x7e]+/g, " ").trim() || "x";
const dollars = (text: string) => text.replaceAll("$", "$$$$");
/** Inside of a JSDoc comment of the file itself, which its own end would end. */
const inDoc = (text: string) => text.replace(/\*\//g, "* /").replace(/\r/g, "").replace(/\n/g, "\n * ");
const literal = (text: string) => JSON.stringify(text).replace(/[\u2028\u2029]/g, "");

/** Every text of the language that is the user's own, for each of the texts. */
function definition(texts: readonly string[]): string {
  const all = texts.join(" ");
  const routes: Record<string, object> = {};
  let models = "";
  for (const [at, text] of texts.entries()) {
    models += `/** ${inDoc(text)}\n * @example { "name": ${inDoc(literal(text))} } */\ninterface Note${at} { /** ${inDoc(text)} */ ${literal(text)}: string; name: string; kind?: ${literal(text)} | "plain${at}"; one: ${literal(`one ${text}`)} }\n`;
    routes[`POST /notes-${at}/{id}`] = {
      operation: `note${at}`,
      lambda: "notes",
      summary: oneLine(text),
      description: text,
      tags: [oneLine(text)],
      params: { id: { type: "string", description: text } },
      query: {
        "text?": { type: `${literal(text)} | "other${at}"`, description: text },
      },
      headers: { [`X-Note-${at}?`]: { type: "string", description: text } },
      body: `Note${at}`,
      responses: {
        200: { body: `Note${at}`, description: text, headers: { "X-More": { type: "string", description: text } } },
        409: { body: `{ why: ${literal(text)} }`, description: text },
      },
    };
    routes[`GET /mock-${at}`] = { operation: `mock${at}`, mock: { text: dollars(text) }, description: text };
  }
  return asYaml({
    gateway: "hostile",
    version: oneLine(texts[0] ?? "").slice(0, 20),
    // Markdown, by the language: its headings and fences are meant.
    description: all.replace(/\n#+ |```/g, " "),
    license: "MIT",
    sdk: {
      languages: ["typescript", "python", "go", "java"],
      version: "1.0.0",
      go: "example.com/hostile",
      java: "com.example.hostile",
      validate: true,
    },
    models,
    authorizers: { who: { lambda: "who", description: all } },
    plans: { gold: { description: all, throttle: { rate: 1, burst: 1 } } },
    keys: { one: { description: all, plan: "gold", value: dollars(oneLine(all).slice(0, 100)) } },
    routes,
    errors: {
      THROTTLED: { map: { message: dollars(all) }, headers: { "X-Why": dollars(oneLine(all).slice(0, 200)) } },
    },
    stages: { dev: { description: all, variables: { text: "plain" } } },
    websocket: {
      description: all,
      select: "$request.body.action",
      routes: Object.fromEntries(
        texts.map((text, at) => [
          `send${at}`,
          {
            lambda: "notes",
            description: text,
            body: `{ action: "send${at}"; text: ${literal(text)} }`,
            reply: `Note${at}`,
          },
        ]),
      ),
      events: Object.fromEntries(texts.map((text, at) => [`Moved${at}`, { type: `Note${at}`, description: text }])),
    },
  });
}

async function made(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const place = { projectDir: "/project", outDir: "/project/build", targets: targetsOf(outputs) };
  const { model, diagnostics } = await compile(new SourceFile("gateway.yaml", definition(texts)), undefined, place);
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ code, message }) => `${code} ${message}`);
  if (!model || errors.length > 0) throw new Error(errors.slice(0, 9).join("\n"));
  const files = await generateAll(model, await Promise.all(outputs.map((output) => output.load())), place);
  // Stubs have the names of generated files, in a folder of the user's.
  const texted = files.map(({ path, content, kind }): [string, string] => [
    kind === "seed" ? `stubs/${path}` : path,
    String(content),
  ]);
  return new Map([...texted, ["contract/again.json", printContract(contractOf(model))]]);
}

const folder = mkdtempSync(join(tmpdir(), "gateway-hostile-outputs-"));
let bad: ReadonlyMap<string, string>;
let good: ReadonlyMap<string, string>;
beforeAll(async () => {
  bad = await made(hostile);
  good = await made(hostile.map((_, at) => `plain ${at}`));
  for (const [path, text] of bad) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ending = (...ends: readonly string[]) => [...bad].filter(([path]) => ends.some((end) => path.endsWith(end)));
const run = (program: string, args: readonly string[], cwd = folder, env = process.env) => {
  const { stdout, stderr, status } = spawnSync(program, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? "" : `${stdout}${stderr}`;
};

describe("no text of the file breaks out of an output", () => {
  test("the same files are made", () => {
    const pages = (paths: Iterable<string>) => [...paths].filter((path) => !/^docs\/routes-/.test(path)).sort();
    expect(pages(bad.keys())).toEqual(pages(good.keys()));
    for (const path of bad.keys()) expect(path).toMatch(/^[\w./-]+$/);
  });

  test("JSON and YAML are what they are, and have the members of a harmless file", () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.length;
      if (typeof value !== "object" || value === null) return typeof value;
      return Object.keys(value).length;
    };
    for (const [path, text] of ending(".json")) {
      expect(shape(JSON.parse(text)), path).toEqual(shape(JSON.parse(good.get(path) ?? "")));
    }
    const documents = (text: string) =>
      parseAllDocuments(text).map((document) => {
        expect("errors" in document ? document.errors : []).toEqual([]);
        return "toJS" in document ? document.toJS() : undefined;
      });
    for (const [path, text] of ending(".yaml", ".yml")) {
      expect(documents(text).map(shape), path).toEqual(documents(good.get(path) ?? "").map(shape));
    }
    expect(documents(bad.get("openapi/openapi.yaml") ?? "")[0]).toEqual(
      JSON.parse(bad.get("openapi/openapi.json") ?? ""),
    );
  });

  test("a Dockerfile has its own instructions", () => {
    const words = (text = "") => text.split("\n").map((line) => line.split(" ")[0]);
    for (const [path, text] of ending("Dockerfile", ".dockerignore"))
      expect(words(text), path).toEqual(words(good.get(path)));
  });

  test("JavaScript and TypeScript parse, and say nothing of their own", () => {
    for (const [path, text] of ending(".ts", ".js", ".cjs", ".mjs", ".cts")) {
      const kind = /\.(?:d\.)?c?ts$/.test(path) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
      const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind) as ts.SourceFile & {
        readonly parseDiagnostics: readonly ts.Diagnostic[];
      };
      expect(
        file.parseDiagnostics.map(({ messageText }) => messageText),
        path,
      ).toEqual([]);
      const walk = (node: ts.Node): void => {
        if (ts.isIdentifier(node)) expect(node.text, path).not.toBe("PWNED");
        node.forEachChild(walk);
      };
      walk(file);
    }
  });

  test("the declarations of the SDK and the handlers compile", () => {
    const own = new Map([...bad].filter(([path]) => path.startsWith("sdk/typescript/") && path.endsWith(".d.ts")));
    expect(own.size).toBeGreaterThan(5);
    expect(typeErrors(own)).toEqual([]);
    const handlers = [...bad].filter(([path]) => path.startsWith("handlers/") && path.endsWith(".ts"));
    expect(typeErrors(new Map(handlers.map(([path, text]) => [`build/${path}`, text])))).toEqual([]);
  }, 120_000);

  test("pages have the tags and scripts of a harmless file", () => {
    const tags = (text: string) =>
      [...text.matchAll(/<(script|style|iframe|object|embed|link|meta|form)\b/gi)].map(([, tag]) => tag?.toLowerCase());
    const handlersIn = (text: string) => [...text.matchAll(/<[a-z][^>]*\s(on\w+)\s*=/gi)].map(([, name]) => name);
    const pages = ending(".html");
    expect(pages.length).toBeGreaterThan(3);
    const usual = tags(good.get("docs/models.html") ?? "");
    expect(usual.length).toBeGreaterThan(0);
    for (const [path, text] of pages) {
      if (path !== "docs/index.html") expect(tags(text), path).toEqual(usual);
      expect(handlersIn(text), path).toEqual([]);
      expect(text, path).not.toMatch(/(?:href|src)\s*=\s*["']?\s*javascript:/i);
      expect(text, path).not.toMatch(/<(?:img|PWNED)\b/i);
    }
  });

  test("Markdown has the headings, fences and rows of a harmless file", () => {
    const outline = (text: string) => {
      let fenced = false;
      return text.split("\n").flatMap((line) => {
        if (/^ {0,3}```/.test(line)) {
          fenced = !fenced;
          return [`fence ${fenced}`];
        }
        if (fenced) return [];
        expect(line).not.toMatch(/<(?:img|script|PWNED)\b/i);
        return /^#{1,6} /.test(line) ? [`heading ${line.split(" ")[0]}`] : [];
      });
    };
    const pages = ending(".md");
    expect(pages.length).toBeGreaterThanOrEqual(4);
    for (const [path, text] of pages) expect(outline(text), path).toEqual(outline(good.get(path) ?? ""));
  });

  test("Python is compiled, TOML and XML are parsed", () => {
    if (python === undefined) return;
    const program = `
import ast, builtins, pathlib, sys, xml.etree.ElementTree as tree
root = pathlib.Path(sys.argv[1])
for path in root.rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text("utf8"))):
        assert not (isinstance(node, ast.Name) and node.id == "PWNED"), path
try:
    import tomllib
    project = tomllib.loads((root / "sdk/python/pyproject.toml").read_text("utf8"))
    assert "PWNED" not in project and set(project) <= {"build-system", "project", "tool"}, project
except ImportError:
    pass
pom = tree.parse(root / "sdk/java/pom.xml").getroot()
assert not [e for e in pom.iter() if "PWNED" in e.tag]
sys.path.insert(0, str(root / "sdk/python/src"))
import hostile, hostile.client, hostile.models, hostile.errors
`;
    writeFileSync(join(folder, "check.py"), program);
    expect(run(python, ["-W", "error", "check.py", folder])).toBe("");
  }, 60_000);

  test("Go is compiled, and formatted", () => {
    if (isWithoutGo() || go === undefined) return;
    const module = join(folder, "sdk/go");
    expect(run(go, ["vet", "./..."], module, goEnvironment)).toBe("");
    expect(ending(".go").filter(([, text]) => /^\s*\/\/go:build/m.test(text))).toEqual([]);
  }, 240_000);

  test("Java is compiled, with its own annotations only", () => {
    if (isWithoutJava()) return;
    const files = ending(".java").map(([path]) => path);
    writeFileSync(join(folder, "java.txt"), files.join("\n"));
    expect(run("javac", ["--release", "17", "-Xlint:all", "-Werror", "-d", "classes", "@java.txt"])).toBe("");
  }, 240_000);
});
