import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { connect as connectTls, createServer as createTlsServer } from "node:tls";
import { afterEach, expect, test, vi } from "vitest";
import { readShared } from "../../runtime/http/wire/shared-reads.js";
import { Certificates } from "../support/certificates.js";

let open: { close(): void }[] = [];

afterEach(() => {
  for (const each of open) each.close();
  open = [];
});

/** Both ends of a connection; the server's has been paused, as one that asks for WebSocket is. */
async function pair(): Promise<{ readonly client: Socket; readonly socket: Socket }> {
  const server = createServer({ pauseOnConnect: false });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const client = connect((server.address() as { port: number }).port, "127.0.0.1");
  const [socket] = await accepted;
  socket.pause();
  open.push({ close: () => client.destroy() }, { close: () => socket.destroy() }, server);
  return { client, socket };
}

/** Reads into a text. @returns what has come so far */
function gather(socket: Socket, read = readShared): { text: string } {
  const got = { text: "" };
  const isShared = read(socket, (bytes, length) => {
    got.text += bytes.toString("latin1", 0, length);
  });
  expect(isShared).toBe(true);
  return got;
}

test("what comes on a server's socket is read into the shared buffer, and nothing of it is lost", async () => {
  const { client, socket } = await pair();
  const got = gather(socket);
  socket.resume();
  const line = "0123456789".repeat(30_000);
  client.end(line);
  await once(socket, "end");
  expect(got.text).toBe(line);
});

test("what had come before is read first", async () => {
  const { client, socket } = await pair();
  const early = "early ".repeat(20_000);
  client.write(early);
  await vi.waitFor(() => expect(socket.readableLength).toBeGreaterThan(0));
  const got = gather(socket);
  socket.resume();
  client.end("late");
  await once(socket, "end");
  expect(got.text).toBe(`${early}late`);
});

test("a paused socket brings nothing till it goes on, and each has its own bytes", async () => {
  const [one, other] = [await pair(), await pair()];
  const [got, otherGot] = [gather(one.socket), gather(other.socket)];
  one.socket.resume();
  other.socket.resume();
  one.client.write("a");
  await vi.waitFor(() => expect(got.text).toBe("a"));
  one.socket.pause();
  one.client.write("b");
  other.client.write("c");
  await vi.waitFor(() => expect(otherGot.text).toBe("c"));
  // The other's turn has been; this one's would have been in it.
  await new Promise((resolve) => setImmediate(resolve));
  expect(got.text).toBe("a");
  one.socket.resume();
  await vi.waitFor(() => expect(got.text).toBe("ab"));
});

test("another reader takes over from the first one, of this code or of another build's", async () => {
  const { client, socket } = await pair();
  const first = gather(socket);
  socket.resume();
  client.write("a");
  await vi.waitFor(() => expect(first.text).toBe("a"));
  socket.pause();
  const second = gather(socket);
  client.write("b");
  socket.resume();
  await vi.waitFor(() => expect(second.text).toBe("b"));
  vi.resetModules();
  const other = await import("../../runtime/http/wire/shared-reads.js");
  expect(other.readShared).not.toBe(readShared);
  const third = gather(socket, other.readShared);
  client.end("c");
  await once(socket, "end");
  expect([first.text, second.text, third.text]).toEqual(["a", "b", "c"]);
});

test("a connection of TLS brings what was encrypted", async () => {
  const made = new Certificates();
  open.push({ close: () => made.remove() });
  const { certificate, key } = made.make("/CN=one.example.com", {});
  const server = createTlsServer({ cert: certificate, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const accepted = once(server, "secureConnection") as Promise<[Socket]>;
  const client = connectTls({ port: (server.address() as { port: number }).port, rejectUnauthorized: false });
  const [socket] = await accepted;
  open.push({ close: () => client.destroy() }, { close: () => socket.destroy() }, server);
  const got = gather(socket);
  socket.resume();
  const line = "0123456789".repeat(30_000);
  client.end(line);
  await once(socket, "end");
  expect(got.text).toBe(line);
});

test("what is no socket is left as it is", () => {
  const stream = new PassThrough();
  stream.write("kept");
  expect(readShared(stream, () => expect.unreachable())).toBe(false);
  expect(String(stream.read())).toBe("kept");
});
