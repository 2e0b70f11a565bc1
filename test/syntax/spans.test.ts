import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Node, ScalarNode } from "../../src/syntax/tree.js";
import { entryOf } from "../../src/syntax/tree.js";
import { parseClean, read, withRoute } from "./support.js";

function scalarAt(text: string, key = "a"): ScalarNode {
  const { node, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  const value: Node | undefined = node?.kind === "map" ? entryOf(node, key)?.value : undefined;
  if (value?.kind !== "scalar") throw new Error("no scalar");
  return value;
}

/** Text of the file under one part of the content. */
function under(text: string, part: string): string {
  const scalar = scalarAt(text);
  const start = scalar.text.indexOf(part);
  expect(start, `${part} in ${JSON.stringify(scalar.text)}`).toBeGreaterThanOrEqual(0);
  const span = scalar.spanMap.toFile({ start, end: start + part.length });
  return text.slice(span.start, span.end);
}

describe("offsets of a content lead to the file", () => {
  const cases: readonly (readonly [name: string, text: string, part: string, inFile: string])[] = [
    ["plain", "a: one two\n", "two", "two"],
    ["plain over several lines", "a: one\n   two\n\n   three\nb: x\n", "three", "three"],
    ["plain, across a line break", "a: one\n   two\nb: x\n", "one two", "one\n   two"],
    ["single quotes", "a: 'one two'\n", "two", "two"],
    ["single quotes, after a doubled quote", "a: 'it''s two'\n", "two", "two"],
    ["single quotes, the quote itself", "a: 'it''s two'\n", "'", "''"],
    ["double quotes", 'a: "one two"\n', "two", "two"],
    ["double quotes, after escapes", 'a: "\\x41\\u0042\\U0001F600\\n two"\n', "two", "two"],
    ["double quotes, the escape itself", 'a: "x\\u0042y"\n', "B", "\\u0042"],
    ["double quotes, folded", 'a: "one  \n   two"\n', "two", "two"],
    ["double quotes, an escaped line break", 'a: "one\\\n   two"\n', "onetwo", "one\\\n   two"],
    ["literal block", "a: |\n  one\n    two\n  three\nb: x\n", "two", "two"],
    ["literal block, indentation of its own", "a: |\n  one\n    two\n", "  two", "  two"],
    ["literal block, blank lines first", "a: |\n\n\n  one\n\n  two\n", "two", "two"],
    ["literal block, explicit indentation", "a: |2\n    one\n  two\n", "two", "two"],
    ["literal block, same line twice", "a: |\n  x: 1\n  y\n  x: 1 2\n", "1 2", "1 2"],
    ["literal block, CRLF", "a: |\r\n  one\r\n  two\r\nb: x\r\n", "two", "two"],
    ["literal block, tabs inside", "a: |\n  one\n  \ttwo\n", "two", "two"],
    ["folded block", "a: >\n  one\n  two\n\n  three\n", "three", "three"],
    ["folded block, chomped", "a: >-\n  one\n  two\n", "two", "two"],
    ["folded block, more indented lines", "a: >\n  one\n    two\n  three\n", "three", "three"],
  ];
  for (const [name, text, part, inFile] of cases) {
    test(name, () => {
      expect(under(text, part)).toBe(inFile);
    });
  }

  test("the end of a content is the end of its last line", () => {
    const text = "a: |\n  one\n  two\nb: x\n";
    const { spanMap, text: content } = scalarAt(text);
    const { start } = spanMap.toFile({ start: content.length, end: content.length });
    expect(text.slice(0, start)).toMatch(/two\n?$/);
  });

  test("inside a trap that was mended, offsets are those of the file", () => {
    const text = withRoute("lambda: x\nresponses: { 200: Order[], 404: Problem }");
    const { node } = read(text);
    const find = (from: Node | undefined, ...keys: string[]): Node | undefined =>
      keys.reduce<Node | undefined>((at, key) => (at?.kind === "map" ? entryOf(at, key)?.value : undefined), from);
    const mended = find(node, "routes", "GET /x", "responses", "200") as ScalarNode;
    const span = mended.spanMap.toFile({ start: 5, end: 7 });
    expect(text.slice(span.start, span.end)).toBe("[]");
    const after = find(node, "routes", "GET /x", "responses", "404");
    expect(text.slice(after?.span.start, after?.span.end)).toBe("Problem");
  });

  test("names too: the parameter of a route's key, a parameter without its question mark", () => {
    const text = 'gateway: a\nroutes:\n  "GET /x/{id}":\n    lambda: x\n    query: { limit?: integer }\n';
    const [route] = parseClean(text).routes;
    const span = route?.key.spanMap.toFile({ start: 7, end: 11 });
    expect(text.slice(span?.start, span?.end)).toBe("{id}");
    const name = route?.query[0]?.name;
    expect([name?.text, text.slice(name?.span.start, name?.span.end)]).toEqual(["limit", "limit"]);
  });

  test("each visible character of a text lies under itself, in each style", () => {
    const line = fc.string({ unit: fc.constantFrom(..."abc xyz.-é€"), minLength: 1, maxLength: 12 });
    const lines = fc.array(
      line.map((text) => `q${text.trimEnd()}`),
      { minLength: 1, maxLength: 6 },
    );
    const gap = fc.constantFrom("\n", "\n\n", "\r\n");
    const style = fc.constantFrom("plain", "single", "double", "|", ">", "|-", ">+", "|2");
    fc.assert(
      fc.property(lines, gap, style, (content, breaks, kind) => {
        const quote = kind === "single" ? "'" : kind === "double" ? '"' : "";
        const isBlock = /^[|>]/.test(kind);
        const body = content.join(`${breaks}  `);
        const text = isBlock ? `a: ${kind}${breaks}  ${body}${breaks}b: x\n` : `a: ${quote}${body}${quote}\nb: x\n`;
        const scalar = scalarAt(text);
        for (let at = 0; at < scalar.text.length; at++) {
          const char = scalar.text[at] ?? "";
          if (/\s/.test(char)) continue;
          const span = scalar.spanMap.toFile({ start: at, end: at + 1 });
          expect(text.slice(span.start, span.end), JSON.stringify({ text, at })).toBe(char);
        }
      }),
      { numRuns: 300 },
    );
  });
});
