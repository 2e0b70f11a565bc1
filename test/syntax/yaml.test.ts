import { describe, expect, test } from "vitest";
import { limits } from "../../src/syntax/yaml/limits.js";
import { marked, plain, read } from "./support.js";

function codes(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code }) => code);
}

describe("YAML, as far as it goes here", () => {
  test("scalars follow the core schema of YAML 1.2", () => {
    const { node } = read("a: [on, yes, 12:30, 0x10, 1e3, true, ~, null, 2001-01-01, .5]\n");
    expect(plain(node)).toEqual({ a: ["on", "yes", "12:30", 16, 1000, true, null, null, "2001-01-01", 0.5] });
  });

  test("names that objects have by themselves are plain names", () => {
    const { node, diagnostics } = read("__proto__: { a: 1 }\nconstructor: 2\ntoString: 3\n");
    expect(diagnostics).toEqual([]);
    expect(node?.kind === "map" && node.entries.map(({ name }) => name.text)).toEqual([
      "__proto__",
      "constructor",
      "toString",
    ]);
  });

  test("aliases stand for what they name", () => {
    const { node, diagnostics } = read("a: &x { b: [1, 2] }\nc: *x\nd: [*x]\n");
    expect(diagnostics).toEqual([]);
    expect(plain(node)).toEqual({ a: { b: [1, 2] }, c: { b: [1, 2] }, d: [{ b: [1, 2] }] });
  });

  test("an alias means the anchor that was set last before it", () => {
    expect(plain(read("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").node)).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  test("merge keys add what a map does not have", () => {
    const { node, diagnostics } = read(
      "a: &x { p: 1, q: 1 }\nb: &y { q: 2, r: 2 }\nc: { <<: *x, p: 3 }\nd: { <<: [*x, *y] }\n",
    );
    expect(diagnostics).toEqual([]);
    expect(plain(node)).toMatchObject({ c: { p: 3, q: 1 }, d: { p: 1, q: 1, r: 2 } });
  });

  test("merging something else than maps", () => {
    expect(codes("a: &x 5\nb: { <<: *x }\n")).toEqual(["yaml-merge"]);
    expect(plain(read('a: { "<<": 1 }\n').node)).toEqual({ a: { "<<": 1 } });
  });

  test("a BOM and CRLF are fine, and places count them", () => {
    const { text, span } = marked("\ufeffa: 1\r\nb: |\r\n  x\r\n«a»: 2\r\n");
    const { node, diagnostics } = read(text);
    expect(diagnostics).toMatchObject([{ code: "yaml-duplicate-key", span }]);
    expect(plain(node)).toEqual({ a: 1, b: "x\n" });
  });

  test("a duplicate key points at itself, with a note at the first", () => {
    const { text, span } = marked("a: 1\nb: 2\n«a»: 3\n");
    const [found] = read(text).diagnostics;
    expect(found).toMatchObject({ code: "yaml-duplicate-key", span, notes: [{ span: { start: 0, end: 1 } }] });
  });

  test('`1` and `"1"` are one name', () => {
    expect(codes('200: a\n"200": b\n')).toEqual(["yaml-duplicate-key"]);
  });
});

/** Marked text → the one diagnostic it brings. */
const refused: readonly (readonly [name: string, code: string, text: string])[] = [
  ["a tag", "yaml-tag", "a: «!Ref» b\n"],
  ["a standard tag", "yaml-tag", "a: «!!binary» aGk=\n"],
  ["a directive", "yaml-directive", "«%YAML 1.1»\n---\na: yes\n"],
  ["a second document", "yaml-documents", "a: 1\n«---»\nb: 2\n"],
  ["a second document after an end mark", "yaml-documents", "a: 1\n...\n«---»\nb: 2\n"],
  ["an unknown alias", "yaml-alias", "a: &abc 1\nb: «*abd»\n"],
  ["an alias inside its own anchor", "yaml-cycle", "a: &x\n  b: [«*x»]\n"],
  ["a quote that is never closed", "yaml-unclosed", 'a: «"»text\nb: c\n'],
  ["a bracket that is never closed", "yaml-unclosed", "a: «[»1, 2\nb: c\n"],
  ["a wrong escape", "yaml-escape", 'a: "5«\\d»{2}"\n'],
  ["a line moved in too far", "yaml-indentation", "a:\n  b: c\n   «d: e»\n"],
  ["text after a quoted value", "yaml-after-quote", "a: «'it's'»\n"],
  ["text after a quoted key", "yaml-syntax", "'a' «b»: c\n"],
  ["a closing bracket too many", "yaml-syntax", "a: [1]«]»\nb: c\n"],
  ["a list as a key", "yaml-key", "«[a]»: b\n"],
  ["a map as a key", "yaml-key", "«{id}»: b\n"],
  ["no key", "yaml-key", "a:\n  «:» b\n"],
  ["a control character", "yaml-character", "a: b«\u0007»\n"],
  ["bytes that are not UTF-8", "yaml-character", "a: «\ufffd»\n"],
];

describe("what is refused", () => {
  for (const [name, code, source] of refused) {
    test(name, () => {
      const { text, span } = marked(source);
      expect(read(text).diagnostics.map((found) => ({ code: found.code, span: found.span }))).toEqual([{ code, span }]);
    });
  }

  test("an empty file, also one of comments only", () => {
    for (const text of ["", " \n", "# only\n", "\ufeff"])
      expect(codes(text), JSON.stringify(text)).toEqual(["yaml-empty"]);
  });

  test("an unknown alias suggests the anchor that is near", () => {
    expect(read("a: &abc 1\nb: *abd\n").diagnostics[0]?.help).toContain("*abc");
  });
});

describe("bombs are reported within a second", () => {
  const bombs: readonly (readonly [name: string, code: string, text: () => string])[] = [
    ["aliases of aliases", "yaml-alias-bomb", laughs],
    ["merges of merges", "yaml-alias-bomb", () => laughs().replaceAll("[*", "{ <<: [*").replace(/\]$/gm, "] }")],
    ["deep flow lists", "yaml-too-deep", () => `a: ${"[".repeat(300_000)}`],
    ["deep flow maps", "yaml-too-deep", () => `a: ${"{a: ".repeat(200_000)}`],
    ["deep block lists", "yaml-too-deep", () => `${"- ".repeat(300_000)}x`],
    ["deep explicit keys", "yaml-too-deep", () => `${"? ".repeat(300_000)}x`],
    [
      "deep block maps",
      "yaml-too-deep",
      () => Array.from({ length: 1500 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    ],
    [
      "depth by aliases",
      "yaml-too-deep",
      () =>
        `a0: &a0 [x]\n${Array.from({ length: 500 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]\n`).join("")}`,
    ],
    ["a file that is too long", "yaml-too-large", () => `a: "${"x".repeat(limits.textLength)}"`],
  ];
  for (const [name, code, text] of bombs) {
    test(name, () => {
      const source = text();
      const before = process.cpuUsage();
      const { diagnostics } = read(source);
      const { user } = process.cpuUsage(before);
      expect(new Set(diagnostics.map((found) => found.code))).toContain(code);
      expect(diagnostics.length).toBeLessThan(50);
      expect(user / 1000).toBeLessThan(1500);
    });
  }
});

test("a list without end is cut off", () => {
  expect(codes(`a: [${"b,".repeat(3_000_000)}]`)).toEqual(["yaml-too-large"]);
});

test("long texts need no stack", () => {
  const long = "x".repeat(3_000_000);
  for (const text of [
    `a: "${long}"`,
    `a: '${long}'`,
    `a: ${long}`,
    `a: |\n  ${long}`,
    `a: "${"\n  x".repeat(300_000)}"`,
  ]) {
    const { node, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    const value = node?.kind === "map" ? node.entries[0]?.value : undefined;
    const end = value?.kind === "scalar" ? value.text.length : 0;
    expect(value?.kind === "scalar" && value.spanMap.toFile({ start: end - 1, end }).start).toBeGreaterThan(1_000_000);
  }
});

function laughs(): string {
  const lines = ["l0: &l0 { a, b, c, d, e, f, g, h, i, j }\n"];
  for (let level = 1; level < 12; level++) {
    lines.push(`l${level}: &l${level} [${Array.from({ length: 10 }, () => `*l${level - 1}`).join(", ")}]\n`);
  }
  return lines.join("");
}
