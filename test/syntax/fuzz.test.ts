import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderText } from "../../src/diagnostics/render.js";
import { renderJson } from "../../src/diagnostics/render-json.js";
import { renderSarif } from "../../src/diagnostics/render-sarif.js";
import { SourceFile } from "../../src/source.js";
import { fixtureNames, root } from "../support/paths.js";
import { parse } from "./support.js";

const seeds = [
  ...fixtureNames().map((name) => readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8")),
  readFileSync(join(root, "test/syntax/everything.yaml"), "utf8"),
];

/** Whatever the text: no exception, and each diagnostic has a code and a place in the file; without one there is a tree. */
function holds(text: string): void {
  const { syntax, diagnostics } = parse(text);
  const source = new SourceFile("gateway.yaml", text);
  for (const { code, span, message, fix } of diagnostics) {
    expect(code).toMatch(/^[a-z-]+$/);
    expect(message).not.toMatch(/undefined|\[object/);
    for (const place of [span, ...(fix ? [fix.span] : [])]) {
      expect(place.start).toBeGreaterThanOrEqual(0);
      expect(place.end).toBeGreaterThanOrEqual(place.start);
      expect(place.end, `${code} ${JSON.stringify(text.slice(0, 200))}`).toBeLessThanOrEqual(Math.max(text.length, 0));
    }
    const { line, column } = source.position(span.start);
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
  }
  if (diagnostics.length === 0) expect(syntax).toBeDefined();
  renderText(source, diagnostics, { color: false });
  JSON.parse(renderJson(source, diagnostics));
  JSON.parse(renderSarif(source, diagnostics));
}

const nasty = fc.constantFrom(
  ..."{ } [ ] , : ? - | > & * ! # % @ ` ' \" \\ < ; ~ = + . / $ ( )".split(" "),
  ": ",
  " #",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "  ",
  "\u0000",
  "\ufeff",
  "\ufffd",
  "\u2028",
  "\ud800",
  "&a ",
  "*a",
  "<<: ",
  "!x ",
  "|2",
  ">-",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "${x}",
  "Order[]",
  "{id}",
  "__proto__",
  "0123",
  "1_000",
  "yes",
  "null",
  "é😀",
);

describe("any text at all gives diagnostics, never an exception", () => {
  test("files with parts replaced, removed, inserted and repeated", () => {
    const edit = fc.record({
      at: fc.nat(1_000_000),
      remove: fc.nat(12),
      insert: fc.oneof(nasty, fc.string({ maxLength: 8 })),
    });
    const property = fc.property(
      fc.nat(seeds.length - 1),
      fc.array(edit, { minLength: 1, maxLength: 6 }),
      (index, edits) => {
        let text = seeds[index] ?? "";
        for (const { at, remove, insert } of edits) {
          const start = at % (text.length + 1);
          text = text.slice(0, start) + insert + text.slice(start + remove);
        }
        holds(text);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test("texts of YAML's own signs", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(nasty, fc.constantFrom("a", "gateway", "routes", " ")), { maxLength: 60 }),
        (parts) => holds(parts.join("")),
      ),
      {
        numRuns: 800,
      },
    );
  });

  test("bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => holds(Buffer.from(bytes).toString("utf8"))),
      { numRuns: 500 },
    );
  });

  test("files cut off anywhere", () => {
    for (const seed of seeds) for (let end = 0; end < seed.length; end += 97) holds(seed.slice(0, end));
  });
});
