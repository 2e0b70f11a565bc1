import { describe, expect, test } from "vitest";
import { outputs } from "../../generators/index.js";
import { compile } from "../../src/compile.js";
import { SourceFile } from "../../src/source.js";

const references = [
  "$request.path.id",
  "$request.querystring.q",
  "$request.header.X-A",
  "$request.multivaluequerystring.q",
  "$request.multivalueheader.X-A",
  "$request.path",
  "$request.body",
  "$request.body.a[*].b",
  "$response.header.X-B",
  "$response.body.a",
  "$response.status",
  "$context.stage",
  "$stageVariables.v",
];

/** Each reference by itself, in a text, and before every other one. */
const values = references.flatMap((one) => [
  one,
  `x \${${one.slice(1)}}`,
  `\${${one.slice(1)}}`,
  `${one} ?? "d"`,
  `${one} ?? null`,
  ...references.map((other) => `${one} ?? ${other}`),
]);

const places = {
  "a header of a request": (value: string) => `request: { headers: { X-Z: '${value}' }, map: { a: 1 } }`,
  "a query parameter": (value: string) => `request: { query: { z: '${value}' }, map: { a: 1 } }`,
  "a path parameter": (value: string) => `request: { path: { id: '${value}' }, map: { a: 1 } }`,
  "the body of a request": (value: string) => `request: { map: { a: '${value}' } }`,
  "a header of an answer": (value: string) =>
    `responses: { 200: { map: { a: 1 }, headers: { X-Z: { value: '${value}' } } } }`,
  "the status of an answer": (value: string) => `responses: { 200: { map: { a: 1 }, status: '${value}' } }`,
  "the body of an answer": (value: string) => `responses: { 200: { map: { a: '${value}' } } }`,
};

const made = Promise.all(
  outputs.filter(({ name }) => name === "openapi" || name === "gateway").map((output) => output.load()),
);

/** What passes the checks can be made: there is no value that only a generator finds wrong. */
describe.each(["rest", "http"])("on %s APIs, whatever may stand in", (kind) => {
  test.each(Object.entries(places))("%s can be made", async (_, place) => {
    const generators = await made;
    // A mapped body makes an integration of a REST API no proxy; HTTP APIs map no bodies, statuses and path parameters.
    const written = (text: string) => (kind === "rest" ? text : text.replace(/, map: { a: 1 }|map: { a: 1 }, /, ""));
    let right = 0;
    for (const value of values) {
      const text = `gateway: t
kind: ${kind}
stages: { dev: { variables: { v: x } } }
routes:
  POST /o/{id}:
    http: https://e.example/o/{id}
    ${written(place(value))}
`;
      const { model, diagnostics } = await compile(new SourceFile("gateway.yaml", text), async () => generators, {
        projectDir: "/",
        outDir: "/build",
        targets: new Set(["aws", "node"]),
      });
      if (model !== undefined) right++;
      else expect([value, diagnostics.length]).not.toEqual([value, 0]);
    }
    expect(right > 0).toBe(kind === "rest" || !/map|status|path:/.test(written(place(""))));
  });
});
