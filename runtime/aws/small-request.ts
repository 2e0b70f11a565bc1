import type { IncomingMessage } from "node:http";

export interface SmallRequest {
  readonly url: string;
  readonly method?: "GET" | "PUT" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface SmallAnswer {
  readonly status: number;
  readonly text: string;
}

const maxBytes = 65_536;

/**
 * One request to an endpoint that gives credentials: short, no redirects, no keep-alive.
 *
 * @throws Error for network errors, a time-out, an answer above 64 KB
 */
export async function smallRequest({
  url,
  method = "GET",
  headers = {},
  body,
  timeoutMs,
}: SmallRequest): Promise<SmallAnswer> {
  const { request } = url.startsWith("https:") ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      collect(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
