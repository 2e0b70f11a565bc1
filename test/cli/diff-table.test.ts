import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gateway, project } from "./support.js";

/** Route, models and the rest of a file. */
interface Parts {
  readonly route?: string;
  readonly models?: string;
  readonly more?: string;
}

function file({ route = "GET /a: { mock: {} }", models, more = "" }: Parts): string {
  return `gateway: shop\nversion: 1.0.0\n${more}\n${models ? `models: |\n  ${models}\n` : ""}routes:\n  ${route}\n`;
}

const takes = (type: string, models?: string): Parts => ({
  route: `POST /a: { lambda: f, body: "${type}" }`,
  ...(models && { models }),
});
const gives = (type: string, models?: string): Parts => ({
  route: `GET /a: { lambda: f, responses: { 200: "${type}" } }`,
  ...(models && { models }),
});
const stages = "stages: { dev: {}, prod: {} }";
const domain = (paths: string): Parts => ({ more: `${stages}\ndomains: { api.example.com: { paths: ${paths} } }` });
const lambda = (settings: string): Parts => ({
  more: `authorizers: { partners: { lambda: who, ${settings} } }`,
  route: "GET /a: { lambda: f, auth: partners }",
});
const live = (routes: string, events = "Moved: string", more = ""): Parts => ({
  more: `${stages}\nwebsocket: { select: $request.body.action, ${more} routes: { ${routes} }, events: { ${events} } }`,
});
const list = (more: string): Parts => ({
  route: `GET /a: { lambda: f, query: { cursor?: string }, responses: { 200: "{ items: string[]; cursor?: string }" }${more} }`,
});
const keyed = (source: string): Parts => ({
  more: `${source}\nplans: { all: { throttle: { rate: 1, burst: 1 } } }\nkeys: { one: { plan: all } }`,
  route: "GET /a: { lambda: f, apiKey: true }",
});
const across = (cors: string, own = ""): Parts => ({
  more: `cors: { ${cors} }`,
  route: `GET /a: { lambda: f${own} }\n  PUT /b: { lambda: g }`,
});
const pay = "interface Card { kind: 'card'; last4: string } interface Bill { kind: 'bill'; days: integer }";

const table: readonly (readonly [string, Parts, Parts, readonly string[]])[] = [
  ["a body of less", takes("string | number"), takes("string"), ["breaking POST /a, body: takes less than before"]],
  ["a body of more", takes("string"), takes("string | number"), ["compatible POST /a, body: takes more than before"]],
  [
    "an answer of less",
    gives("string | number"),
    gives("string"),
    ["compatible GET /a, 200 body: is narrower than before"],
  ],
  [
    "an answer of more",
    gives("string"),
    gives("string | number"),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "a body with a format",
    takes("{ a: string }"),
    takes("{ a: uuid }"),
    ["breaking POST /a, body.a: has the format uuid now"],
  ],
  [
    "a body of any text",
    takes("{ a: uuid }"),
    takes("{ a: string }"),
    ["compatible POST /a, body.a: has no format any more (was uuid)"],
  ],
  ["an answer with a format", gives("string"), gives("uuid"), ["compatible GET /a, 200 body: has the format uuid now"]],
  [
    "an answer with another format",
    gives("date"),
    gives("datetime"),
    ["breaking GET /a, 200 body: has the format date-time now (was date)"],
  ],
  [
    "an answer of whole numbers no more",
    gives("integer"),
    gives("number"),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "a map of other values",
    gives("Record<string, integer>"),
    gives("Record<string, string>"),
    ["breaking GET /a, 200 body.*: is another type than before"],
  ],
  ["a body that takes a word more", takes("'x'"), takes("'x' | 'y'"), ['compatible POST /a, body: may also be "y"']],
  ["an answer that has a word more", gives("'x'"), gives("'x' | 'y'"), ['breaking GET /a, 200 body: may also be "y"']],
  [
    "an answer that has a word less",
    gives("'x' | 'y'"),
    gives("'x'"),
    ['compatible GET /a, 200 body: is no longer "y"'],
  ],
  [
    "a required member of a body",
    takes("{ a?: string }"),
    takes("{ a: string }"),
    ["breaking POST /a, body.a: is required now"],
  ],
  [
    "a required member of an answer",
    gives("{ a?: string }"),
    gives("{ a: string }"),
    ["compatible GET /a, 200 body.a: is required now"],
  ],
  [
    "a member of a union that changed",
    gives("Card | Bill", pay),
    gives("Card | Bill", pay.replace("days: integer", "days: string")),
    ["breaking model Bill, days: is another type than before"],
  ],
  [
    "one more of a union in answers",
    gives("Card", pay),
    gives("Card | Bill", pay),
    ["breaking GET /a, 200 body: may be more than before"],
  ],
  [
    "one less of a union in answers",
    gives("Card | Bill | string", pay),
    gives("Card | Bill", pay),
    ["compatible GET /a, 200 body: is narrower than before"],
  ],
  [
    "one less of a union in bodies",
    takes("Card | Bill | string", pay),
    takes("Card | Bill", pay),
    ["breaking POST /a, body: takes less than before"],
  ],
  [
    "constraints inside of a union",
    takes("Card | Bill", pay),
    takes("Card | Bill", pay.replace("last4", "/** @maxLength 4 */ last4")),
    ["breaking model Card, last4: has maxLength 4 now"],
  ],
  ["a route that is gone", { route: "GET /a: { mock: {} }\n  GET /b: { mock: {} }" }, {}, ["breaking GET /b: is gone"]],
  ["a stage that is gone", { more: stages }, { more: "stages: { dev: {} }" }, ["breaking api, stage prod: is gone"]],
  [
    "a base path that is gone",
    domain("{ v1: prod, v2: dev }"),
    domain("{ v1: prod }"),
    ["breaking api, address api.example.com/v2: is gone"],
  ],
  [
    "a base path that is new",
    domain("{ v1: prod }"),
    domain("{ v1: prod, v2: dev }"),
    ["compatible api, address api.example.com/v2: is new"],
  ],
  [
    "a base path of another stage",
    domain("{ v1: prod, v2: dev }"),
    domain("{ v1: prod, v2: prod }"),
    ["breaking api, address api.example.com/v2: leads to the stage prod now (was dev)"],
  ],
  ["IAM", {}, { route: "GET /a: { mock: {}, auth: iam }" }, ["breaking GET /a: is called with iam now (was none)"]],
  [
    "IAM no more",
    { route: "GET /a: { mock: {}, auth: iam }" },
    {},
    ["compatible GET /a: is called with none now (was iam)"],
  ],
  [
    "a token elsewhere",
    lambda("identity: $request.header.X-A"),
    lambda("identity: $request.header.X-B"),
    ["breaking GET /a: looks for its credentials in header x-b now"],
  ],
  [
    "the same header in other letters",
    lambda("identity: $request.header.X-A"),
    lambda("identity: $request.header.x-a"),
    [],
  ],
  [
    "an API key that the authorizer brings no more",
    keyed("apiKeySource: authorizer\nauthorizers: { who: { lambda: w } }"),
    keyed("authorizers: { who: { lambda: w } }"),
    ["breaking GET /a: requires an API key now"],
  ],
  [
    "pages no more",
    list(", paginate: cursor"),
    list(""),
    ["breaking GET /a: can no longer be gone through by pages in SDKs"],
  ],
  ["pages", list(""), list(", paginate: cursor"), ["compatible GET /a: can be gone through by pages in SDKs now"]],
  [
    "a message of more",
    live("join: { lambda: f, body: \"{ action: 'join'; a?: string }\" }"),
    live("join: { lambda: f, body: \"{ action: 'join'; a: string }\" }"),
    ["breaking WebSocket join, a: is required now"],
  ],
  [
    "a message that is gone",
    live("join: { lambda: f }, quit: { lambda: g }"),
    live("join: { lambda: f }"),
    ["breaking WebSocket quit: is gone"],
  ],
  [
    "an event of another type",
    live("join: { lambda: f }"),
    live("join: { lambda: f }", "Moved: integer"),
    ["breaking WebSocket event Moved: is another type than before"],
  ],
  [
    "a reply of less",
    live("join: { lambda: f, reply: '{ a: string }' }"),
    live("join: { lambda: f, reply: '{ b?: string }' }"),
    ["breaking WebSocket join, reply.a: is no longer answered", "compatible WebSocket join, reply.b: is new"],
  ],
  [
    "WebSocket at another address",
    live("join: { lambda: f }", undefined, "domain: { name: a.example.com, paths: { '': dev } },"),
    live("join: { lambda: f }", undefined, "domain: { name: b.example.com, paths: { '': dev } },"),
    ["breaking WebSocket, address a.example.com: is gone", "compatible WebSocket, address b.example.com: is new"],
  ],
  [
    "CORS of all routes, told once",
    across("origins: [https://a.example, https://b.example], exposeHeaders: [X-Total]"),
    across("origins: [https://a.example]"),
    [
      "breaking api: no longer lets other origins call it: pages of https://b.example",
      "breaking api: no longer lets other origins read headers: x-total",
    ],
  ],
  [
    "CORS of one route, told of it",
    across("origins: [https://a.example]"),
    across("origins: [https://a.example]", ", cors: false"),
    ["breaking GET /a: can no longer be called by pages of other origins"],
  ],
  [
    "CORS for everybody",
    across("origins: [https://a.example]"),
    across("origins: ['*']"),
    ["compatible api: lets other origins call it: pages of *"],
  ],
  [
    "CORS for one in place of everybody, without its cookies",
    across("origins: [https://a.example], credentials: true"),
    across("origins: [https://a.example]"),
    ["breaking api: no longer takes cookies and credentials of other origins"],
  ],
  [
    "CORS with fewer headers, and a method that a preflight has to name",
    across("origins: ['*'], headers: [X-A, Authorization], methods: [GET, PUT]"),
    across("origins: ['*'], headers: ['*'], methods: [GET]"),
    [
      "breaking api: no longer lets other origins send headers: authorization",
      "breaking PUT /b: no longer lets other origins use PUT",
      "compatible api: lets other origins send headers: *",
    ],
  ],
  [
    "choices of SDKs that change types, and a package of another name",
    {
      more: "sdk: { typescript: { name: a, enums: open }, python: { name: p, models: typed-dict }, go: example.com/a }",
    },
    {
      more: "sdk: { typescript: { name: b, int64: bigint }, python: { name: p, models: dataclass }, java: com.example.a }",
    },
    [
      "breaking SDK for TypeScript: is imported as b now (was a)",
      "breaking SDK for TypeScript, int64: is bigint now (was number)",
      "breaking SDK for Python, models: is dataclass now (was typed-dict)",
      "breaking SDK for Go: is no longer made",
      "compatible SDK for TypeScript, enums: is closed now (was open)",
      "compatible SDK for Java: is new",
    ],
  ],
];

describe("adversarial changes, in text, JSON and Markdown", () => {
  test.each(table)("%s", async (_, older, newer, expected) => {
    const folder = project({ "old.yaml": file(older), "new.yaml": file(newer) });
    const diff = (...flags: readonly string[]) =>
      gateway("diff", join(folder, "old.yaml"), join(folder, "new.yaml"), ...flags);
    const { out, code, error } = await diff();
    expect(error).toBe("");
    const lines = out.split("\n").slice(0, -2);
    expect(lines.map((line) => line.replace(/ +/, " ").replace(/ \[[a-z0-9-]+\]$/, ""))).toEqual(expected);
    const breaks = expected.some((line) => line.startsWith("breaking"));
    expect(code).toBe(breaks ? 1 : 0);
    expect((await diff("--fail-on", "any")).code).toBe(expected.length > 0 ? 1 : 0);

    const json = await diff("--format", "json");
    expect(json.code).toBe(code);
    const told = JSON.parse(json.out);
    expect(told.breaking).toBe(breaks);
    expect(
      told.changes.map(
        (change: Record<string, string>) =>
          `${change["kind"]} ${change["where"]}${change["path"] && `, ${change["path"]}`}: ${change["message"]}`,
      ),
    ).toEqual(expected);

    const markdown = await diff("--format", "markdown");
    expect(markdown.code).toBe(code);
    const items = markdown.out.split("\n").filter((line) => line.startsWith("- "));
    expect(items).toHaveLength(expected.length);
    expect(markdown.out.includes("### Breaking")).toBe(breaks);
  });
});

describe("a contract of format 1", () => {
  test("is read; what it does not say is no change", async () => {
    const folder = project({ "gateway.yaml": file(domain("{ v1: prod }")) });
    expect((await gateway("build", folder, "--only", "contract")).code).toBe(0);
    const { readFileSync, writeFileSync } = await import("node:fs");
    const path = join(folder, "build/contract/contract.json");
    const now = JSON.parse(readFileSync(path, "utf8"));
    expect(now).toMatchObject({ format: 2, addresses: [{ address: "api.example.com/v1", stage: "prod" }] });
    const routes = now.routes.map(
      ({ credentials: _, pages: __, cors: ___, ...route }: Record<string, unknown>) => route,
    );
    const old = join(folder, "old.json");
    const { sdks: _, ...rest } = now;
    writeFileSync(
      old,
      JSON.stringify({ ...rest, format: 1, addresses: ["api.example.com/v1", "api.example.com"], routes }),
    );
    expect(await gateway("diff", old, path)).toMatchObject({
      code: 1,
      out: "breaking   api, address api.example.com: is gone [address-removed]\n1 breaking, 0 compatible\n",
    });
    writeFileSync(old, JSON.stringify({ ...now, format: 3 }));
    expect((await gateway("diff", old, path)).error).toContain("no contract that this version of gateway can read");
  });
});
