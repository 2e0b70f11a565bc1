import { expect, test } from "vitest";
import { type RouteMatch, Router } from "../../runtime/http/router.js";
import { testRoute } from "../support/program.js";

function match(kind: "rest" | "http", keys: readonly string[], method: string, path: string): unknown {
  const found: { route?: RouteMatch["route"]; pathValues: readonly string[] } = { pathValues: [] };
  const router = new Router(
    kind,
    keys.map((key) => testRoute(key)),
  );
  return router.find(method, path, found as RouteMatch) ? [found.route?.key, ...found.pathValues] : undefined;
}

const rest = (keys: readonly string[], request: string) => match("rest", keys, ...split(request));
const http = (keys: readonly string[], request: string) => match("http", keys, ...split(request));
const split = (request: string) => request.split(" ") as [string, string];

test("static goes before a parameter and that before a greedy one", () => {
  const keys = ["GET /{rest+}", "GET /a/{id}", "GET /a/b"];
  expect(rest(keys, "GET /a/b")).toEqual(["GET /a/b"]);
  expect(rest(keys, "GET /a/c")).toEqual(["GET /a/{id}", "c"]);
  expect(rest(keys, "GET /a/c/d")).toEqual(["GET /{rest+}", "a/c/d"]);
});

test("without the method, a less specific resource answers; ANY keeps it", () => {
  const keys = ["POST /test", "ANY /any", "OPTIONS /{proxy+}"];
  expect(rest(keys, "OPTIONS /test")).toEqual(["OPTIONS /{proxy+}", "test"]);
  expect(rest(keys, "OPTIONS /any")).toEqual(["ANY /any"]);
  expect(rest(keys, "GET /test")).toBeUndefined();
});

test("values stand in the order of the segments after falling back", () => {
  const keys = ["GET /{a}/x/{b}/end", "GET /{a}/{b+}"];
  expect(rest(keys, "GET /1/x/2/end")).toEqual(["GET /{a}/x/{b}/end", "1", "2"]);
  expect(rest(keys, "GET /1/x/2/other")).toEqual(["GET /{a}/{b+}", "1", "x/2/other"]);
});

test("REST ignores slashes at the end, keeps those inside a greedy value, and needs something for it", () => {
  const keys = ["GET /{proxy+}", "GET /a"];
  expect(rest(keys, "GET /a/")).toEqual(["GET /a"]);
  expect(rest(keys, "GET /p//q/")).toEqual(["GET /{proxy+}", "p//q"]);
  expect(rest(keys, "GET /")).toBeUndefined();
});

test("a parameter never takes an empty segment", () => {
  expect(rest(["GET /a/{id}/b"], "GET /a//b")).toBeUndefined();
});

test("REST compares raw segments, HTTP APIs decoded ones; an encoded slash is no slash", () => {
  expect(rest(["GET /pets"], "GET /%70ets")).toBeUndefined();
  expect(http(["GET /pets"], "GET /%70ets")).toEqual(["GET /pets"]);
  expect(http(["GET /a/b", "GET /{x}"], "GET /a%2Fb")).toEqual(["GET /{x}", "a%2Fb"]);
});

test("HTTP APIs: full match, then greedy, then $default", () => {
  const keys = ["GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"];
  expect(http(keys, "GET /pets/dog/2")).toEqual(["GET /pets/dog/{id}", "2"]);
  expect(http(keys, "GET /pets/cat/1")).toEqual(["GET /pets/{proxy+}", "cat/1"]);
  expect(http(keys, "POST /pets/cat/1")).toEqual(["ANY /{proxy+}", "pets/cat/1"]);
  expect(http(keys, "GET /")).toEqual(["$default"]);
});

test("names of JavaScript's own objects are segments like any other", () => {
  expect(rest(["GET /a"], "GET /__proto__")).toBeUndefined();
  expect(rest(["GET /constructor/{x}"], "GET /constructor/__proto__")).toEqual(["GET /constructor/{x}", "__proto__"]);
});
