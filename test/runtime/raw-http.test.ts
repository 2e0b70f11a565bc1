import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../support/program.js";
import { connectionsDownTo, pause, rawRequest } from "./raw-socket.js";

let gateway: Gateway;
let port: number;
/** Requests that reached the route, as the route saw them. */
let seen: string[] = [];

async function slow(x: Exchange): Promise<boolean> {
  await pause(100);
  return answer(x);
}

/** Reads the body first, as handlers and non-proxy integrations do. */
async function wholeBody(x: Exchange): Promise<boolean> {
  await readBody(x);
  return answer(x);
}

function answer(x: Exchange): boolean {
  seen.push(`${x.method} ${x.path}${x.query && `?${x.query}`} ${x.body.toString("latin1")}`.trimEnd());
  return x.answer(200, ["Content-Type", "text/plain"], `${x.path} ${x.body.toString("latin1")}`);
}

beforeAll(async () => {
  const program = testProgram([
    testRoute("ANY /unread", answer),
    testRoute("ANY /slow", slow),
    testRoute("ANY /{path+}", wholeBody),
    testRoute("ANY /", wholeBody),
  ]);
  gateway = createGateway({ program, limits: { headersTimeoutMs: 600, requestTimeoutMs: 900, maxBodyBytes: 100_000 } });
  ({ port } = await gateway.listen());
});
afterAll(() => gateway.close({ drainMs: 0 }));
beforeEach(() => {
  seen = [];
});

const host = "Host: a.example\r\n";
const get = (target: string, headers = host) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: string, body: string) => `POST /dev/x HTTP/1.1\r\n${host}${headers}\r\n${body}`;
const many = (count: number) => Array.from({ length: count }, (_, at) => `h${at}: v\r\n`).join("");

/** What is sent → status; every refusal closes the connection and never reaches a route. */
const refused: readonly (readonly [name: string, request: string, status: number])[] = [
  ["two Hosts", get("/dev/x", `${host}Host: b.example\r\n`), 400],
  ["two equal Hosts", get("/dev/x", `${host}${host}`), 400],
  ["no Host", get("/dev/x", ""), 400],
  ["an empty Host", get("/dev/x", "Host: \r\n"), 400],
  ["a Host with a user", get("/dev/x", "Host: u@a.example\r\n"), 400],
  ["a Host with a path", get("/dev/x", "Host: a.example/b?c\r\n"), 400],
  ["a Host with a bad port", get("/dev/x", "Host: a.example:port\r\n"), 400],
  ["HTTP/0.9", "GET /dev/x\r\n\r\n", 400],
  ["HTTP/2.0 as text", `GET /dev/x HTTP/2.0\r\n${host}\r\n`, 400],
  ["TRACE", `TRACE /dev/x HTTP/1.1\r\n${host}Cookie: secret\r\n\r\n`, 405],
  ["CONNECT", `CONNECT a.example:443 HTTP/1.1\r\n${host}\r\n`, 405],
  ["a method that does not exist", `FROB /dev/x HTTP/1.1\r\n${host}\r\n`, 400],
  ["a method in lower case", `get /dev/x HTTP/1.1\r\n${host}\r\n`, 400],
  ["an absolute target of another origin", get("http://evil.example/dev/x"), 400],
  ["an absolute target of another scheme", get("ftp://a.example/dev/x"), 400],
  ["an absolute target with a user", get("http://u@a.example/dev/x"), 400],
  ["the target *", `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400],
  ["a target without a slash", get("dev/x"), 400],
  ["# in the target", get("/dev/x#frag"), 400],
  ["\\ in the target", get("/dev/..\\x"), 400],
  ["| in the query", get("/dev/x?a|b"), 400],
  ["a raw 8-bit character in the target", get("/dev/\xe4"), 400],
  ["a control character in the target", get("/dev/\x01x"), 400],
  ["a tab in the target", get("/dev/\tx"), 400],
  ["an escaped NUL", get("/dev/x%00"), 400],
  ["a broken escape in the path", get("/dev/x%zz"), 400],
  ["a parent segment", get("/dev/x/../../y"), 400],
  ["an escaped parent segment", get("/dev/x/%2e%2E/y"), 400],
  ["a half-escaped parent segment at the end", get("/dev/x/.%2e"), 400],
  ["a NUL in a value", get("/dev/x", `${host}a: b\x00c\r\n`), 400],
  ["a bare CR in a value", get("/dev/x", `${host}a: b\rc\r\n`), 400],
  ["a blank before the colon", get("/dev/x", `${host}a : b\r\n`), 400],
  ["a folded header", get("/dev/x", `${host}a: b\r\n c\r\n`), 400],
  ["a header without a name", get("/dev/x", `${host}: b\r\n`), 400],
  ["a header name in brackets", get("/dev/x", `${host}a(b): c\r\n`), 400],
  ["X_Forwarded_For", get("/dev/x", `${host}X_Forwarded_For: 1.2.3.4\r\n`), 400],
  ["X-Amzn_Trace-Id", get("/dev/x", `${host}X-Amzn_Trace-Id: Root=1\r\n`), 400],
  ["Content_Length", post("Content_Length: 5\r\n", ""), 400],
  ["header values over 10,240 bytes", get("/dev/x", `${host}a: ${"b".repeat(10_300)}\r\n`), 431],
  ["5,000 headers", get("/dev/x", `${host}${many(5000)}`), 431],
  ["201 headers", get("/dev/x", `${host}${many(200)}`), 431],
  ["a megabyte of headers", get("/dev/x", `${host}a: ${"b".repeat(1_000_000)}\r\n`), 431],
  ["a URL of 12 kB", get(`/dev/${"x".repeat(12_000)}`), 414],
  ["a body announced too large", post("Content-Length: 100001\r\n", ""), 413],
  ["a body announced far too large", post("Content-Length: 99999999999999999999\r\n", ""), 400],
  ["100-continue with too much announced", post("Expect: 100-continue\r\nContent-Length: 100001\r\n", ""), 413],
  ["an expectation that nobody knows", post("Expect: 200-ok\r\nContent-Length: 1\r\n", "x"), 417],
  ["length and chunks at once", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
  ["chunks and length at once", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400],
  ["two lengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "xx"), 400],
  ["two equal lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n", "x"), 400],
  ["a signed length", post("Content-Length: +1\r\n", "x"), 400],
  ["a negative length", post("Content-Length: -1\r\n", "x"), 400],
  ["a hexadecimal length", post("Content-Length: 0x1\r\n", "x"), 400],
  ["a list as length", post("Content-Length: 1, 1\r\n", "x"), 400],
  ["a transfer coding before chunked", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 400],
  ["an unknown transfer coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400],
  ["chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
  ["chunks in HTTP/1.0", `POST /dev/x HTTP/1.0\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ["a chunk size that is no number", post("Transfer-Encoding: chunked\r\n", "zz\r\nx\r\n0\r\n\r\n"), 400],
  ["a chunk longer than its size", post("Transfer-Encoding: chunked\r\n", "1\r\nxx\r\n0\r\n\r\n"), 400],
  ["a chunk size past 64 bits", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nx"), 400],
  ["a large chunk extension", post("Transfer-Encoding: chunked\r\n", `1;${"a".repeat(40_000)}\r\nx\r\n0\r\n\r\n`), 413],
  ["a bare LF after a chunk size", post("Transfer-Encoding: chunked\r\n", "1\nx\r\n0\r\n\r\n"), 400],
  ["TLS on the plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ["an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
];

test.each(refused)("%s is refused, the connection closed", async (_name, request, status) => {
  const answered = await rawRequest(port, request);
  expect(answered.statuses).toEqual([status]);
  expect(answered.isClosed).toBe(true);
  expect(answered.text).toMatch(/^content-type: application\/json\r$/im);
  expect(answered.text).toMatch(/\r\n\r\n\{"message":"[^"]+"\}$/);
  expect(answered.text).not.toContain("secret");
  expect(seen).toEqual([]);
});

test("an absolute target of this very host is its path", async () => {
  const { statuses } = await rawRequest(port, get("http://A.example/dev/x?y=1"));
  expect(statuses).toEqual([200]);
  expect(seen).toEqual(["GET /x?y=1"]);
});

test("encoded slashes and double encoding arrive as they were typed", async () => {
  await rawRequest(port, get("/dev/a%2Fb/%252e%252e/%C3%A4;v=1//c?q=%zz&r='"));
  expect(seen).toEqual(["GET /a%2Fb/%252e%252e/%C3%A4;v=1//c?q=%zz&r='"]);
});

test("Upgrade is ignored, and so are the names in Connection", async () => {
  const headers = `${host}Connection: Upgrade, X-Forwarded-For\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n`;
  const answered = await rawRequest(port, get("/dev/x", headers));
  expect(answered.statuses).toEqual([200]);
  expect(answered.text).not.toMatch(/^upgrade:/im);
});

test("requests in one write are answered in order on one connection", async () => {
  const answered = await rawRequest(port, get("/dev/1") + post("Content-Length: 2\r\n", "ab") + get("/dev/3"));
  expect(answered.statuses).toEqual([200, 200, 200]);
  expect(answered.text).toMatch(/\/1 .*\/x ab.*\/3 $/s);
  expect(seen).toHaveLength(3);
  expect(answered.isClosed).toBe(false);
});

test("what follows a refused request is never read as a request", async () => {
  const smuggled = get("/dev/smuggled");
  const conflicting = post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\nX${smuggled}`);
  const answered = await rawRequest(port, [get("/dev/first") + conflicting]);
  expect(answered.statuses.length).toBeLessThanOrEqual(2);
  expect(seen).toEqual(["GET /first"]);
  await rawRequest(port, get("/dev/x", `${host}${host}`) + smuggled);
  expect(seen).toEqual(["GET /first"]);
});

test("a refusal never takes the place of an earlier answer", async () => {
  for (const second of ["CONNECT a.example:443 HTTP/1.1\r\n\r\n", "\x00\x01", get("/dev/x", "")]) {
    const answered = await rawRequest(port, [get("/dev/slow") + second]);
    expect(answered.statuses[0] ?? 200).toBe(200);
  }
});

test("a request that comes byte by byte is answered", async () => {
  const answered = await rawRequest(port, [...get("/dev/slow")].slice(0, 12).concat(get("/dev/slow").slice(12)));
  expect(answered.statuses).toEqual([200]);
});

test("a body in chunks arrives whole; past the limit it is 413 and the connection closed", async () => {
  const whole = await rawRequest(port, post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  expect(whole.statuses).toEqual([200]);
  expect(seen).toEqual(["POST /x abcde"]);
  const chunk = `ffff\r\n${"x".repeat(65_535)}\r\n`;
  const large = await rawRequest(port, [post("Transfer-Encoding: chunked\r\n", chunk), chunk]);
  expect(large.statuses).toEqual([413]);
  expect(large.isClosed).toBe(true);
  expect(seen).toHaveLength(1);
});

test("a framing fault late in a body: nothing runs, 400, closed", async () => {
  const answered = await rawRequest(port, [post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n"), "zz\r\n"]);
  expect(answered.statuses).toEqual([400]);
  expect(answered.isClosed).toBe(true);
  expect(seen).toEqual([]);
});

test("100-continue is sent when the body is wanted, and not before", async () => {
  const head = "Expect: 100-continue\r\nContent-Length: 2\r\n";
  const wanted = await rawRequest(port, [post(head, ""), "ok"]);
  expect(wanted.statuses).toEqual([100, 200]);
  const unread = await rawRequest(port, `POST /dev/unread HTTP/1.1\r\n${host}${head}\r\n`);
  expect(unread.statuses).toEqual([200]);
  expect(unread.isClosed).toBe(true);
});

test("an early answer to a large body closes the connection, to a small one keeps it", async () => {
  const large = await rawRequest(port, `POST /dev/unread HTTP/1.1\r\n${host}Content-Length: 99999\r\n\r\nabc`);
  expect([large.statuses, large.isClosed]).toEqual([[200], true]);
  const small = `POST /dev/unread HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`;
  const kept = await rawRequest(port, small + get("/dev/next"));
  expect(kept.statuses).toEqual([200, 200]);
});

test("a body that an answer left unread is never part of the next request's", async () => {
  const next = post("Content-Length: 3\r\n", "new");
  for (const route of ["unread", "slow"]) {
    const first = `POST /dev/${route} HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nold`;
    for (const parts of [[first, next], [first + next], [first.slice(0, -2), `ld${next}`]]) {
      seen = [];
      const answered = await rawRequest(port, parts);
      expect(answered.statuses).toEqual([200, 200]);
      expect(seen).toEqual([`POST /${route}`, "POST /x new"]);
    }
  }
  for (const route of ["unread", "slow"]) {
    seen = [];
    const chunked = `POST /dev/${route} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n3\r\nold\r\n0\r\n\r\n`;
    await rawRequest(port, [chunked, next]);
    expect(seen.filter((line) => line.includes("old"))).toEqual([]);
  }
});

test("a head that never ends is answered 408 and closed", async () => {
  const answered = await rawRequest(port, [`GET /dev/x HTTP/1.1\r\n`, "Host: a"], 2500);
  expect(answered.statuses).toEqual([408]);
  expect(answered.isClosed).toBe(true);
});

test("a body that stops is answered 408 and closed; nothing runs", async () => {
  const answered = await rawRequest(port, [post("Content-Length: 10\r\n", "abc")], 2500);
  expect(answered.statuses).toEqual([408]);
  expect(answered.isClosed).toBe(true);
  expect(seen).toEqual([]);
});

test("HEAD has the headers of GET and no body; 204 has no length", async () => {
  const head = await rawRequest(port, `HEAD /dev/x HTTP/1.1\r\n${host}\r\n`);
  expect(head.text).toMatch(/content-length: 3\r\n/i);
  expect(head.text).toMatch(/\r\n\r\n$/);
});

test("HTTP/1.0 is answered and closed", async () => {
  const answered = await rawRequest(port, "GET /dev/x HTTP/1.0\r\n\r\n");
  expect([answered.statuses, answered.isClosed]).toEqual([[200], true]);
});

test("clients that go away in the middle leave no connection behind", async () => {
  for (let at = 0; at < 50; at++) {
    const half = rawRequest(port, post("Content-Length: 10\r\n", "abc"), 1);
    await Promise.race([half, pause(5)]);
  }
  expect(await connectionsDownTo(0, gateway)).toBe(0);
  expect(seen).toEqual([]);
});
