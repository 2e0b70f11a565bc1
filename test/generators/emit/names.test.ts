import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bindingName,
  camelName,
  freeName,
  identifierOf,
  memberName,
  packageName,
  snakeName,
  wordsOf,
} from "../../../generators/emit/names.js";

test("words of texts as people write names", () => {
  expect(wordsOf("X-Partner_id")).toEqual(["X", "Partner", "id"]);
  expect(wordsOf("getHTTPUrl2Go")).toEqual(["get", "HTTP", "Url2", "Go"]);
  expect(wordsOf("  ")).toEqual([]);
});

test.each([
  ["X-Partner", "xPartner"],
  ["If-None-Match", "ifNoneMatch"],
  ["ETag", "eTag"],
  ["user.name[first]", "userNameFirst"],
  ["2fa", "_2fa"],
  ["größe", "größe"],
  ["名前", "名前"],
  ["🙂", "_"],
  ["", "_"],
  ["__proto__", "proto"],
])("camelName(%j) is %j", (text, name) => {
  expect(camelName(text)).toBe(name);
});

test("a member keeps its name where it can be read without quotes", () => {
  expect(["type", "default", "snake_case", "a-b", "__proto__"].map(memberName)).toEqual([
    "type",
    "default",
    "snake_case",
    "aB",
    "proto",
  ]);
});

test("a binding is never a reserved word", () => {
  expect(["delete", "default", "await", "string", "getOrder", "1st"].map(bindingName)).toEqual([
    "delete_",
    "default_",
    "await_",
    "string_",
    "getOrder",
    "_1st",
  ]);
});

test("snakeName and packageName", () => {
  expect(snakeName("getHTTPUrl")).toBe("get_http_url");
  expect(["Lantern Shop", "_.x", "Müller & Söhne", "", "node_modules", "日本"].map(packageName)).toEqual([
    "lantern-shop",
    "x",
    "mu-ller-so-hne",
    "gateway-client",
    "node_modules-client",
    "gateway-client",
  ]);
});

test("a taken name gets its suffix, then underscores", () => {
  const taken = new Set(["Order", "OrderModel"]);
  expect(freeName("Order", "Model", (name) => taken.has(name))).toBe("OrderModel_");
  expect(freeName("Item", "Model", (name) => taken.has(name))).toBe("Item");
});

describe("laws", () => {
  const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string());
  test("every text gives names that a parser takes", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        new Function(
          `"use strict"; const ${bindingName(text)} = 0; return { ${memberName(text)}: 1, ${camelName(text)}: 2 };`,
        );
        expect(packageName(text)).toMatch(/^[a-z0-9](?:[a-z0-9._~-]{0,212}[a-z0-9])?$/);
      }),
    );
  });
  test("a name stays what it is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(identifierOf(identifierOf(text))).toBe(identifierOf(text));
        expect(memberName(memberName(text))).toBe(memberName(text));
      }),
    );
  });
});
