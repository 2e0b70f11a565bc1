import { expect, test } from "vitest";
import { createGateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import type { GatewayResponseEntry, RouteEntry } from "../../runtime/program.js";
import type { ParameterCheck } from "../../runtime/validation/parameter-check.js";
import { requireParameters } from "../../runtime/validation/require-parameters.js";
import { strictParameters } from "../../runtime/validation/strict-parameters.js";
import { validateBody } from "../../runtime/validation/validate-body.js";
import { testProgram, testRoute } from "../support/program.js";

async function pipeline(x: Exchange): Promise<boolean> {
  if (requireParameters(x)) return true;
  if (strictParameters(x)) return true;
  if (await readBody(x)) return true;
  if (validateBody(x)) return true;
  const json = x.jsonBody();
  return x.answer(200, ["Content-Type", "application/json"], json.ok ? JSON.stringify(json.value) : "none");
}

/** Answers the validation errors, so that tests see them. */
const detailed: GatewayResponseEntry = {
  status: undefined,
  headers: [],
  templates: [{ mediaType: "text/plain", body: (x) => `${x.error?.message}: ${x.error?.validationErrors}` }],
};

async function ask(
  entry: Partial<RouteEntry>,
  request: { path?: string; headers?: readonly string[]; body?: string | Uint8Array },
) {
  const gatewayResponses = new Map([
    ["BAD_REQUEST_BODY", detailed],
    ["BAD_REQUEST_PARAMETERS", detailed],
  ]);
  const gateway = createGateway({
    program: testProgram([testRoute("POST /x/{id}", pipeline, entry)], { api: { gatewayResponses } }),
  });
  const answer = await gateway.inject({ method: "POST", path: "/dev/x/7", ...request });
  return `${answer.status} ${answer.body.toString()}`;
}

const isNumber = (value: unknown) => (typeof value === "number" ? undefined : "not a number");
const numbers = { bodyCheck: { byMediaType: new Map([["application/json", isNumber]]) } };

test("required parameters are found whatever the case of a header and the encoding of a query name", async () => {
  const requiredParameters = [
    { in: "header", name: "x-tenant", label: "X-Tenant" },
    { in: "path", name: "id", label: "id" },
    { in: "query", name: "näme", label: "näme" },
  ] as const;
  const ok = { path: "/dev/x/7?n%C3%A4me=1", headers: ["X-TENANT", "a"] };
  expect(await ask({ requiredParameters }, ok)).toBe("200 {}");
  expect(await ask({ requiredParameters }, { path: "/dev/x/7?N=1", headers: ["x-tenant", "  "] })).toMatch(
    /^400 Missing required request parameters: \[X-Tenant, näme\]/,
  );
});

test("the model of the media type decides, parameters of the type ignored; another type is not checked", async () => {
  const typed = (type: string, body: string) => ask(numbers, { headers: ["Content-Type", type], body });
  expect(await typed("application/json; charset=utf-8", "12")).toBe("200 12");
  expect(await typed("APPLICATION/JSON", '"12"')).toBe("400 Invalid request body: not a number");
  expect(await typed("text/csv", '"12"')).toBe('200 "12"');
  expect(await ask(numbers, { body: "true" })).toBe("400 Invalid request body: not a number");
});

test("what is no JSON, or too deep, is 400 and nothing breaks", async () => {
  expect(await ask(numbers, { body: "{" })).toBe("400 Invalid request body: not valid JSON");
  expect(await ask(numbers, { body: "[".repeat(1_000_000) })).toMatch(/^400 .*nested deeper than 512/);
  expect(await ask(numbers, { body: `${"[".repeat(600)}"]${"]".repeat(600)}` })).toMatch(/nested deeper/);
  expect(await ask(numbers, { body: `"${"[".repeat(2000)}\\"["` })).toMatch(/not a number/);
  expect(await ask(numbers, { body: Buffer.from([0x22, 0xff, 0xfe]) })).toMatch(/not valid JSON/);
});

test("a validator that runs out of stack is 400", async () => {
  const recursive = (): string | undefined => recursive();
  const bodyCheck = { byMediaType: new Map([["application/json", recursive]]) };
  expect(await ask({ bodyCheck }, { body: "1" })).toBe("400 Invalid request body: nested too deeply");
});

test("of duplicate keys the last counts, and __proto__ is a key", async () => {
  const seen: unknown[] = [];
  const look = (value: unknown) => {
    seen.push(value);
    return undefined;
  };
  const bodyCheck = { byMediaType: new Map([["application/json", look]]) };
  expect(await ask({ bodyCheck }, { body: '{"a":1,"a":2,"__proto__":{"b":3}}' })).toContain('"a":2');
  expect((seen[0] as { b?: number }).b).toBeUndefined();
  expect(({} as { b?: number }).b).toBeUndefined();
});

test("strict: types of parameters, lists, and what a validator says", async () => {
  const small = (value: unknown) => ((value as number) <= 10 ? undefined : "above 10");
  const anything = () => undefined;
  const parameterChecks: readonly ParameterCheck[] = [
    { in: "query", name: "limit", label: "limit", type: "integer", list: false, validate: small },
    { in: "query", name: "on", label: "on", type: "boolean", list: false, validate: anything },
    { in: "query", name: "ids", label: "ids", type: "number", list: true, validate: anything },
    { in: "header", name: "x-sizes", label: "x-sizes", type: "integer", list: true, validate: anything },
    { in: "path", name: "id", label: "id", type: "integer", list: false, validate: anything },
  ];
  const check = (query: string, id = "7", headers: readonly string[] = []) =>
    ask({ parameterChecks }, { path: `/dev/x/${id}${query}`, headers });
  expect(await check("?limit=5&on=true&ids=1&ids=3.5", "7", ["X-Sizes", "1, 2,3"])).toBe("200 {}");
  expect(await check("?ids=1,2")).toBe("400 Invalid request parameters: [ids]: [ids: not of type number]");
  expect(await check("", "7", ["X-Sizes", "1, b"])).toMatch(/^400 Invalid request parameters: \[x-sizes\]/);
  expect(await check("")).toBe("200 {}");
  expect(await check("?limit=11")).toBe("400 Invalid request parameters: [limit]: [limit: above 10]");
  expect(await check("?limit=5x&on=yes&ids=1,b", "x")).toMatch(
    /^400 Invalid request parameters: \[limit, on, ids, id\]/,
  );
});
