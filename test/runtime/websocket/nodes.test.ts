import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../../runtime/host/gateway.js";
import { type SocketRouteInput, socketProgram } from "../../../scripts/conformance/socket-program.js";
import { RawWebSocket } from "../../support/raw-websocket.js";
import { hasRedis, type RunningRedis, startRedis } from "../../support/redis.js";
import { openState } from "./open-state.js";

/** Three gateways that share a Redis: each finds the connections of the others. */
const tell: SocketRouteInput = {
  run: (x) => x.answer(200, [], x.socket?.connection.connectionId ?? ""),
  replies: true,
};

describe.skipIf(!hasRedis())("connections of several nodes", () => {
  let redis: RunningRedis;
  const gateways: Gateway[] = [];
  const ports: number[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    for (let at = 0; at < 3; at++) {
      const gateway = createGateway({
        program: socketProgram({ $default: tell }),
        environment: {},
        logger: { write: () => undefined },
        state: await openState(redis.url),
      });
      gateways.push(gateway);
      ports.push((await gateway.listen()).port);
    }
  });

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close({ drainMs: 100 })));
    await redis?.stop();
  });

  async function connected(at: number): Promise<{ socket: RawWebSocket; id: string }> {
    const socket = await RawWebSocket.open(ports[at] ?? 0);
    socket.text("who am I");
    return { socket, id: await socket.nextText() };
  }

  const target = (connectionId: string) => ({ apiId: "klmnopqrst", stage: "dev", connectionId });
  const sockets = (at: number) => {
    const found = gateways[at]?.sockets;
    if (found === undefined) throw new Error("no sockets");
    return found;
  };

  test("any node posts to, describes and closes a connection of any node", async () => {
    for (const holder of [0, 1, 2]) {
      const { socket, id } = await connected(holder);
      for (const asker of [0, 1, 2]) {
        expect(await sockets(asker).post(target(id), Buffer.from(`grüße ${asker}`))).toBe(true);
        expect(await socket.nextText()).toBe(`grüße ${asker}`);
        expect(await sockets(asker).get(target(id))).toMatchObject({ sourceIp: "127.0.0.1" });
      }
      expect(await sockets((holder + 1) % 3).delete(target(id))).toBe(true);
      expect(await socket.closeCode()).toBe(1000);
      socket.close();
      await expect.poll(() => sockets((holder + 2) % 3).post(target(id), Buffer.from("x"))).toBe(false);
    }
  });

  test("another stage or API is gone, also from afar", async () => {
    const { socket, id } = await connected(0);
    expect(await sockets(1).post({ ...target(id), stage: "prod" }, Buffer.from("x"))).toBe(false);
    expect(await sockets(1).post({ ...target(id), apiId: "other" }, Buffer.from("x"))).toBe(false);
    socket.close();
  });

  test("bytes of 128 KB arrive whole", async () => {
    const { socket, id } = await connected(2);
    const text = "ü".repeat(65_536);
    expect(await sockets(0).post(target(id), Buffer.from(text))).toBe(true);
    expect(await socket.nextText()).toBe(text);
    socket.close();
  });

  test("ids that nobody holds are gone", async () => {
    expect(await sockets(0).post(target("AAAAAAAAAAAAAAAAAAA="), Buffer.from("x"))).toBe(false);
    expect(await sockets(0).get(target("AAAAAAAAAAAAAAAAAAA="))).toBeUndefined();
  });

  test("Redis that is away: clients connect, and are found by their own node", async () => {
    redis.hang();
    try {
      const { socket, id } = await connected(0);
      expect(await sockets(0).post(target(id), Buffer.from("here"))).toBe(true);
      expect(await socket.nextText()).toBe("here");
      socket.close();
    } finally {
      redis.goOn();
    }
  }, 20_000);
});
