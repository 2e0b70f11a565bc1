import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createGateway, type Gateway, type GatewayOptions } from "../../../runtime/host/gateway.js";
import { SocketMeasures } from "../../../runtime/observe/socket-measures.js";
import type { Program } from "../../../runtime/program.js";
import type { SocketMetric } from "../../../runtime/websocket/observer.js";
import { echo, type SocketRouteInput, socketProgram } from "../../../scripts/conformance/socket-program.js";
import { RawWebSocket } from "../../support/raw-websocket.js";

/** What clients do that should not: each is contained, and others notice nothing. */
let gateway: Gateway | undefined;
const open: { close(): void }[] = [];

afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  await gateway?.close({ drainMs: 100 });
});

let sockets = new SocketMeasures();

function measured(metric: SocketMetric): number {
  return sockets.all().reduce((sum, { counts }) => sum + counts[metric], 0);
}

async function started(program: Program, options: Partial<GatewayOptions> = {}): Promise<number> {
  sockets = new SocketMeasures();
  const observers = [{ answered: () => undefined, sockets, close: async () => undefined }];
  gateway = createGateway({ program, environment: {}, logger: { write: () => undefined }, observers, ...options });
  return (await gateway.listen()).port;
}

async function client(port: number, headers?: readonly string[]): Promise<RawWebSocket> {
  const socket = await RawWebSocket.open(port, "/dev", headers);
  open.push(socket);
  return socket;
}

describe("frames", () => {
  test("without a mask", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.send(socket.frame(1, "x", { masked: false }));
    expect(await socket.closeCode()).toBe(1002);
    await socket.ended();
  });

  test.each([
    ["of 2^63 bytes", "81ff8000000000000000", 1002],
    ["of 2^53 bytes", "81ff0020000000000000", 1009],
    ["of 2^31 bytes", "81ff0000000080000000", 1009],
    ["with a length longer than it needs", "81fe0005", 1002],
    ["with eight bytes for a short length", "81ff000000000000ffff", 1002],
  ])("%s: refused before anything of it has come", async (_, head, code) => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.send(Buffer.from(head, "hex"));
    expect(await socket.closeCode()).toBe(code);
  });

  test("a message of fragments without end", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.send(socket.frame(1, "", { final: false }));
    const part = Buffer.concat(Array.from({ length: 64 }, () => socket.frame(0, "x".repeat(1024), { final: false })));
    for (let at = 0; at < 3; at++) socket.send(part);
    expect(await socket.closeCode()).toBe(1009);
  });

  test("a hundred thousand empty fragments take no memory", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.send(socket.frame(1, "a", { final: false }));
    const part = Buffer.concat(Array.from({ length: 1000 }, () => socket.frame(0, "", { final: false })));
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 100; at++) socket.send(part);
    socket.send(socket.frame(0, "b"));
    expect(await socket.nextText()).toBe("ab");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16_000_000);
  });

  test("ten thousand pings: each is answered, or the client is cut", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })));
    socket.send(Buffer.concat(Array.from({ length: 10_000 }, () => socket.frame(9, "x"))));
    socket.text("after");
    await socket.until(() => socket.frames.some(({ opcode }) => opcode === 1) || socket.isEnded);
    expect(socket.frames.filter(({ opcode }) => opcode === 10).length).toBe(10_000);
  });

  test("random bytes never do more than end the connection", async () => {
    const port = await started(socketProgram({ $default: echo }));
    const honest = await client(port);
    for (let round = 0; round < 60; round++) {
      const socket = await client(port);
      socket.send(randomBytes(1 + Math.floor(Math.random() * 300)));
      socket.socket.end();
      await socket.ended();
    }
    honest.text("still fine");
    expect(await honest.nextText()).toBe("still fine");
    await expect.poll(() => gateway?.sockets?.size).toBe(1);
  });
});

describe("slow and hungry clients", () => {
  test("who does not read is cut when too much waits for it, and is gone then", async () => {
    const ids: string[] = [];
    const tell: SocketRouteInput = {
      run: (x) => {
        ids.push(x.socket?.connection.connectionId ?? "");
        return x.answer(200, [], "");
      },
    };
    const port = await started(socketProgram({ $default: tell }), { limits: { webSocketSendBufferBytes: 200_000 } });
    const socket = await client(port);
    socket.text("hello");
    await expect.poll(() => ids.length).toBe(1);
    socket.socket.pause();
    const target = { apiId: undefined, stage: undefined, connectionId: ids[0] ?? "" };
    const text = Buffer.alloc(100_000, 0x78);
    let sent = 0;
    while (sent < 1000 && (await gateway?.sockets?.post(target, text))) {
      sent++;
      await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(1000);
    expect(await gateway?.sockets?.post(target, text)).toBe(false);
    await expect.poll(() => gateway?.sockets?.size).toBe(0);
  });

  test("what is sent in one turn is bounded too, and arrives in order where the client reads", async () => {
    const ids: string[] = [];
    const tell: SocketRouteInput = {
      run: (x) => {
        ids.push(x.socket?.connection.connectionId ?? "");
        return x.answer(200, [], "");
      },
    };
    const port = await started(socketProgram({ $default: tell }), { limits: { webSocketSendBufferBytes: 200_000 } });
    const [deaf, reading] = [await client(port), await client(port)];
    for (const socket of [deaf, reading]) {
      socket.text("hello");
      await expect.poll(() => ids.length).toBe(socket === deaf ? 1 : 2);
    }
    deaf.socket.pause();
    const post = (connectionId: string | undefined, text: Buffer) =>
      gateway?.sockets?.post({ apiId: undefined, stage: undefined, connectionId: connectionId ?? "" }, text);
    const before = process.memoryUsage().arrayBuffers;
    const large = Buffer.alloc(10_000, 0x78);
    let sent = 0;
    while (sent < 100_000 && post(ids[0], large) === true) sent++;
    expect(sent).toBeLessThan(100_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    // Less than the limit, so all of it has to arrive.
    const lines = Array.from({ length: 150 }, (_, at) => `${at} ${"y".repeat(1000)}`);
    for (const line of lines) expect(post(ids[1], Buffer.from(line))).toBe(true);
    for (const line of lines) expect(await reading.nextText()).toBe(line);
    await expect.poll(() => gateway?.sockets?.size).toBe(1);
  });

  test("no more messages of one client are at work than allowed, and none is lost", async () => {
    let atWork = 0;
    let most = 0;
    const slow: SocketRouteInput = {
      run: async (x) => {
        most = Math.max(most, ++atWork);
        await new Promise((resolve) => setTimeout(resolve, 2));
        atWork--;
        return x.answer(200, [], x.socket?.message?.text ?? "");
      },
      replies: true,
    };
    const port = await started(socketProgram({ $default: slow }), { limits: { webSocketMessagesAtOnce: 5 } });
    const socket = await client(port);
    socket.send(...Array.from({ length: 200 }, (_, at) => socket.frame(1, `${at}`)));
    const got = new Set<string>();
    for (let at = 0; at < 200; at++) got.add(await socket.nextText());
    expect(got.size).toBe(200);
    expect(most).toBe(5);
  });

  test("a client that closes while its messages are at work harms nobody", async () => {
    const slow: SocketRouteInput = {
      run: (x) => new Promise((resolve) => setTimeout(() => resolve(x.answer(200, [], "late")), 50)),
      replies: true,
    };
    const port = await started(socketProgram({ $default: slow }));
    const socket = await client(port);
    for (let at = 0; at < 50; at++) socket.text("x");
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.close();
    await expect.poll(() => gateway?.sockets?.size).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(measured("ExecutionError")).toBe(0);
  });
});

describe("messages", () => {
  const keyed = (keys: readonly string[]) =>
    socketProgram(
      Object.fromEntries(
        keys.map((key) => [
          key,
          { run: (x) => x.answer(200, [], `route ${x.route.key}`), replies: true } as SocketRouteInput,
        ]),
      ),
    );

  test.each([
    '{"action":"$connect"}',
    '{"action":"$disconnect"}',
    '{"action":"$default"}',
    '{"action":"__proto__"}',
    '{"action":"constructor"}',
    '{"__proto__":{"action":"join"}}',
    '{"action":["join"]}',
    '{"action":{"toString":"join"}}',
    '["action","join"]',
    '"join"',
    "null",
    "",
    "{",
    '{"action":"join"',
    '{"action":"join","action":"other"}',
    `${"[".repeat(5000)}${"]".repeat(5000)}`,
  ])("%s reaches $default and nothing else", async (text) => {
    const socket = await client(await started(keyed(["$connect", "$disconnect", "$default", "join"])));
    socket.text(text);
    expect(await socket.nextText()).toBe("route $default");
  });

  test("without $default the client is told, in API Gateway's words", async () => {
    const socket = await client(await started(keyed(["join"])));
    socket.text('{"action":"other"}');
    const frame = JSON.parse(await socket.nextText()) as Record<string, string>;
    expect(frame).toEqual({ message: "Forbidden", connectionId: expect.any(String), requestId: expect.any(String) });
    expect(measured("ClientError")).toBe(1);
  });

  test("a failure tells nothing of what has failed, and the connection goes on", async () => {
    const fails: SocketRouteInput = {
      run: () => {
        throw new Error("secret");
      },
    };
    const socket = await client(await started(socketProgram({ fails, $default: echo })));
    socket.text('{"action":"fails"}');
    const text = await socket.nextText();
    expect(text).toMatch(/^\{"message": "Internal server error", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/);
    socket.text("next");
    expect(await socket.nextText()).toBe("next");
    expect(measured("ExecutionError")).toBe(1);
  });

  test("a reply that is too big becomes a failure", async () => {
    const big: SocketRouteInput = { run: (x) => x.answer(200, [], "ü".repeat(70_000)), replies: true };
    const socket = await client(await started(socketProgram({ $default: big })));
    socket.text("x");
    expect(JSON.parse(await socket.nextText())).toMatchObject({ message: "Internal server error" });
  });

  test("ids cannot be guessed: 96 bits of randomness, none twice", async () => {
    const tell: SocketRouteInput = {
      run: (x) => x.answer(200, [], x.socket?.connection.connectionId ?? ""),
      replies: true,
    };
    const port = await started(socketProgram({ $default: tell }));
    const ids = new Set<string>();
    for (let at = 0; at < 50; at++) {
      const socket = await client(port);
      socket.text("x");
      ids.add(await socket.nextText());
    }
    expect(ids.size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[\w-]{16}=$/);
    // Each of the 96 bits is one in some id and zero in another.
    const bytes = [...ids].map((id) => Buffer.from(id, "base64url"));
    const all = (fold: (a: number, b: number) => number) =>
      Array.from({ length: 12 }, (_, at) => bytes.map((id) => id[at] as number).reduce(fold));
    expect(all((a, b) => a | b)).toEqual(Array(12).fill(255));
    expect(all((a, b) => a & b)).toEqual(Array(12).fill(0));
  });
});

describe("permessage-deflate", () => {
  const offer = ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"];
  const compressed = (text: string | Buffer) => deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);

  test("is off unless the file says otherwise", async () => {
    const socket = await client(await started(socketProgram({ $default: echo })), offer);
    expect(socket.head).not.toMatch(/extensions/i);
    socket.send(socket.frame(1, compressed("x"), { rsv: 4 }));
    expect(await socket.closeCode()).toBe(1002);
  });

  const on = socketProgram({ $default: echo }, { compression: true });

  test("both ways, by the client of ws", async () => {
    const port = await started(on);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/dev`, { perMessageDeflate: { threshold: 0 } });
    open.push(socket);
    await new Promise((resolve) => socket.once("open", resolve));
    for (const text of ["short", "a longer one ".repeat(2000), "ü".repeat(3000)]) {
      const answer = new Promise((resolve) => socket.once("message", (data) => resolve(String(data))));
      socket.send(text);
      expect(await answer).toBe(text);
    }
    expect(socket.extensions).toContain("permessage-deflate");
  });

  test.each([
    ["permessage-deflate", true],
    ["permessage-deflate; server_no_context_takeover; client_no_context_takeover", true],
    ["permessage-deflate; server_max_window_bits=10", true],
    ["permessage-deflate; server_max_window_bits=8", false],
    ["permessage-deflate; unknown=1", false],
    ["permessage-deflate; server_no_context_takeover; server_no_context_takeover", false],
    ["permessage-deflate; client_max_window_bits=99, permessage-deflate", true],
    ["x-webkit-deflate-frame", false],
  ])("the offer %s is accepted: %s", async (value, isAccepted) => {
    const socket = await client(await started(on), [`Sec-WebSocket-Extensions: ${value}`]);
    expect(/sec-websocket-extensions: permessage-deflate/i.test(socket.head)).toBe(isAccepted);
  });

  test("a bomb is refused by what would become of it", async () => {
    const socket = await client(await started(on), offer);
    const bomb = compressed(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(32_768);
    const before = process.memoryUsage().arrayBuffers;
    socket.send(socket.frame(1, bomb, { rsv: 4 }));
    expect(await socket.closeCode()).toBe(1009);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
  });

  test.each([
    ["no compressed data", Buffer.from("ffffffff", "hex")],
    ["text that is no UTF-8", compressed(Buffer.from([0xff, 0xfe, 0xc0]))],
  ])("%s: 1007", async (_, payload) => {
    const socket = await client(await started(on), offer);
    socket.send(socket.frame(1, payload, { rsv: 4 }));
    expect(await socket.closeCode()).toBe(1007);
  });

  test("RSV1 on a continuation", async () => {
    const socket = await client(await started(on), offer);
    socket.send(socket.frame(1, "a", { final: false }), socket.frame(0, "b", { rsv: 4 }));
    expect(await socket.closeCode()).toBe(1002);
  });
});
