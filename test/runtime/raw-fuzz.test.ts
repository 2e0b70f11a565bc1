import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../support/program.js";

/** Mutated requests; RAW_FUZZ=1000000 for the long run. */
const count = Number(process.env["RAW_FUZZ"] ?? 3000);

let gateway: Gateway;
let port: number;
let seen = 0;
const logged: string[] = [];

beforeAll(async () => {
  const run = async (x: Exchange) => {
    seen++;
    await readBody(x);
    return x.answer(200, ["X-Seen", "yes"], x.method === "HEAD" ? "" : "ok");
  };
  gateway = createGateway({
    program: testProgram([testRoute("ANY /{path+}", run)], {
      stages: [{ name: "dev", variables: [], log: "error" }],
    }),
    limits: { headersTimeoutMs: 2000, requestTimeoutMs: 2000 },
    logger: { write: ({ message, detail }) => logged.push(`${message} ${detail}`) },
  });
  ({ port } = await gateway.listen());
});
afterAll(() => gateway.close({ drainMs: 0 }));

const corpus = [
  "GET /dev/a?b=c HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n",
  "POST /dev/a HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\n\r\nhello",
  "POST /dev/a HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "PUT http://a.example/dev/a HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok",
  "HEAD /dev/%2e HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
];
const pieces = [
  "\r\n",
  "\n",
  "\r",
  "\0",
  "\t",
  " ",
  ":",
  "chunked",
  "Transfer-Encoding: chunked\r\n",
  "Content-Length: 0\r\n",
  "Host: b\r\n",
  "HTTP/1.1",
  "0\r\n\r\n",
  "ffffffff",
  "..",
  "//",
  "#",
  "?",
  "%",
  "\xff",
  "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n",
  "-1",
  ";",
];

/** Mulberry32: the same requests in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutated(seed: number): string {
  const next = random(seed);
  let text = corpus[next(corpus.length)] as string;
  if (next(3) === 0) text += corpus[next(corpus.length)];
  for (let edits = next(4); edits >= 0; edits--) {
    const at = next(text.length + 1);
    const kind = next(4);
    const piece =
      kind === 0 ? "" : kind === 1 ? String.fromCharCode(next(256)) : (pieces[next(pieces.length)] as string);
    text = text.slice(0, at) + piece + text.slice(at + (kind === 3 ? 0 : next(6)));
  }
  return text;
}

function exchange(text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.end(Buffer.from(text, "latin1")));
    const done = () => resolve(Buffer.concat(chunks).toString("latin1"));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", done);
    socket.on("close", done);
  });
}

const allowed = new Set([100, 200, 400, 403, 405, 408, 413, 414, 417, 431]);

test(`${count} mutated requests: each that is seen is answered, nothing fails inside`, async () => {
  for (let from = 0; from < count; from += 50) {
    const seeds = Array.from({ length: Math.min(50, count - from) }, (_, at) => from + at);
    const before = seen;
    const answers = await Promise.all(seeds.map((seed) => exchange(mutated(seed))));
    const all = answers.join("");
    const statuses = [...all.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    expect(statuses.filter((status) => !allowed.has(status))).toEqual([]);
    // A route that was called gives one answer, unless its body was broken off; none comes from anywhere else.
    expect(all.split("X-Seen: yes").length - 1).toBeLessThanOrEqual(seen - before);
  }
  expect(seen).toBeGreaterThan(count / 20);
  expect(logged).toEqual([]);
  const { status } = await gateway.inject({ path: "/dev/still-there" });
  expect(status).toBe(200);
}, 3_600_000);
