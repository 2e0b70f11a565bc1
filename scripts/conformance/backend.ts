import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface BackendReply {
  readonly status?: number;
  readonly headers?: readonly string[];
  readonly body?: Buffer | string;
}

export interface BackendRequest {
  readonly method: string;
  readonly url: string;
  /** Flat list, as received. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Runs an action against a backend on a free port that gives one reply, and tells what that backend was sent. */
export async function withBackend<R>(
  reply: BackendReply,
  action: (url: string) => Promise<R>,
): Promise<{ readonly result: R; readonly request: BackendRequest | undefined }> {
  let seen: BackendRequest | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", rawHeaders } = request;
      seen = { method, url, headers: rawHeaders, body: Buffer.concat(chunks) };
      response.writeHead(reply.status ?? 200, [...(reply.headers ?? [])]);
      response.end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const result = await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return { result, request: seen };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
