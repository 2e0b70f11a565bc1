import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import { SourceFile } from "../../src/source.js";
import type { Name, Node } from "../../src/syntax/tree.js";
import { readQuickly } from "../../src/syntax/yaml/quick-yaml.js";
import { readWhole } from "../../src/syntax/yaml/read-yaml.js";
import { unrepaired } from "../../src/syntax/yaml/repair.js";
import { fixtureNames, root } from "../support/paths.js";

const seeds = [
  ...fixtureNames().map((name) => readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8")),
  readFileSync(join(root, "test/syntax/everything.yaml"), "utf8"),
];

/** A tree with what the maps of its scalars say, so that two can be compared. */
function described(node: Node | undefined): unknown {
  if (!node) return undefined;
  const { kind, span } = node;
  if (node.kind === "list") return { kind, span, items: node.items.map(described) };
  if (node.kind === "map") {
    return { kind, span, entries: node.entries.map(({ name, value }) => [describedName(name), described(value)]) };
  }
  return { kind, value: node.value, style: node.style, ...describedName(node) };
}

function describedName({ text, span, spanMap }: Name) {
  const places = [0, 1, text.length - 1].map((at) =>
    spanMap.toFile({ start: Math.max(0, at), end: Math.max(0, at) + 1 }),
  );
  return { text, span, places: text.length === 0 ? [] : places };
}

/** @returns whether the quick reader took the text; then the whole one builds the same and has nothing to say */
function agree(text: string): boolean {
  const quick = readQuickly(unrepaired(text));
  if (!quick) return false;
  const list = new DiagnosticList();
  const whole = readWhole(new SourceFile("gateway.yaml", text), list.report);
  expect(list.sorted(), text).toEqual([]);
  expect(described(quick), text).toEqual(described(whole));
  return true;
}

describe("the quick reader builds what the whole reader builds", () => {
  test("it takes the files that people write", () => {
    const names = ["hello", "demo", "shop", "customers"];
    const files = names.map((name) => readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8"));
    for (const text of [...files, seeds.at(-1) ?? ""]) expect(agree(text), text).toBe(true);
  });

  test("forms one by one", () => {
    const forms = [
      "a: 1\n",
      "a: 1",
      "a:\n",
      "a:\nb: 2\n",
      "a:\n  b:\n    c: d\n  e: f\ng: h\n",
      "a:\n- x\n- y: 1\n  z: 2\nb: c\n",
      "a:\n  - x\n  - y: 1\n    z:\n      - 1\n",
      "# first\n\na: 1 # one\n\n# two\nb: # three\n  # four\n  c: d\n",
      "a: { b: 1, 'c': 2, \"d\": [1, 2, ], e }\n",
      "a: [\n  1,\n\n  { b:\n     c } ]\nd: e\n",
      "a:\n  { b: c,\n    d: e }\nf:\n  - [x,\n     y]\n",
      "a: |\n  x\n\n    y\n\nb: c\n",
      "a: |-\n  x\n  y\n\n\nb: c\n",
      "a: |\n  x",
      "a: |   # told\n  x # kept\nb: c\n",
      "a: |\n  x # no comment\n# comment\nb: c\n",
      "a:\n  - |\n    x\n  - y\n",
      'a: \'it\'\'s\'\nb: "q\\"uote \\\\ \\n"\n"c d": e\n',
      "GET /x/{id}: { lambda: x }\n$connect: y\n200: z\n1.10: w\n",
      "a: -1\nb: 1.10\nc: 1e3\nd: 0123\ne: 12:30\nf: 1_000\ng: null\nh: True\ni: NO\nj: 2001-01-01\n",
      "a: b#c\nd: http://x:80/y\ne: x:y\n",
    ];
    for (const text of forms) expect(agree(text), text).toBe(true);
  });

  test("what it leaves alone", () => {
    const forms = [
      "a: &x 1\n",
      "a: *x\n",
      "a: >\n  x\n",
      "a: x\n  y\n",
      "a: 'x\n  y'\n",
      "a: !t x\n",
      "---\na: 1\n",
      "a: 1\r\n",
      "a:\tb\n",
    ];
    forms.push(
      "a: 1\na: 2\n",
      "a: {b: c\nd: e\n",
      "a: b: c\n",
      "a: { b: c[] }\n",
      "a: 0x10\n",
      "? a\n: b\n",
      "<<: a\n",
      "- a\n",
      "a\n",
      "",
    );
    for (const text of forms) expect(readQuickly(unrepaired(text)), text).toBeUndefined();
  });

  test("files with parts replaced, removed, inserted and repeated", () => {
    const part = fc.constantFrom(
      ..."{ } [ ] , : ? - | # ' \" \\ < ; a 1 \n".split(" "),
      " ",
      "  ",
      "\n",
      "\n  ",
      ": ",
      " #",
      "- ",
      "|\n",
      "a: b\n",
      "~",
      "''",
      "{}",
      "[]",
    );
    const edit = fc.record({ at: fc.nat(1_000_000), remove: fc.nat(6), insert: part });
    let taken = 0;
    fc.assert(
      fc.property(fc.nat(seeds.length - 1), fc.array(edit, { minLength: 1, maxLength: 3 }), (index, edits) => {
        const whole = seeds[index] ?? "";
        let text = whole;
        for (const { at, remove, insert } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        if (agree(text)) taken++;
      }),
      { numRuns: 800 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  test("short texts of YAML's signs", () => {
    const part = fc.constantFrom(
      "a",
      "b",
      ": ",
      ":",
      "- ",
      "-",
      " ",
      "  ",
      "\n",
      "\n",
      "\n  ",
      "\n    ",
      "{",
      "}",
      "[",
      "]",
      ", ",
      "'",
      '"',
      "|\n",
      "|-\n",
      "#",
      " #",
      "1",
      "~",
      "x y",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => void agree(`k: 1\n${parts.join("")}`)),
      { numRuns: 4000 },
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => void agree(`k:${parts.join("")}`)),
      { numRuns: 4000 },
    );
  });
});
