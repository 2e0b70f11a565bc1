import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { outputs } from "../../../generators/index.js";
import { compile } from "../../../src/compile.js";
import { SourceFile } from "../../../src/source.js";
import { typeErrors } from "../../support/compiles.js";
import { fixtureNames, root } from "../../support/paths.js";

/** Gateway and handlers of every fixture that builds, with the handlers that stand beside it, in one program. */
test("what is generated compiles under strict, together with the fixtures' handlers", async () => {
  const files = new Map<string, string>();
  // A handler in JavaScript has no types without `allowJs`.
  for (const name of fixtureNames().filter((fixture) => fixture !== "query-errors")) {
    const folder = join(root, "fixtures", name);
    for (const [path, text] of await generated(folder)) files.set(`${name}/${path}`, text);
    for (const [path, text] of handlersOf(folder)) files.set(`${name}/${path}`, text);
  }
  expect(files.size).toBeGreaterThan(100);
  expect(typeErrors(files)).toEqual([]);
}, 120_000);

async function generated(folder: string): Promise<readonly [string, string][]> {
  const source = new SourceFile("gateway.yaml", readFileSync(join(folder, "gateway.yaml"), "utf8"));
  const wanted = outputs.filter(({ name }) => name === "gateway" || name === "handlers");
  const { files } = await compile(source, () => Promise.all(wanted.map((output) => output.load())), {
    projectDir: folder,
    outDir: resolve(folder, "build"),
    targets: new Set(["node"]),
  });
  return files
    .filter(({ path, kind }) => path.endsWith(".ts") && (kind === "generated" || !existsSync(join(folder, path))))
    .map(({ path, kind, content }) => [kind === "seed" ? path : `build/${path}`, String(content)]);
}

function handlersOf(folder: string): readonly [string, string][] {
  const handlers = join(folder, "handlers");
  if (!existsSync(handlers)) return [];
  return readdirSync(handlers)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => [`handlers/${name}`, readFileSync(join(handlers, name), "utf8")]);
}
