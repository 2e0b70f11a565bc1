import { connect, type Socket } from "node:net";

/** What came back on a raw connection. */
export interface RawAnswer {
  readonly text: string;
  /** Statuses of all answers, in order. */
  readonly statuses: readonly number[];
  /** True when the gateway ended or cut the connection. */
  readonly isClosed: boolean;
}

/**
 * Writes the parts with a pause between them, and collects what comes back until the gateway closes or says nothing
 * for a while.
 */
export async function rawRequest(port: number, parts: string | readonly string[], quietMs = 150): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  let isClosed = false;
  const ended = new Promise<void>((resolve) => {
    let timer = setTimeout(resolve, 3000);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(resolve, quietMs);
    });
    socket.on("end", () => {
      isClosed = true;
      clearTimeout(timer);
      resolve();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      isClosed = true;
      resolve();
    });
  });
  for (const part of typeof parts === "string" ? [parts] : parts) {
    await write(socket, part);
    if (typeof parts !== "string") await pause(20);
  }
  await ended;
  socket.destroy();
  const text = Buffer.concat(chunks).toString("latin1");
  return { text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1])), isClosed };
}

function write(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed || !socket.writable) resolve();
    else socket.write(Buffer.from(text, "latin1"), () => resolve());
  });
}

/** Open connections once they have come down to `wanted`, or what is left after some seconds. */
export async function connectionsDownTo(wanted: number, gateway: { connections(): Promise<number> }): Promise<number> {
  for (let tries = 0; tries < 80 && (await gateway.connections()) > wanted; tries++) await pause(100);
  return gateway.connections();
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
