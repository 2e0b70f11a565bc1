import { afterEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway, type Gateway, type GatewayOptions } from "../../../runtime/host/gateway.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import type { Program } from "../../../runtime/program.js";
import { testRoute } from "../../../scripts/conformance/program.js";
import { echo, type SocketRouteInput, socketProgram } from "../../../scripts/conformance/socket-program.js";
import { RawWebSocket } from "../../support/raw-websocket.js";

let gateway: Gateway | undefined;
const open: RawWebSocket[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await gateway?.close({ drainMs: 200 });
});

async function started(program: Program, options: Partial<GatewayOptions> = {}): Promise<number> {
  gateway = createGateway({ program, environment: {}, logger: { write: () => undefined }, ...options });
  return (await gateway.listen()).port;
}

async function client(port: number, path?: string, headers?: readonly string[]): Promise<RawWebSocket> {
  const socket = await RawWebSocket.open(port, path, headers);
  open.push(socket);
  return socket;
}

const answers = (status: number, headers: string[] = [], body = ""): SocketRouteInput => ({
  run: (x) => x.answer(status, headers, body),
});

const ended: { code: number | undefined; reason: string | undefined }[] = [];
const $disconnect: SocketRouteInput = {
  run: (x: Exchange) => {
    ended.push({ code: x.socket?.end?.code, reason: x.socket?.end?.reason });
    return x.answer(200, [], "");
  },
};

describe("handshakes", () => {
  test.each([
    [200, "101"],
    [204, "101"],
    [400, "400"],
    [401, "401"],
    [403, "403"],
    [500, "500"],
    [302, "302"],
  ])("$connect that answers %d makes it %s", async (status, wanted) => {
    const port = await started(socketProgram({ $connect: answers(status, [], "why"), $default: echo }));
    const socket = await client(port);
    expect(socket.head.slice(9, 12)).toBe(wanted);
    if (wanted === "101") expect(socket.head.toLowerCase()).toContain("sec-websocket-accept");
    else expect(await socket.refusal()).toBe("why");
  });

  test("without a $connect route everybody is let in", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.text("hi");
    expect(await socket.nextText()).toBe("hi");
  });

  test("the accept key is that of RFC 6455", async () => {
    const port = await started(socketProgram({ $default: echo }));
    const head = (await client(port)).head;
    expect(head).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n/);
    expect(head).not.toMatch(/sec-websocket-(extensions|protocol)/i);
  });

  const request = (lines: readonly string[]) => [...lines, "", ""].join("\r\n");
  const good = ["Host: localhost", "Upgrade: websocket", "Connection: Upgrade"];
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
  const version = "Sec-WebSocket-Version: 13";

  test.each([
    ["no key", 400, ["GET /dev HTTP/1.1", ...good, version]],
    ["a key that is no key", 400, ["GET /dev HTTP/1.1", ...good, version, "Sec-WebSocket-Key: short"]],
    ["two keys", 400, ["GET /dev HTTP/1.1", ...good, version, key, key]],
    ["an old version", 426, ["GET /dev HTTP/1.1", ...good, key, "Sec-WebSocket-Version: 8"]],
    ["no version", 426, ["GET /dev HTTP/1.1", ...good, key]],
    ["POST", 400, ["POST /dev HTTP/1.1", ...good, key, version]],
    ["a path below the stage", 403, ["GET /dev/x HTTP/1.1", ...good, key, version]],
    ["an unknown stage", 403, ["GET /nothing HTTP/1.1", ...good, key, version]],
    ["a subprotocol twice", 400, ["GET /dev HTTP/1.1", ...good, key, version, "Sec-WebSocket-Protocol: a, a"]],
    ["no token for a subprotocol", 400, ["GET /dev HTTP/1.1", ...good, key, version, "Sec-WebSocket-Protocol: a b"]],
    ["two hosts", 400, ["GET /dev HTTP/1.1", ...good, "Host: other", key, version]],
  ])("%s is answered with %d", async (_, status, lines) => {
    const port = await started(socketProgram({ $default: echo }));
    const socket = await RawWebSocket.raw(port, request(lines));
    open.push(socket);
    expect(socket.head.slice(9, 12)).toBe(String(status));
    if (status === 426) expect(socket.head).toContain("Sec-WebSocket-Version: 13");
    await socket.ended();
  });

  test("an address has at most 4,096 characters, as on API Gateway", async () => {
    const port = await started(socketProgram({ $default: echo }));
    const headOf = async (length: number) => (await client(port, `/dev?a=${"x".repeat(length - 7)}`)).head;
    expect(await headOf(4096)).toMatch(/^HTTP\/1\.1 101 /);
    const refused = await client(port, `/dev?a=${"x".repeat(4090)}`);
    expect(refused.head).toMatch(/^HTTP\/1\.1 414 URI Too Long\r\n/);
    expect(JSON.parse(await refused.refusal())).toEqual({ message: "Request URI too long" });
  });

  test("a request for another protocol is a request like any other", async () => {
    const health = testRoute("GET /health", (x) => x.answer(200, ["Content-Type", "text/plain"], "fine"));
    const port = await started(socketProgram({ $default: echo }, { routes: [health] }));
    const lines = ["GET /dev/health HTTP/1.1", "Host: localhost", "Upgrade: h2c", "Connection: Upgrade, close"];
    const socket = await RawWebSocket.raw(port, request(lines));
    open.push(socket);
    expect(socket.head).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  test.each([
    ["one that the client offered", ["Sec-WebSocket-Protocol: v1, v2"], "v2", "v2"],
    ["one that it did not offer is not answered", ["Sec-WebSocket-Protocol: v1"], "v2", undefined],
    ["none is asked for", [], "v2", undefined],
    ["$connect chooses none", ["Sec-WebSocket-Protocol: v1"], undefined, undefined],
  ])("subprotocol: %s", async (_, headers, chosen, wanted) => {
    const $connect = answers(200, chosen === undefined ? [] : ["sec-websocket-protocol", chosen]);
    const socket = await client(await started(socketProgram({ $connect, $default: echo })), "/dev", headers);
    expect(/sec-websocket-protocol: (.*)/i.exec(socket.head)?.[1]?.trim()).toBe(wanted);
  });

  test("headers of a refusal that HTTP does not allow are left out", async () => {
    const $connect = answers(403, ["X-Bad", "a\r\nSet-Cookie: x", "X-Good", "b", "Content-Length", "999"], "no");
    const socket = await client(await started(socketProgram({ $connect })));
    expect(socket.head).toContain("X-Good: b");
    expect(socket.head).not.toMatch(/set-cookie|x-bad|999/i);
    expect(await socket.refusal()).toBe("no");
  });

  test("a failure of $connect tells nothing of what has failed", async () => {
    const fails: SocketRouteInput = {
      run: () => {
        throw new Error("secret");
      },
    };
    const socket = await client(await started(socketProgram({ $connect: fails })));
    expect(socket.head).toMatch(/^HTTP\/1\.1 500/);
    const body = JSON.parse(await socket.refusal()) as Record<string, unknown>;
    expect(body["message"]).toBe("Internal server error");
    expect(Object.keys(body)).toEqual(["message", "connectionId", "requestId"]);
  });

  test("no more connections than allowed", async () => {
    const port = await started(socketProgram({ $default: echo }), { limits: { maxWebSockets: 2 } });
    await client(port);
    await client(port);
    const third = await client(port);
    expect(third.head).toMatch(/^HTTP\/1\.1 429/);
    expect(gateway?.sockets?.size).toBe(2);
  });

  test("messages that come with the handshake are not lost", async () => {
    let letIn: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    const $connect: SocketRouteInput = { run: async (x) => waits.then(() => x.answer(200, [], "")) };
    const port = await started(socketProgram({ $connect, $default: echo }));
    const opening = client(port);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const socket = open[0] ?? RawWebSocket.last();
    socket.text("early");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(socket.head).toBe("");
    letIn();
    await opening;
    expect(await socket.nextText()).toBe("early");
  });

  test("a client that goes while $connect is at work leaves nothing behind", async () => {
    const $connect: SocketRouteInput = {
      run: async (x) => new Promise((resolve) => setTimeout(() => resolve(x.answer(200, [], "")), 60)),
    };
    const port = await started(socketProgram({ $connect, $default: echo }));
    void RawWebSocket.open(port);
    await new Promise((resolve) => setTimeout(resolve, 20));
    RawWebSocket.last().close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(gateway?.sockets?.size).toBe(0);
  });
});

describe("the end of a connection", () => {
  const program = (limits = {}) => socketProgram({ $default: echo, $disconnect }, { limits });

  test.each([
    ["a code and a reason", Buffer.from([0x0f, 0xa0, 0x62, 0x79, 0x65]), { code: 4000, reason: "bye" }],
    ["no code", Buffer.alloc(0), { code: 1005, reason: "Client-side close frame status not set" }],
  ])("$disconnect is told %s", async (_, payload, wanted) => {
    ended.length = 0;
    const socket = await client(await started(program()));
    socket.send(socket.frame(8, payload));
    await socket.ended();
    await expect.poll(() => ended).toEqual([wanted]);
  });

  test("a client that goes without a word: 1006", async () => {
    ended.length = 0;
    const socket = await client(await started(program()));
    socket.close();
    await expect.poll(() => ended).toEqual([{ code: 1006, reason: "" }]);
  });

  test("ten minutes without a message, and no sooner", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const socket = await client(await started(program(), { clock }));
    clock.advance(599_000);
    gateway?.sockets?.sweep();
    socket.text("alive");
    expect(await socket.nextText()).toBe("alive");
    clock.advance(599_999);
    gateway?.sockets?.sweep();
    socket.send(socket.frame(9));
    expect((await socket.next()).opcode).toBe(10);
    clock.advance(600_000);
    gateway?.sockets?.sweep();
    expect(await socket.closeCode()).toBe(1001);
  });

  test("two hours, whatever it does", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const socket = await client(await started(program(), { clock }));
    for (let minutes = 0; minutes < 119; minutes++) {
      clock.advance(60_000);
      socket.text(`${minutes}`);
      await socket.nextText();
      gateway?.sockets?.sweep();
    }
    expect(gateway?.sockets?.size).toBe(1);
    clock.advance(60_000);
    gateway?.sockets?.sweep();
    expect(await socket.closeCode()).toBe(1001);
  });

  test("limits are raised where the file asks for it", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const limits = { idleMs: 3_600_000, lifeMs: 86_400_000, messageBytes: 1_000_000, frameBytes: 500_000 };
    const socket = await client(await started(program(limits), { clock }));
    socket.text("x".repeat(500_000));
    expect((await socket.nextText()).length).toBe(500_000);
    clock.advance(3_599_000);
    gateway?.sockets?.sweep();
    expect(gateway?.sockets?.size).toBe(1);
    socket.send(socket.frame(1, "y".repeat(500_001)));
    expect(await socket.closeCode()).toBe(1009);
  });

  test("a client that does not answer a close is cut", async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const socket = await client(await started(program({ idleMs: 1000 }), { clock }));
    clock.advance(1000);
    gateway?.sockets?.sweep();
    expect(await socket.closeCode()).toBe(1001);
    expect(gateway?.sockets?.size).toBe(1);
    clock.advance(5000);
    gateway?.sockets?.sweep();
    await expect.poll(() => gateway?.sockets?.size).toBe(0);
  });

  test("a gateway that closes answers the messages at work first, and takes no others", async () => {
    const seen: string[] = [];
    const $default: SocketRouteInput = {
      run: async (x) => {
        const text = String(x.socket?.message?.text);
        seen.push(text);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return x.answer(200, [], text);
      },
      replies: true,
    };
    const socket = await client(await started(socketProgram({ $default })));
    socket.text("one");
    socket.text("two");
    await expect.poll(() => seen).toEqual(["one", "two"]);
    const closing = gateway?.close({ drainMs: 5000 });
    socket.text("three");
    expect([await socket.nextText(), await socket.nextText()].sort()).toEqual(["one", "two"]);
    expect(await socket.closeCode()).toBe(1001);
    socket.close();
    await closing;
    expect(seen).toEqual(["one", "two"]);
  });

  test("a gateway that closes tells its clients, and runs $disconnect before it is done", async () => {
    ended.length = 0;
    const socket = await client(await started(program()));
    const closing = gateway?.close({ drainMs: 2000 });
    expect(await socket.closeCode()).toBe(1001);
    socket.close();
    await closing;
    expect(ended).toHaveLength(1);
  });

  test("a gateway that closes lets no one in", async () => {
    const port = await started(program());
    const socket = await client(port);
    const closing = gateway?.close({ drainMs: 300 });
    const late = await RawWebSocket.open(port).catch(() => undefined);
    if (late) open.push(late);
    expect(late === undefined || late.isEnded || late.head.startsWith("HTTP/1.1 503")).toBe(true);
    socket.close();
    await closing;
  });
});

describe("another build is served", () => {
  const saying = (text: string): Program =>
    socketProgram({ $default: { run: (x) => x.answer(200, [], text), replies: true }, $disconnect });

  test("connections stay, and their next message meets the new build", async () => {
    const socket = await client(await started(saying("old")));
    socket.text("x");
    expect(await socket.nextText()).toBe("old");
    for (let round = 0; round < 20; round++) {
      gateway?.swap(saying(`build ${round}`));
      socket.text("x");
      expect(await socket.nextText()).toBe(`build ${round}`);
    }
    expect(gateway?.sockets?.size).toBe(1);
  });

  test("a message that is at work ends on the build that it began on", async () => {
    let finish: () => void = () => undefined;
    const slow: SocketRouteInput = {
      run: (x) =>
        new Promise((resolve) => {
          finish = () => resolve(x.answer(200, [], "old"));
        }),
      replies: true,
    };
    const socket = await client(await started(socketProgram({ $default: slow })));
    socket.text("x");
    await new Promise((resolve) => setTimeout(resolve, 30));
    gateway?.swap(saying("new"));
    socket.text("y");
    expect(await socket.nextText()).toBe("new");
    finish();
    expect(await socket.nextText()).toBe("old");
  });

  test("a build without the stage, or without a WebSocket API, ends its connections at the next message", async () => {
    const socket = await client(await started(saying("old")));
    const { websocket: _, ...rest } = saying("new");
    gateway?.swap(rest);
    socket.text("x");
    expect(await socket.closeCode()).toBe(1001);
  });
});
