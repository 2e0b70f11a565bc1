import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../../runtime/host/gateway.js";
import { type SocketRouteInput, socketProgram } from "../../../scripts/conformance/socket-program.js";

/** Many clients at once; `npm run bench -- websocket` has ten thousand, and a broadcast to five thousand. */
const count = 1000;
const ids: string[] = [];
const $connect: SocketRouteInput = {
  run: (x) => {
    ids.push(x.socket?.connection.connectionId ?? "");
    return x.answer(200, [], "");
  },
};
let gateway: Gateway;
const clients: { readonly socket: Socket; bytes: number }[] = [];

beforeAll(async () => {
  gateway = createGateway({ program: socketProgram({ $connect, $default: $connect }), environment: {} });
  const { port } = await gateway.listen();
  const open = () =>
    new Promise<void>((resolve, reject) => {
      const client = { socket: connect(port, "127.0.0.1"), bytes: 0 };
      clients.push(client);
      client.socket.once("error", reject);
      client.socket.once("data", () => {
        client.socket.on("data", (chunk: Buffer) => {
          client.bytes += chunk.length;
        });
        resolve();
      });
      client.socket.write(
        "GET /dev HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      );
    });
  for (let at = 0; at < count; at += 100) await Promise.all(Array.from({ length: 100 }, open));
});

afterAll(async () => {
  for (const { socket } of clients) socket.destroy();
  await gateway.close({ drainMs: 500 });
});

test("a broadcast reaches every client once", async () => {
  expect(gateway.sockets?.size).toBe(count);
  const text = Buffer.from("x".repeat(100));
  const sent = await Promise.all(
    ids.map((connectionId) => gateway.sockets?.post({ apiId: undefined, stage: undefined, connectionId }, text)),
  );
  expect(sent.every(Boolean)).toBe(true);
  await expect.poll(() => clients.filter(({ bytes }) => bytes === 102).length, { timeout: 5000 }).toBe(count);
});

test("clients that go all at once leave nothing behind", async () => {
  for (const { socket } of clients) socket.destroy();
  await expect.poll(() => gateway.sockets?.size, { timeout: 5000 }).toBe(0);
  const [connectionId = ""] = ids;
  expect(await gateway.sockets?.post({ apiId: undefined, stage: undefined, connectionId }, Buffer.from("x"))).toBe(
    false,
  );
});
