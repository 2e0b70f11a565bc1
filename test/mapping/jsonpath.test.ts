import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Budget } from "../../runtime/mapping/budget.js";
import { parseJson } from "../../runtime/mapping/json/parse-json.js";
import { readPath } from "../../runtime/mapping/jsonpath/evaluate.js";
import { parsePath } from "../../runtime/mapping/jsonpath/parse-path.js";
import { JsonPathError } from "../../runtime/mapping/jsonpath/path.js";
import { matchesPattern } from "../../runtime/mapping/regex/java-regex.js";
import { jsonText } from "../../runtime/mapping/values/json-text.js";
import { runJsonPathVectors } from "../../scripts/vectors/jsonpath.js";
import { sharedFolder } from "../support/paths.js";

const store = {
  store: {
    book: [
      { category: "reference", author: "Nigel Rees", title: "Sayings of the Century", price: 8.95 },
      { category: "fiction", author: "Evelyn Waugh", title: "Sword of Honour", price: 12.99 },
      { category: "fiction", author: "Herman Melville", title: "Moby Dick", isbn: "0-553-21311-3", price: 8.99 },
      {
        category: "fiction",
        author: "J. R. R. Tolkien",
        title: "The Lord of the Rings",
        isbn: "0-395-19395-8",
        price: 22.99,
      },
    ],
    bicycle: { color: "red", price: 19.95 },
  },
  expensive: 10,
};

/** Jayway's README has these paths; what they give is its documented result. */
const documented: readonly (readonly [string, unknown])[] = [
  ["$.store.book[*].author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]],
  ["$..author", ["Nigel Rees", "Evelyn Waugh", "Herman Melville", "J. R. R. Tolkien"]],
  ["$.store.*", [store.store.book, store.store.bicycle]],
  ["$.store..price", [8.95, 12.99, 8.99, 22.99, 19.95]],
  ["$..book[2]", [store.store.book[2]]],
  ["$..book[-2]", [store.store.book[2]]],
  ["$..book[0,1]", [store.store.book[0], store.store.book[1]]],
  ["$..book[:2]", [store.store.book[0], store.store.book[1]]],
  ["$..book[1:2]", [store.store.book[1]]],
  ["$..book[-2:]", [store.store.book[2], store.store.book[3]]],
  ["$..book[2:]", [store.store.book[2], store.store.book[3]]],
  ["$..book[?(@.isbn)]", [store.store.book[2], store.store.book[3]]],
  ["$.store.book[?(@.price < 10)]", [store.store.book[0], store.store.book[2]]],
  ["$..book[?(@.price <= $['expensive'])]", [store.store.book[0], store.store.book[2]]],
  ["$..book[?(@.author =~ /.*REES/i)]", [store.store.book[0]]],
  ["$.store.book.length()", 4],
  ["$..book.length()", 1],
  ["$.store.book[0].title", "Sayings of the Century"],
  ["store.bicycle.color", "red"],
  ["$['store']['bicycle']['color','price']", { color: "red", price: 19.95 }],
  ["$.store.book[?(@.category in ['reference'])].title", ["Sayings of the Century"]],
  ["$.store.book[?(!(@.price < 20))].title", ["The Lord of the Rings"]],
  ["$.store.book[?(@.isbn && @.price > 10)].title", ["The Lord of the Rings"]],
  ["$.store.book[?(@.price == 8.95 || @.price == 8.99)].title", ["Sayings of the Century", "Moby Dick"]],
  ["$.store.bicycle.keys()", ["color", "price"]],
  ["$.store.book[?(@.title == 'none')]", []],
  ["$.store.book[9]", undefined],
  ["$.store.none", undefined],
  ["$.store.none.deeper", undefined],
  ["$.store.book[*].isbn", ["0-553-21311-3", "0-395-19395-8"]],
  ["$.store.book[0].title.deeper", undefined],
];

describe("paths as Jayway reads them", () => {
  for (const [path, wanted] of documented) {
    test(path, () => expect(valueAt(path, store)).toEqual(wanted));
  }

  /** What json-path 2.9 gives, asked on a JVM. */
  test.each([
    ["$.l[?(@.n nin [1])].n", [null]],
    ["$.l[?(@.n nin 3)].n", []],
    ["$.l[?(!(@.n in 3))].n", []],
    ["$.l[?(@.n nin 3 || @.t)].n", []],
    ["$.l[?(@.t || @.n nin 3)].n", [1, null]],
    ["$.l[?(@.n nin @.m)].n", [1]],
    ["$.l[?(@.t subsetof 'x' || @.t)].n", []],
    ["$.l[?(@.t empty 3 || 1 == 1)]", []],
    ["$.l[*].t.max()", undefined],
    ["$.l[*].n.first()", undefined],
  ])("an operand that is of no kind for its operator: %s", (path, wanted) => {
    const document = {
      l: [
        { t: ["a", "b"], n: 1, m: { a: 1 } },
        { t: ["b"], n: null },
      ],
    };
    expect(valueAt(path, document)).toEqual(wanted);
  });

  test.each(["$.", "$..", "$.a[", "$.a[?(@.b]", "$.a b", "$.store.book.max2()", "$[::2]", "$a"])(
    "%s is refused",
    (path) => {
      expect(() => parsePath(path)).toThrow(JsonPathError);
    },
  );

  test("a filter cannot hold the gateway", () => {
    const many = { list: Array.from({ length: 2000 }, (_, index) => ({ index })) };
    expect(() => valueAt("$.list[?($..index)]", many)).toThrow("more work");
  });
});

const shared = sharedFolder();

describe.skipIf(shared === undefined)("RFC 9535's suite", () => {
  test("no selector crashes the parser, and results are the RFC's wherever Jayway agrees with it", () => {
    const { passed, failed } = runJsonPathVectors(join(shared ?? "", "vectors/jsonpath-rfc9535"));
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(300);
  });
});

function valueAt(text: string, document: unknown): unknown {
  const budget = new Budget();
  const root = parseJson(JSON.stringify(document), budget) ?? null;
  const value = readPath(parsePath(text), root, { root, budget, matches: matchesPattern });
  return value === undefined ? undefined : JSON.parse(jsonText(value, budget));
}
