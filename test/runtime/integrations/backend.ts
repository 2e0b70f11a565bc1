import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { afterAll } from "vitest";

export interface Backend {
  readonly port: number;
  readonly url: string;
  /** Connections accepted so far, and those open now. */
  readonly accepted: () => number;
  readonly open: () => number;
}

const started: Server[] = [];

afterAll(() => {
  for (const server of started) {
    server.close();
    if ("closeAllConnections" in server) (server as { closeAllConnections(): void }).closeAllConnections();
  }
});

/** A node:http backend on a free port, closed when the file's tests are over. */
export function backend(listener: RequestListener): Promise<Backend> {
  return listening(createServer(listener));
}

/** A backend that speaks bytes. */
export function rawBackend(onConnection: (socket: Socket) => void): Promise<Backend> {
  return listening(
    createTcpServer((socket) => {
      socket.on("error", () => undefined);
      onConnection(socket);
    }),
  );
}

/** Answers every connection's first bytes with these. */
export function fixedBackend(bytes: string, then: "end" | "stay" | "reset" = "end"): Promise<Backend> {
  return rawBackend((socket) => {
    socket.once("data", () => {
      socket.write(bytes, () => {
        if (then === "end") socket.end();
        if (then === "reset") setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
  });
}

async function listening(server: Server): Promise<Backend> {
  let accepted = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  started.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, accepted: () => accepted, open: () => sockets.size };
}

/** Answers with what it was sent, as JSON: method, url, raw headers and body. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const { method, url, rawHeaders } = request;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ method, url, rawHeaders, body: Buffer.concat(chunks).toString("base64") }));
  });
}
