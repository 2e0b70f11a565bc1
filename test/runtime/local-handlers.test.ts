import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../../runtime/clock.js";
import { type YamlGateway, yamlGateway } from "../support/yaml-gateway.js";

/** A typed handler is called without an event (`handler.local`); what it sees and answers is as by the event. */

const routes = `
authorizers: { who: { lambda: check, type: request, identity: $request.header.X-Who, ttl: 0, context: { tenant: string, level: number, trusted: boolean } } }
models: |
  type Colour = "red" | "green"
  interface Thing { name: string; size: number; parts?: Thing[] }
  interface Problem { message: string; code: "INTERNAL" | "OTHER" }
routes:
  GET /things/{id}/{rest+}:
    lambda: getThing
    params: { id: integer }
    query: { limit?: integer, deep?: boolean, ratio?: number, colour?: Colour, tags?: "string[]", sizes?: "integer[]", raw?: string }
    headers: { X-Tags?: "string[]", X-Level?: integer }
    auth: who
    responses: { 200: unknown, 404: Problem, 500: Problem }
  POST /things: { lambda: addThing, body: Thing, responses: { 200: unknown } }
  PUT /things: { lambda: putThing, body: { type: Thing, required: false }, validate: none, responses: { 200: unknown } }
  ANY /notes: { lambda: note, responses: { 200: unknown } }
stages: { dev: { variables: { table: t } }, prod: { variables: { table: p } } }
`;
const kinds = {
  "a REST API": `gateway: things\ncors: { origins: ["https://a.example", "https://b.example"], credentials: true }\nbinaryMediaTypes: ["image/*"]${routes}`,
  "an HTTP API": `gateway: things\nkind: http${routes}`,
};

/** Echoes what it is given, the event too where `X-Event` asks for it; counts how often no event was made for it. */
const echo = (name: string, more = "") => `
import { ${name} } from "../build/handlers/${name}.js";
const typed = ${name}((async (request: any) => {
  ${more}
  const { context, event: _, signal, ...seen } = Object.getOwnPropertyDescriptors(request);
  const values = Object.fromEntries(Object.keys(seen).map((key) => [key, request[key]]));
  const asks = JSON.stringify(request.headers ?? {}).includes("event") || String(request.query?.raw).includes("event");
  return {
    status: 200,
    body: { values, left: context.value.getRemainingTimeInMillis() > 0, ...(asks ? { event: request.event } : {}) },
    headers: { "X-Seen": "1", "Set-Cookie": ["a=1", "b=2"] },
  };
}) as never);
const inner = typed.local as any;
const local = (request: any, context: any) => {
  (globalThis as any).locals = ((globalThis as any).locals ?? 0) + 1;
  return inner(request, context);
};
const way = Object.assign(local, { of: typed });
export const handler = Object.assign(typed, { local: way });
`;
const files = {
  "handlers/getThing.ts": echo(
    "getThing",
    'if (request.query.raw === "throw") throw new Error("as the test wants it");',
  ),
  "handlers/addThing.ts": echo("addThing"),
  "handlers/putThing.ts": echo("putThing"),
  "handlers/note.ts": echo("note"),
  "handlers/check.ts": `
import { check } from "../build/handlers/check.js";
export const handler = check(async ({ token }, { allow }) =>
  allow({ principalId: "p", context: { tenant: String(token), level: 3, trusted: token !== "x" } }));
`,
};
const ids = {
  requestId: () => "00000000-0000-4000-8000-000000000000",
  extendedRequestId: () => "AAAAAAAAAAAAAAA=",
  hex: (digits: number) => "a".repeat(digits),
};
const environment = { GATEWAY_LAMBDA_EVENTS: "always" };

const word = fc.oneof(
  fc.constantFrom(
    "a",
    "7",
    "-3",
    "1.5",
    "true",
    "red",
    "blue",
    "event",
    "throw",
    "",
    "a,b",
    "a%2Cb",
    "%C3%A9",
    "%zz",
    "+",
    "__proto__",
  ),
  fc.string({ unit: fc.constantFrom("a", "é", "1", ".", ",", "%", "+", ";", "="), maxLength: 5 }),
);
const query = fc.array(
  fc.tuple(fc.constantFrom("limit", "deep", "ratio", "colour", "tags", "sizes", "raw", "other", "__proto__"), word),
  { maxLength: 6 },
);
const headers = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom("X-Tags", "x-tags", "X-LEVEL"), fc.constantFrom("1", "a, b", "a,b,c", "event", "x")),
    fc.tuple(fc.constantFrom("Origin", "origin"), fc.constantFrom("https://a.example", "https://c.example", "*")),
    fc.tuple(fc.constantFrom("X-Who"), fc.constantFrom("x", "tenant", "é")),
    fc.tuple(fc.constantFrom("Cookie", "Accept", "User-Agent"), fc.constantFrom("image/png", "a=1; b=2")),
  ),
  { maxLength: 6 },
);
const body = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "null",
    '{"name":"é","size":1}',
    '{"name":1}',
    '{"name":"n","size":2,"__proto__":{"a":1}}',
    "[[]]",
  ),
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
);
interface Given {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly type: string | undefined;
  readonly body: string | Buffer;
}

const request: fc.Arbitrary<Given> = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "POST", "PUT", "DELETE"),
  path: fc.oneof(
    fc.tuple(word, word).map(([id, rest]) => `/things/${id}/${rest}/x`),
    fc.constantFrom("/things/7/a", "/things/7/a%2Fb/c", "/things", "/notes"),
  ),
  query,
  headers,
  type: fc.constantFrom(undefined, "application/json", "image/png", "text/plain", "Application/JSON; charset=utf-8"),
  body,
});

function sent({ path, query: pairs, headers: given, method, type, body: payload }: Given) {
  const text = pairs
    .map(([name, value]) => `${name}=${value}`)
    .join("&")
    .replace(/[^\x21-\x7e]/g, encodeURIComponent);
  const fields = [
    ...given,
    ...(type === undefined ? [] : [["Content-Type", type]]),
    ["Host", "api.example.com"],
  ].flat();
  return {
    method,
    path: `/dev${path.replace(/[^\x21-\x7e]|[?#]/g, encodeURIComponent)}${text === "" ? "" : `?${text}`}`,
    headers: fields.map((field) => Buffer.from(field, "utf8").toString("latin1")),
    ...(method === "GET" ? {} : { body: payload }),
  };
}

for (const [kind, yaml] of Object.entries(kinds)) {
  describe(kind, () => {
    let local: YamlGateway;
    let byEvents: YamlGateway;
    beforeAll(async () => {
      const clock = new ManualClock(Date.UTC(2026, 0, 2));
      local = await yamlGateway(yaml, { ids, clock }, files);
      byEvents = await yamlGateway(yaml, { ids, clock, environment }, files);
    });
    afterAll(async () => {
      for (const gateway of [local, byEvents]) {
        await gateway.close();
        gateway.remove();
      }
    });
    const locals = () => (globalThis as { locals?: number }).locals ?? 0;

    test("without an event and with one, the same bytes", async () => {
      const statuses = new Map<number, number>();
      const silent = console.error;
      console.error = () => undefined;
      try {
        await fc.assert(
          fc.asyncProperty(request, async (given) => {
            const [ours, theirs] = [await local.inject(sent(given)), await byEvents.inject(sent(given))];
            statuses.set(ours.status, (statuses.get(ours.status) ?? 0) + 1);
            expect(ours).toEqual(theirs);
          }),
          { numRuns: 1500 },
        );
      } finally {
        console.error = silent;
      }
      // It has looked at what it is about.
      expect(Math.min(...[200, 400].map((status) => statuses.get(status) ?? 0))).toBeGreaterThan(50);
    });

    test("the one makes no event, the other one for each", async () => {
      const before = locals();
      const headers = ["X-Who", "tenant", "Host", "api.example.com"];
      const ours = await local.ask("GET /dev/things/7/a?tags=1,2&tags=3&raw=event", undefined, headers);
      expect(locals()).toBe(before + 1);
      const theirs = await byEvents.ask("GET /dev/things/7/a?tags=1,2&tags=3&raw=event", undefined, headers);
      expect(locals()).toBe(before + 1);
      expect(ours).toEqual(theirs);
      expect(ours.json.values).toMatchObject({ params: { id: 7, rest: "a" }, query: { tags: ["1,2", "3"] } });
      expect(ours.json.values.auth).toMatchObject({ tenant: "tenant", level: 3, trusted: true });
      expect(ours.json.event.requestContext.stage).toBe("dev");
    });
  });
}
