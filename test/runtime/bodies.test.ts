import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../support/program.js";
import { rawRequest } from "./raw-socket.js";

let gateway: Gateway;
afterEach(() => gateway?.close({ drainMs: 0 }));

function gatewayFor(run: (x: Exchange) => boolean | Promise<boolean>, minimumCompressionSize?: number): Gateway {
  gateway = createGateway({
    program: testProgram([testRoute("ANY /x", run)], { api: { minimumCompressionSize } }),
    limits: { maxBodyBytes: 50_000 },
  });
  return gateway;
}

async function echo(x: Exchange): Promise<boolean> {
  await readBody(x);
  return x.answer(200, ["Content-Type", "text/plain"], x.body);
}

/** Sends back what comes, as it comes. */
function stream(x: Exchange): Promise<boolean> {
  const { requestStream } = x.transport;
  const sink = x.transport.startResponse(200, ["Content-Type", "text/plain"]);
  return new Promise((resolve, reject) => {
    requestStream.on("data", (chunk: Buffer) => sink.write(chunk));
    requestStream.on("end", () => {
      sink.end();
      resolve(true);
    });
    requestStream.on("error", reject);
  });
}

function field(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((item, index) => index % 2 === 0 && item.toLowerCase() === name);
  return at === -1 ? undefined : headers[at + 1];
}

const text = "a line of text, again and again. ".repeat(100);
const post = (headers: readonly string[], body: string | Uint8Array) => ({
  method: "POST",
  path: "/dev/x",
  headers,
  body,
});

test.each([
  ["gzip, deflate", "gzip"],
  ["deflate", "deflate"],
  ["gzip;q=0, deflate;q=0.5", "deflate"],
  ["*", "gzip"],
  ["identity", undefined],
  ["br", undefined],
])("an answer past the threshold is compressed as the client accepts it: %s", async (accept, coding) => {
  for (const run of [echo, stream]) {
    const { headers, body } = await gatewayFor(run, 100).inject(post(["Accept-Encoding", accept], text));
    expect(field(headers, "content-encoding")).toBe(coding);
    const plain = coding === "gzip" ? gunzipSync(body) : coding === "deflate" ? inflateSync(body) : body;
    expect(plain.toString()).toBe(text);
  }
});

test("below the threshold, without one, or compressed already: sent as it is", async () => {
  const accept = ["Accept-Encoding", "gzip"];
  const short = await gatewayFor(echo, 10_000).inject(post(accept, text));
  expect(field(short.headers, "content-encoding")).toBeUndefined();
  const off = await gatewayFor(echo).inject(post(accept, text));
  expect(field(off.headers, "content-encoding")).toBeUndefined();
  const run = (x: Exchange) => x.answer(200, ["Content-Encoding", "br"], text);
  const already = await gatewayFor(run, 0).inject(post(accept, ""));
  expect([field(already.headers, "content-encoding"), already.body.toString()]).toEqual(["br", text]);
});

test("request bodies are decompressed; bombs are 413, what is no gzip is 415, an unknown coding too", async () => {
  for (const run of [echo, stream]) {
    const made = gatewayFor(run, 10_485_760);
    const ask = (coding: string, body: Uint8Array) => made.inject(post(["Content-Encoding", coding], body));
    expect((await ask("gzip", gzipSync(text))).body.toString()).toBe(text);
    expect((await ask("deflate", deflateSync(text))).body.toString()).toBe(text);
    expect((await ask("identity", Buffer.from(text))).body.toString()).toBe(text);
    expect((await ask("br", Buffer.from(text))).status).toBe(415);
  }
  const made = gatewayFor(echo, 10_485_760);
  const bomb = await made.inject(post(["Content-Encoding", "gzip"], gzipSync(Buffer.alloc(20_000_000))));
  expect(bomb.status).toBe(413);
  const wrong = await made.inject(post(["Content-Encoding", "gzip"], "not gzip"));
  expect([wrong.status, wrong.body.toString()]).toEqual([415, '{"message":"Unsupported Media Type"}']);
});

test("without compression on the API, a compressed request body stays as it came", async () => {
  const packed = gzipSync(text);
  const { body } = await gatewayFor(echo).inject(post(["Content-Encoding", "gzip"], packed));
  expect(body.equals(packed)).toBe(true);
});

test("413 names the limit in force, announced or not; HTTP APIs do not name it", async () => {
  const made = gatewayFor(echo);
  const limit = '{"message":"HTTP content length exceeded 50000 bytes."}';
  const large = Buffer.alloc(50_001);
  expect((await made.inject(post([], large))).body.toString()).toBe(limit);
  const chunks = await made.inject(post(["Transfer-Encoding", "chunked"], large));
  expect([chunks.status, chunks.body.toString()]).toEqual([413, limit]);
  const stages = [{ name: "$default", variables: [], log: "off" as const }];
  const http = createGateway({
    program: testProgram([], { api: { kind: "http" }, stages }),
    limits: { maxBodyBytes: 5 },
  });
  const refused = await http.inject(post([], large));
  expect([refused.status, refused.body.toString()]).toEqual([413, '{"message":"Request Entity Too Large"}']);
});

test("a streamed bomb, or chunks past the limit, never end as a whole answer", async () => {
  const { port } = await gatewayFor(stream, 10_485_760).listen();
  const bomb = gzipSync(Buffer.alloc(20_000_000)).toString("latin1");
  const head = "POST /dev/x HTTP/1.1\r\nHost: a\r\n";
  const packed = await rawRequest(
    port,
    `${head}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n${bomb}`,
  );
  expect(packed.text.endsWith("0\r\n\r\n")).toBe(false);
  expect(packed.isClosed).toBe(true);
  const chunk = `c000\r\n${"x".repeat(0xc000)}\r\n`;
  const chunked = await rawRequest(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}0\r\n\r\n`);
  expect(chunked.text.endsWith("0\r\n\r\n")).toBe(false);
  expect(chunked.isClosed).toBe(true);
});

test.each([
  ["shorter", "abc"],
  ["longer", "abcdefghij"],
])("a streamed answer that is %s than announced is cut", async (_name, sent) => {
  const { port } = await gatewayFor((x) => {
    const sink = x.transport.startResponse(200, ["Content-Type", "text/plain", "Content-Length", "5"]);
    sink.write(Buffer.from(sent));
    sink.end();
    return true;
  }).listen();
  const answer = await rawRequest(port, "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n");
  expect(answer.text).not.toContain("abcdef");
  expect(answer.isClosed).toBe(true);
});

test("a step that fails after the answer has begun cuts the connection", async () => {
  const { port } = await gatewayFor(async (x) => {
    x.transport.startResponse(200, ["Content-Type", "text/plain"]).write(Buffer.from("begun"));
    await Promise.resolve();
    throw new Error("late");
  }).listen();
  const answer = await rawRequest(port, "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n");
  expect(answer.text).not.toContain("0\r\n\r\n");
  expect(answer.isClosed).toBe(true);
});
