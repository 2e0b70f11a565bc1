import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { modelOf } from "../../support/diagnose.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";

const gateway = `gateway: chat
routes: { GET /a: { mock: } }
websocket:
  routes: { say: { lambda: f, body: "{ action: 'say'; text: string }" } }
`;

interface Socket {
  readonly ready: Promise<void>;
  send(route: string, message: object): void;
  watch(what: string, listener: (value: unknown) => void): void;
  close(): void;
}
let sdk: WrittenSdk;
let connect: (options?: object) => Socket;
beforeAll(async () => {
  sdk = await writeSdk(await modelOf(gateway));
  ({ connect } = await import(pathToFileURL(join(sdk.folder, "socket.js")).href));
});
afterAll(() => {
  vi.unstubAllGlobals();
  sdk.remove();
});

test("Bun's own WebSocket has a ping, and is sent whole messages all the same", async () => {
  const sent: unknown[][] = [];
  class BunSocket {
    readyState = 0;
    onopen?: () => void;
    constructor() {
      queueMicrotask(() => {
        this.readyState = 1;
        this.onopen?.();
      });
    }
    ping() {}
    close() {}
    send(...given: unknown[]) {
      sent.push(given);
    }
  }
  vi.stubGlobal("WebSocket", BunSocket);
  const socket = connect({ heartbeatMs: 0, rollOverMs: 0 });
  await socket.ready;
  socket.send("say", { text: "x".repeat(20_000) });
  expect(sent).toEqual([[`{"text":"${"x".repeat(20_000)}","action":"say"}`]]);
  expect(() => socket.send("say", { text: "x".repeat(40_000) })).toThrow(/at most 32768/);
  socket.close();
});

test.each([
  ["ws", "Unexpected server response: 403"],
  ["Deno", "failed to connect to WebSocket: Invalid status code: 403"],
  ["Bun", "WebSocket connection to 'ws://127.0.0.1:1/dev' failed: Expected 101 status code: 403"],
])("a handshake that %s says was refused is not tried again", async (_, message) => {
  class Refused {
    readyState = 0;
    onerror?: (event: object) => void;
    onclose?: (event: object) => void;
    constructor() {
      queueMicrotask(() => {
        this.readyState = 3;
        this.onerror?.({ message });
        this.onclose?.({ code: 1006, reason: "" });
      });
    }
  }
  const socket = connect({ WebSocket: Refused });
  const again: unknown[] = [];
  socket.watch("reconnecting", (value) => again.push(value));
  await expect(socket.ready).rejects.toMatchObject({ kind: "refused", status: 403 });
  expect(again).toEqual([]);
});
