import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { type YamlGateway, yamlGateway } from "../../support/yaml-gateway.js";

/** What functions answer at $connect, to messages and at $disconnect, right and wrong. */
const yaml = `gateway: answers
stages: { dev: { log: error } }
websocket:
  routes:
    $connect: { lambda: connect, timeout: 100 }
    $disconnect: { lambda: gone }
    $default: { mock: { still: here }, reply: unknown }
    reply: { lambda: answer, reply: unknown }
    silent: { lambda: answer }
`;

const handlers = {
  "handlers/connect.ts": `const answers = {
    ok: { statusCode: 200, headers: { "Sec-WebSocket-Protocol": "v1" } },
    text: { statusCode: "200" },
    echo: { statusCode: 200, headers: { "sec-websocket-protocol": "v2, v1" } },
    refused: { statusCode: 401, headers: { "X-Why": "no token", "Content-Type": "text/plain" }, body: "no" },
    moved: { statusCode: 302, headers: { Location: "https://example.com/" } },
    impossible: { statusCode: 999 },
    informational: { statusCode: 101 },
    string: "hello",
    nothing: undefined,
  };
  export const handler = async (event) => {
    const how = event.queryStringParameters?.how ?? "ok";
    if (how === "throw") throw new Error("secret");
    if (how === "late") await new Promise((resolve) => setTimeout(resolve, 1000));
    return answers[how];
  };`,
  "handlers/gone.ts": `export const handler = async (event) => {
    globalThis.goneEvents = [...(globalThis.goneEvents ?? []), event];
    throw new Error("cannot say goodbye");
  };`,
  "handlers/answer.ts": `const answers = {
    ok: { statusCode: 200, body: "fine" },
    error: { statusCode: 500, body: "broken" },
    empty: { statusCode: 200, body: "" },
    bodiless: { statusCode: 200 },
    string: "hello",
    object: { a: 1 },
    number: { statusCode: 200, body: 5 },
    nothing: undefined,
    big: { statusCode: 200, body: "x".repeat(131_073) },
    most: { statusCode: 200, body: "x".repeat(131_072) },
  };
  export const handler = async (event) => {
    globalThis.calls++;
    return answers[JSON.parse(event.body).how];
  };`,
};

let gateway: YamlGateway;
let port: number;
interface Gone {
  readonly headers: object;
  readonly requestContext: { readonly disconnectStatusCode: number };
}
const shared = globalThis as unknown as { calls: number; goneEvents: Gone[] };

beforeAll(async () => {
  shared.calls = 0;
  gateway = await yamlGateway(yaml, {}, handlers);
  ({ port } = await gateway.listen());
}, 60_000);

afterAll(async () => {
  await gateway?.close({ drainMs: 100 });
  gateway?.remove();
});

describe("$connect", () => {
  const internal = "Internal server error";
  test.each([
    ["throw", 502, internal],
    ["nothing", 502, internal],
    ["string", 502, internal],
    ["impossible", 502, internal],
    ["informational", 502, internal],
    ["late", 504, "Endpoint request timed out"],
  ])("%s: the handshake is refused with %d", async (how, status, message) => {
    const socket = await RawWebSocket.open(port, `/dev?how=${how}`);
    expect(socket.head.slice(9, 12)).toBe(String(status));
    const body = await socket.refusal();
    expect(JSON.parse(body)).toEqual({
      message,
      connectionId: expect.stringMatching(/^[\w-]{16}=$/),
      requestId: expect.any(String),
    });
    expect(body).not.toContain("secret");
  });

  test("what is not 2xx is the handshake's answer, with its headers and body", async () => {
    const refused = await RawWebSocket.open(port, "/dev?how=refused");
    expect(refused.head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(refused.head).toContain("X-Why: no token");
    expect(await refused.refusal()).toBe("no");
    const moved = await RawWebSocket.open(port, "/dev?how=moved");
    expect(moved.head).toMatch(/^HTTP\/1\.1 302 /);
    moved.close();
  });

  test("a subprotocol is answered only where the function chooses one that was offered", async () => {
    const offer = ["Sec-WebSocket-Protocol: v2, v1"];
    const chosen = await RawWebSocket.open(port, "/dev", offer);
    expect(chosen.head).toMatch(/Sec-WebSocket-Protocol: v1$/m);
    const none = await RawWebSocket.open(port, "/dev?how=text", offer);
    expect(none.head).toMatch(/^HTTP\/1\.1 101/);
    expect(none.head).not.toMatch(/Sec-WebSocket-Protocol/i);
    // As it came: what is several protocols is none.
    const echoed = await RawWebSocket.open(port, "/dev?how=echo", offer);
    expect(echoed.head).not.toMatch(/Sec-WebSocket-Protocol/i);
    const told = gateway.log.filter(({ message }) => message.startsWith("Sec-WebSocket-Protocol of $connect's answer"));
    expect(told).toMatchObject([{ level: "error", stage: "dev", route: "$connect" }]);
    expect(JSON.stringify(told)).not.toMatch(/v[12]/);
    for (const socket of [chosen, none, echoed]) socket.close();
  });
});

describe("messages", () => {
  /** Frames that come before the answer to the next message, which is sent once the function has ended. */
  async function framesOf(action: string, how: string): Promise<readonly string[]> {
    const before = shared.calls;
    const socket = await RawWebSocket.open(port);
    socket.text(JSON.stringify({ action, how }));
    await expect.poll(() => shared.calls).toBe(before + 1);
    socket.text("next");
    const frames: string[] = [];
    for (let text = await socket.nextText(); text !== '{"still":"here"}'; text = await socket.nextText())
      frames.push(text);
    socket.close();
    return frames;
  }
  const failed = [
    expect.stringMatching(/^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/),
  ];

  test.each([
    ["ok", ["fine"]],
    ["error", ["broken"]],
    ["empty", []],
    ["bodiless", []],
    ["string", failed],
    ["object", failed],
    ["number", failed],
    ["nothing", failed],
    ["big", failed],
    ["most", ["x".repeat(131_072)]],
  ])("a function that answers %s where the route replies", async (how, wanted) => {
    expect(await framesOf("reply", how)).toEqual(wanted);
  });

  test.each([
    ["ok", []],
    ["error", []],
    ["nothing", failed],
  ])("a function that answers %s where it does not", async (how, wanted) => {
    expect(await framesOf("silent", how)).toEqual(wanted);
  });
});

test("$disconnect that fails harms nobody, and its event has no headers but the four of AWS", async () => {
  shared.goneEvents = [];
  const socket = await RawWebSocket.open(port);
  socket.send(socket.frame(8, Buffer.from([0x03, 0xe9])));
  await socket.ended();
  // Clients of before may still be going.
  const found = () => shared.goneEvents.find(({ requestContext }) => requestContext.disconnectStatusCode === 1001);
  await expect.poll(found).toBeDefined();
  const event = found();
  expect(event?.headers).toEqual({ Host: "localhost", "x-api-key": "", "X-Forwarded-For": "", "x-restapi": "" });
  expect(event?.requestContext).toMatchObject({
    eventType: "DISCONNECT",
    disconnectReason: "",
    connectionId: expect.stringMatching(/^[\w-]{16}=$/),
  });
  await expect.poll(() => gateway.log.some(({ route }) => route === "$disconnect")).toBe(true);
});
