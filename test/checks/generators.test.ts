import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Output, outputs } from "../../generators/index.js";
import { compile } from "../../src/compile.js";
import { SourceFile } from "../../src/source.js";
import { fixtureNames, root } from "../support/paths.js";

const textOf = (name: string) => readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8");
const seeds = fixtureNames().map((name) => textOf(name).split("\n"));
const values = [
  "",
  "x",
  "1",
  "{}",
  "[]",
  '"${stageVariables.host}"',
  "$context.requestId",
  '"$$"',
  "true",
  '"*"',
  "iam",
];

test("the file of the design is right for AWS", async () => {
  const { diagnostics, model } = await compileWith(textOf("shop"), []);
  expect(model).toMatchObject({ name: "shop" });
  expect(diagnostics).toEqual([]);
});

/** What the checks let through, generators can make: they do not report mistakes of the user's, and do not throw. */
test("a file without mistakes never breaks a generator", async () => {
  let made = 0;
  const change = fc.tuple(fc.nat(500), fc.option(fc.constantFrom(...values), { nil: undefined }));
  const subset = fc.subarray([...outputs], { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...seeds),
      fc.array(change, { maxLength: 2 }),
      subset,
      async (lines, changes, wanted) => {
        const changed: (string | undefined)[] = [...lines];
        for (const [place, value] of changes) {
          const at = place % lines.length;
          changed[at] = value === undefined ? undefined : (changed[at] ?? "").replace(/: [^:{]*$/, `: ${value}`);
        }
        const { files, model } = await compileWith(changed.filter((line) => line !== undefined).join("\n"), wanted);
        if (model) made++;
        // Only what a file has is documented: AsyncAPI is about WebSocket routes.
        const makesNone = model?.websocket === undefined && wanted.every(({ name }) => name === "asyncapi");
        expect(files.length > 0).toBe(model !== undefined && !makesNone);
      },
    ),
    { numRuns: Number(process.env["RUNS"] ?? 60) },
  );
  expect(made).toBeGreaterThan(0);
}, 600_000);

function compileWith(text: string, wanted: readonly Output[]) {
  const source = new SourceFile("gateway.yaml", text);
  const targets = new Set(wanted.flatMap(({ target }) => (target === "any" ? [] : [target])));
  const load = () => Promise.all(wanted.map((output) => output.load()));
  return compile(source, load, { projectDir: root, outDir: join(root, "build"), targets });
}
