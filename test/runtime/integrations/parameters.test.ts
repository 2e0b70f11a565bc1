import { describe, expect, test } from "vitest";
import { parameterText, parseBodyPath, readBodyPath } from "../../../runtime/mapping/body-path.js";
import { decodePercent, parseQuery } from "../../../runtime/mapping/query-text.js";

describe("simple paths into a body", () => {
  const body = { pets: [{ name: "Rex" }, { name: "Tom" }], "a b": { "c'd": 1 }, none: null };

  test.each([
    [".pets[0].name", "Rex"],
    [".pets[*].name", '["Rex","Tom"]'],
    ['["a b"]["c\'d"]', "1"],
    [".pets[1]", '{"name":"Tom"}'],
    ["['a b']", `{"c'd":1}`],
    [".none", undefined],
    [".pets.name", undefined],
    [".pets[9]", undefined],
    [".constructor", undefined],
    [".__proto__", undefined],
    [".pets.length", undefined],
  ])("%s", (path, text) => {
    expect(parameterText(readBodyPath(body, parseBodyPath(path) ?? []))).toBe(text);
  });

  test.each(["..name", "[?(@.a)]", ".a[", "a", ".a b"])("%s is no simple path", (path) => {
    expect(parseBodyPath(path)).toBeUndefined();
  });
});

describe("a query", () => {
  test.each([
    ["a=1&a=2&b", ["a", "1", "a", "2", "b", ""]],
    ["&&=x&a=%2B+%20&a==", ["", "x", "a", "+  ", "a", "="]],
    ["a=%zz%F0%9F", ["a", "%zz\uFFFD"]],
    ["a=1;b=2", ["a", "1;b=2"]],
    ["", []],
  ])("%s", (query, pairs) => {
    expect(parseQuery(query, false)).toEqual(pairs);
  });

  test("REST splits at semicolons too", () => {
    expect(parseQuery("a=1;b=2", true)).toEqual(["a", "1", "b", "2"]);
  });

  test("percent sequences that are no UTF-8 are replaced, broken ones stay", () => {
    expect(decodePercent("%E2%98%95 %C3 %4")).toBe("☕ \uFFFD %4");
  });
});
