import { expect, test } from "vitest";
import { code, printPlanned } from "../../../generators/emit/code-literal.js";

test("data of the user's never passes for code", () => {
  expect(printPlanned({ code: "process.exit()" })).toBe('{ code: "process.exit()" }');
  expect(printPlanned([{ code: "x" }, code("x")])).toBe('[{ code: "x" }, x]');
});

test("strings cannot end what is around them", () => {
  const text = 'a"b`${c}\n</script>\u2028*/';
  expect(JSON.parse(printPlanned(text).replaceAll("<\\/", "</"))).toBe(text);
  expect(printPlanned(text)).not.toMatch(/\u2028|<\/script/);
});

test("names are quoted where they have to be, and __proto__ is a name", () => {
  expect(printPlanned(JSON.parse('{"a-b":1,"__proto__":2,"ok":3}'))).toBe('{ "a-b": 1, ["__proto__"]: 2, ok: 3 }');
});

test("long data takes a line for each member", () => {
  const long = { first: "x".repeat(80), second: ["y".repeat(80)] };
  expect(printPlanned(long).split("\n")).toHaveLength(4);
});
