import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

export interface EchoBackend {
  /** `127.0.0.1:port`. */
  readonly host: string;
  stop(): Promise<void>;
}

/**
 * A backend that answers with what it got, as JSON, and its request line in `X-Echo`. `/status/503` answers with that
 * status, `/wait` after a second.
 */
export async function startEchoBackend(): Promise<EchoBackend> {
  const server = createServer((request, response) => void echo(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://backend");
  if (pathname === "/wait") await setTimeout(1000);
  const answer = {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: request.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
  response.writeHead(Number(/^\/status\/(\d{3})$/.exec(pathname)?.[1] ?? 200), {
    "content-type": "application/json",
    "X-Echo": `${request.method} ${request.url}`,
  });
  response.end(JSON.stringify(answer));
}
