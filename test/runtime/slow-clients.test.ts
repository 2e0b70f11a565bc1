import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../support/program.js";
import { connectionsDownTo, pause, rawRequest } from "./raw-socket.js";

let gateway: Gateway;
afterEach(() => gateway.close({ drainMs: 0 }));

async function listening(run: (x: Exchange) => boolean | Promise<boolean>, inactivityTimeoutMs = 400): Promise<number> {
  const limits = { headersTimeoutMs: 400, requestTimeoutMs: 800, keepAliveTimeoutMs: 400, inactivityTimeoutMs };
  gateway = createGateway({ program: testProgram([testRoute("ANY /x", run)]), limits });
  return (await gateway.listen()).port;
}

const request = "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n";

test("a connection that sends nothing is closed", async () => {
  const port = await listening((x) => x.answer(200, [], ""));
  const answer = await rawRequest(port, "", 2500);
  expect(answer.isClosed).toBe(true);
});

test("an idle connection is closed after the keep-alive time", async () => {
  const port = await listening((x) => x.answer(200, [], "x"));
  const answer = await rawRequest(port, request, 2500);
  expect([answer.statuses, answer.isClosed]).toEqual([[200], true]);
});

test("a client that does not read a large answer is cut, streamed or not", async () => {
  const large = Buffer.alloc(64 << 20, "x");
  for (const run of [
    (x: Exchange) => x.answer(200, [], large),
    (x: Exchange) => {
      x.transport.startResponse(200, ["Content-Type", "text/plain"]).write(large);
      return true;
    },
  ]) {
    const port = await listening(run);
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.on("error", () => undefined);
    socket.pause();
    await pause(300);
    expect(await gateway.connections()).toBe(1);
    expect(await connectionsDownTo(0, gateway)).toBe(0);
    socket.destroy();
    await gateway.close({ drainMs: 0 });
  }
});

test("a client that takes a part of a stream and then no more is cut", async () => {
  const port = await listening((x) => {
    const sink = x.transport.startResponse(200, ["Content-Type", "text/plain"]);
    const more = () => {
      while (sink.write(Buffer.alloc(1 << 16, "x")));
      sink.onDrain(more);
    };
    more();
    return true;
  });
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  socket.on("error", () => undefined);
  let taken = 0;
  socket.on("data", (chunk) => {
    taken += chunk.length;
    if (taken > 8 << 20) socket.pause();
  });
  await expect.poll(() => taken, { timeout: 5000 }).toBeGreaterThan(8 << 20);
  expect(await connectionsDownTo(0, gateway)).toBe(0);
  socket.destroy();
});

test("a client that goes away aborts the signal of its exchange, and only of its own", async () => {
  const aborted: string[] = [];
  const port = await listening(async (x) => {
    x.transport.signal.addEventListener("abort", () => aborted.push(x.query));
    await pause(200);
    return x.answer(200, [], x.query);
  });
  const gone = connect(port, "127.0.0.1", () => gone.write("GET /dev/x?gone HTTP/1.1\r\nHost: a\r\n\r\n"));
  const stays = rawRequest(port, "GET /dev/x?stays HTTP/1.1\r\nHost: a\r\n\r\n", 300);
  await pause(60);
  gone.destroy();
  expect((await stays).statuses).toEqual([200]);
  expect(aborted).toEqual(["gone"]);
});

test("a thousand aborted requests leave no connection and no handle", async () => {
  const port = await listening(async (x) => {
    await readBody(x);
    await pause(1);
    return x.answer(200, [], "x".repeat(100_000));
  });
  await rawRequest(port, request, 50);
  await pause(600);
  const before = process.getActiveResourcesInfo().length;
  for (let round = 0; round < 20; round++) {
    const sockets = Array.from({ length: 50 }, (_, at) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write(at % 2 === 0 ? request : "POST /dev/x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
      });
      socket.on("error", () => undefined);
      return socket;
    });
    await pause(8);
    for (const socket of sockets) socket.resetAndDestroy();
  }
  // A connection that was reset before it said anything goes with the time for heads.
  expect(await connectionsDownTo(0, gateway)).toBe(0);
  for (let tries = 0; tries < 50 && process.getActiveResourcesInfo().length > before + 1; tries++) await pause(100);
  expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before + 1);
});

test("connections above the cap are closed, those below are served", async () => {
  gateway = createGateway({
    program: testProgram([testRoute("ANY /x", (x) => x.answer(200, [], "x"))]),
    limits: { maxConnections: 5 },
  });
  const { port } = await gateway.listen();
  const held = await Promise.all(
    Array.from(
      { length: 5 },
      () =>
        new Promise<ReturnType<typeof connect>>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => resolve(socket));
        }),
    ),
  );
  await pause(50);
  const over = await rawRequest(port, request);
  expect(over.statuses).toEqual([]);
  held[0]?.destroy();
  await pause(50);
  expect((await rawRequest(port, request)).statuses).toEqual([200]);
  for (const socket of held) socket.destroy();
});
