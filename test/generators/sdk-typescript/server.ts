import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export type Answer = (request: SeenRequest, response: ServerResponse, count: number) => void;

export interface TestServer {
  readonly url: string;
  /** In the order they came. */
  readonly seen: SeenRequest[];
  answer: Answer;
  close(): Promise<void>;
}

/** A server on a free port of the loopback that remembers what it was asked and answers as it is told. */
export async function startServer(): Promise<TestServer> {
  const seen: SeenRequest[] = [];
  const state: { answer: Answer } = { answer: (_request, response) => void response.end() };
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks) };
    seen.push(request);
    state.answer(request, response, seen.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    get answer() {
      return state.answer;
    },
    set answer(answer) {
      state.answer = answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** One answer after the other; the last one for all that follow. */
export function inTurn(...answers: readonly Answer[]): Answer {
  return (request, response, count) => answers[Math.min(count, answers.length) - 1]?.(request, response, count);
}
