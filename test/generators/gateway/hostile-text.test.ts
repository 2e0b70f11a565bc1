import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../../support/build-fixture.js";
import { typeErrors } from "../../support/compiles.js";
import { type RunningGateway, startGateway } from "../../support/gateway-process.js";

/** Each ends the string, comment or template that it is put into, if it is not escaped, and runs code. */
const hostile = [
  '"); globalThis.pwned = true; ("',
  "'); globalThis.pwned = true; ('",
  "`); globalThis.pwned = true; (`",
  "${globalThis.pwned = true}",
  "*/ globalThis.pwned = true; /*",
  "// \n globalThis.pwned = true //",
  "\r\nglobalThis.pwned = true\r\n",
  "\\",
  '\\"',
  "\\u0022",
  "</script><script>alert(1)</script>",
  "<!-- --> ]]>",
  "line\u2028separator\u2029end",
  "\u0000 \u0001 \u007f \u0085 \ufeff",
  "#set($x = 1)$x #end #[[x]]# $input.body $$ $",
  "main(route(mock(substitution(fromStatic(",
  "__proto__",
  "constructor",
  "😀 \ud83d",
];
const all = hostile.join(" ");
/** A literal dollar is written twice. */
const literal = (text: string) => text.replaceAll("$", "$$$$");

/** JSON is YAML but for characters that YAML wants escaped. */
const asYaml = (value: object) =>
  JSON.stringify(value, undefined, 1).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const folder = mkdtempSync(join(tmpdir(), "gateway-hostile-"));
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, "");
const bodies = [...hostile, all].map((text, index) => ({ path: `/body-${index}`, text: text.replace(/\p{Cs}/gu, "") }));

let gateway: RunningGateway;

beforeAll(async () => {
  writeFileSync(join(folder, "gateway.yaml"), asYaml(definition()));
  mkdirSync(join(folder, "handlers"), { recursive: true });
  writeFileSync(
    join(folder, "handlers/probe.ts"),
    'import { probe } from "../build/handlers/probe.js";\n' +
      'export const handler = probe(async () => ({ status: 200, body: { pwned: "pwned" in globalThis } }));\n',
  );
  gateway = await startGateway(await buildFixture(folder), { SECRET: all.replaceAll("\u0000", "") });
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function definition(): object {
  const routes: Record<string, object> = {
    "GET /probe": {
      lambda: "probe",
      summary: all.replace(/\p{Cc}|\p{Cs}/gu, " "),
      description: all.replace(/\p{Cs}/gu, ""),
      responses: { 200: { body: "{ pwned: boolean }", description: printable(all) } },
    },
  };
  for (const { path, text } of bodies) {
    routes[`GET ${path}`] = {
      mock: { text: literal(text), [`key ${text.replaceAll("$", "")}`]: 1, stage: "$context.stage" },
      description: text,
      responses: { 200: { headers: { "X-Text": literal(printable(text)) } } },
    };
  }
  return {
    gateway: "hostile",
    version: "1.0.0",
    description: all.replace(/\p{Cs}/gu, ""),
    models:
      '/** Text with `${x}` and "quotes" and \\u2028. @example */ \n interface Note { "a*/b": string; "c\\"d`e": number }',
    routes,
    errors: { MISSING_AUTHENTICATION_TOKEN: { map: { message: literal(printable(all)) } } },
    stages: { dev: { description: printable(all), variables: { host: "x" } } },
  };
}

test.each(bodies.map(({ path, text }) => [JSON.stringify(text).slice(0, 60), path, text]))(
  "%s comes out as it went in",
  async (_name, path, text) => {
    const answer = await fetch(`${gateway.url}/dev${path}`);
    expect(answer.status).toBe(200);
    expect((answer.headers.get("x-text") ?? "").trim()).toBe(printable(text).trim());
    expect(await answer.json()).toEqual({ text, [`key ${text.replaceAll("$", "")}`]: 1, stage: "dev" });
  },
);

test("a gateway response too", async () => {
  const answer = await fetch(`${gateway.url}/dev/nothing`);
  expect(await answer.json()).toEqual({ message: printable(all) });
});

test("nothing of it has run", async () => {
  expect(await (await fetch(`${gateway.url}/dev/probe`)).json()).toEqual({ pwned: false });
});

test("what is generated of it compiles", () => {
  const files = new Map(
    ["gateway/routes.ts", "gateway/program.ts", "gateway/pipelines.ts", "handlers/probe.ts", "handlers/models.ts"]
      .concat(["handlers/binder.ts", "gateway/functions.ts", "gateway/templates.ts"])
      .map((path) => [`build/${path}`, readFileSync(join(folder, "build", path), "utf8")]),
  );
  files.set("handlers/probe.ts", readFileSync(join(folder, "handlers/probe.ts"), "utf8"));
  expect(typeErrors(files)).toEqual([]);
}, 60_000);
