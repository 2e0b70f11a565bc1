import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { asyncapi } from "../../../generators/asyncapi/index.js";
import { compile } from "../../../src/compile.js";
import { SourceFile } from "../../../src/source.js";
import { root } from "../../support/paths.js";

/** AsyncAPI documents against AsyncAPI's own schema of version 3.0. */
let validate: ValidateFunction;

beforeAll(() => {
  const schema = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0.json") as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false });
  validate = ajv.compile(schema);
});

// biome-ignore lint/suspicious/noExplicitAny: tests compare parts of it.
async function documentOf(yaml: string): Promise<any> {
  const options = { projectDir: "/app", outDir: "/app/build", targets: new Set<never>() };
  const { files, diagnostics } = await compile(new SourceFile("gateway.yaml", yaml), async () => [asyncapi], options);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [json, written] = files.map(({ content }) => String(content));
  expect(parse(written ?? "")).toEqual(JSON.parse(json ?? ""));
  return JSON.parse(json ?? "");
}

function expectValid(document: unknown): void {
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

describe("AsyncAPI", () => {
  test.each(["chat", "websocket"])("the document of the fixture %s is valid", async (name) => {
    expectValid(await documentOf(readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8")));
  });

  test("routes are received, replies and events are sent, all in one channel", async () => {
    const document = await documentOf(readFileSync(join(root, "fixtures/chat/gateway.yaml"), "utf8"));
    expect(Object.keys(document.channels)).toEqual(["connection"]);
    expect(document.operations.join).toEqual({
      action: "receive",
      channel: { $ref: "#/channels/connection" },
      messages: [{ $ref: "#/channels/connection/messages/join" }],
      reply: {
        channel: { $ref: "#/channels/connection" },
        messages: [{ $ref: "#/channels/connection/messages/joinReply" }],
      },
    });
    expect(document.operations.sendSaid).toMatchObject({ action: "send" });
    expect(document.operations.connect).toBeUndefined();
    expect(document.components.messages.Said.payload).toMatchObject({
      properties: { event: { const: "Said" }, data: { $ref: "#/components/schemas/Line" } },
    });
    expect(document.channels.connection.bindings.ws.query.required).toEqual(["name"]);
    expect(document.servers.dev).toMatchObject({ host: "127.0.0.1:8080", protocol: "ws", pathname: "/dev" });
  });

  test("what the gateway says itself is described, beside an event of the same name", async () => {
    const document = await documentOf(
      "gateway: a\nwebsocket: { routes: { a: { mock: } }, events: { Failure: string } }\nstages: { dev: {} }\n",
    );
    expectValid(document);
    expect(document.components.messages.Failure.payload.properties.event).toEqual({ type: "string", const: "Failure" });
    const [name] = Object.keys(document.components.messages).filter((each) => /^Failure./.test(each));
    expect(document.components.messages[name ?? ""].payload.required).toEqual(["message", "connectionId"]);
    const senders = Object.values<{ action: string; messages: object[] }>(document.operations);
    expect(senders.filter(({ action }) => action === "send").flatMap(({ messages }) => messages)).toContainEqual({
      $ref: `#/channels/connection/messages/${name}`,
    });
  });

  test("hostile names and types of every kind stay valid", async () => {
    const document = await documentOf(
      `gateway: a
models: |
  /** Ends here *\\/ and "quotes" */
  interface Größe { /** @exclusiveMinimum 0 */ n: number; t: [string, integer?]; u: string | null; b?: "x" | "y" }
websocket:
  select: "\${request.body.a}/\${request.body.b}"
  apiKey: true
  auth: iam
  domain: live.example.com
  routes:
    $connect: { mock: }
    $default: { mock: }
    "x/ü <b>": { mock: { a: 1 }, body: Größe, reply: "Größe[]", operation: strange }
  events: { strange: Größe }
stages: { "prod-1": { description: "*/ <script>" } }
`,
    );
    expectValid(document);
    expect(document.servers["prod-1"]).toMatchObject({ host: "live.example.com", protocol: "wss" });
  });

  test("an API key stands in the handshake where it comes in a header, not where the authorizer names it", async () => {
    const handshake = async (source: string) => {
      const document = await documentOf(`gateway: a
apiKeySource: ${source}
authorizers: { guests: { lambda: admit, type: request, identity: [$request.querystring.who] } }
websocket:
  auth: guests
  apiKey: true
  routes: { $connect: { mock: }, $default: { mock: } }
stages: { dev: }
`);
      expectValid(document);
      const { query, headers } = document.channels.connection.bindings.ws;
      return [Object.keys(document.components.securitySchemes), query.required, headers?.required];
    };
    expect(await handshake("header")).toEqual([["apiKey", "guests"], ["who"], ["x-api-key"]]);
    expect(await handshake("authorizer")).toEqual([["guests"], ["who"], undefined]);
  });

  test("a message without a type is what names its route; only functions hand a client's own id back", async () => {
    const document = await documentOf(`gateway: a
websocket:
  select: $request.body.head.kind
  routes:
    $default: { lambda: rest }
    quit: { lambda: quit }
    say: { lambda: say, reply: "{ at: integer }" }
    move: { body: "{ head: { kind: 'move' }; to: string }", mock: { ok: true }, reply: "{ ok: boolean }" }
`);
    expectValid(document);
    const { messages } = document.components;
    expect(messages.quit.payload).toEqual({
      type: "object",
      properties: {
        head: { type: "object", properties: { kind: { type: "string", const: "quit" } }, required: ["kind"] },
      },
      required: ["head"],
    });
    expect(messages.move.payload).toMatchObject({ required: ["head", "to"] });
    expect(messages.rest.payload).toBeUndefined();
    expect(messages.sayReply.summary).toContain("$id");
    expect(messages.moveReply.summary).toBeUndefined();
  });

  test("a file without a WebSocket API has none", async () => {
    const options = { projectDir: "/app", outDir: "/app/build", targets: new Set<never>() };
    const source = new SourceFile("gateway.yaml", "gateway: a\nroutes:\n  GET /x: { mock: }\n");
    expect((await compile(source, async () => [asyncapi], options)).files).toEqual([]);
  });
});
