import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { AuthorizerEntry } from "../../../runtime/auth/authorizer-entry.js";
import { lambdaAuthorizer } from "../../../runtime/auth/lambda/lambda-authorizer.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { GatewayError } from "../../../runtime/http/gateway-error.js";
import { AccessLog } from "../../../runtime/observe/access-log.js";
import type { AccessLogEntry } from "../../../runtime/observe/access-log-entry.js";
import { FileSink } from "../../../runtime/observe/file-sink.js";
import { type LineSink, StreamSink } from "../../../runtime/observe/line-sink.js";
import { parseSocketAddress, SocketSink } from "../../../runtime/observe/socket-sink.js";
import { testProgram, testRoute } from "../../support/program.js";
import { lambdaOf } from "../integrations/support.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-log-"));
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

function format(kind: AccessLogEntry["kind"], text: string): AccessLogEntry {
  const parts = text.split(/(\$[\w.]+)/).filter((part) => part !== "");
  return { kind, parts: parts.map((part) => (part.startsWith("$") ? { context: part.slice(1) } : part)) };
}

/** What the log says of one request. */
async function logged(
  entry: AccessLogEntry,
  headers: readonly string[] = [],
  run: (x: Exchange) => boolean = (x) => x.answer(200, [], "seven"),
): Promise<string> {
  let text = "";
  const log = new AccessLog(new StreamSink((lines) => (text += lines)));
  const stages = [{ name: "dev", variables: [], log: "off" as const, accessLog: entry }];
  const program = testProgram([testRoute("GET /x", run)], { stages });
  const gateway = createGateway({ program, observers: [log] });
  await gateway.inject({ path: "/dev/x", headers });
  await gateway.close({ drainMs: 0 });
  return text;
}

test("variables of the request and of its answer; what has no value is -", async () => {
  const line = await logged(
    format("text", "$identity.sourceIp $identity.caller $httpMethod $resourcePath $status $responseLength $stage"),
  );
  expect(line).toBe("127.0.0.1 - GET /x 200 5 dev\n");
});

test("a client's request id counts when it is a UUID; another is told as AWS tells it", async () => {
  const own = "11111111-2222-3333-4444-555555555555";
  const id = (value: string) => logged(format("text", "$requestId"), ["x-amzn-RequestId", value]);
  expect(await id(own)).toBe(`${own}\n`);
  expect(await id("mine")).toBe("UUID_REPLACED_INVALID_REQUEST_ID\n");
});

test("latencies are whole milliseconds; a request without an integration has none of its", async () => {
  const line = await logged(format("text", "$responseLatency $integrationLatency $integration.status"));
  expect(line).toMatch(/^\d+ - -\n$/);
});

test("errors show their type and message", async () => {
  const run = () => {
    throw new GatewayError("THROTTLED");
  };
  const line = await logged(format("json", '{"s":$status,"t":"$error.responseType","m":"$error.message"}'), [], run);
  expect(JSON.parse(line)).toEqual({ s: 429, t: "THROTTLED", m: "Too Many Requests" });
});

test("the authorizer's decision and its call are told apart from the integration's", async () => {
  const entry: AuthorizerEntry = {
    kind: "lambda",
    name: "a",
    type: "token",
    identity: [{ in: "header", name: "authorization" }],
    validation: undefined,
    ttlSeconds: 300,
    payloadFormat: "1.0",
    simpleResponses: false,
    function: lambdaOf(async (event) => {
      const { authorizationToken: token, methodArn } = event as Record<string, string>;
      if (token === "no") throw new Error("Unauthorized");
      const statement = { Effect: token === "yes" ? "Allow" : "Deny", Action: "*", Resource: methodArn };
      return { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [statement] } };
    }),
  };
  let text = "";
  const log = new AccessLog(new StreamSink((lines) => (text += lines)));
  const accessLog = format(
    "text",
    "$status $authorizer.status $authorizer.integrationStatus $authorizer.error $integration.status $authorizer.requestId",
  );
  const stages = [{ name: "dev", variables: [], log: "off" as const, accessLog }];
  const run = async (x: Exchange) => (await lambdaAuthorizer(x)) || x.answer(200, [], "");
  const route = { ...testRoute("GET /x", run), authorizer: entry };
  const gateway = createGateway({ program: testProgram([route], { stages }), observers: [log] });
  const ids: string[] = [];
  for (const token of ["yes", "yes", "deny", "no"]) {
    const { headers } = await gateway.inject({ path: "/dev/x", headers: ["Authorization", token] });
    ids.push(headers[headers.indexOf("x-amzn-RequestId") + 1] as string);
  }
  await gateway.close({ drainMs: 0 });
  expect(text.trim().split("\n")).toEqual([
    `200 200 200 - - ${ids[0]}`,
    "200 200 - - - -",
    `403 403 200 - - ${ids[2]}`,
    `401 401 200 Unauthorized - ${ids[3]}`,
  ]);
});

test("requests that no route answers are logged too", async () => {
  let text = "";
  const log = new AccessLog(new StreamSink((lines) => (text += lines)));
  const accessLog = format("text", "$path $status $resourcePath");
  const stages = [{ name: "dev", variables: [], log: "off" as const, accessLog }];
  const gateway = createGateway({ program: testProgram([testRoute("GET /x")], { stages }), observers: [log] });
  await gateway.inject({ path: "/dev/nope" });
  await gateway.close({ drainMs: 0 });
  expect(text).toBe("/dev/nope 403 -\n");
});

test.each<[AccessLogEntry["kind"], string, string]>([
  ["json", '{"ua":"$identity.userAgent"}', '{"ua":"a\\"b\\\\c\\u009dd"}\n'],
  ["xml", "<ua>$identity.userAgent</ua>", "<ua>a&#34;b\\c&#157;d</ua>\n"],
  ["text", '"$identity.userAgent"', '"a\\"b\\\\c\\u009dd"\n'],
])("no value can look like a part of a %s line", async (kind, text, expected) => {
  expect(await logged(format(kind, text), ["User-Agent", 'a"b\\c\x9dd'])).toBe(expected);
});

test("a file is readable by its owner, and rotated by size", async () => {
  const path = join(folder, "access.log");
  const sink = new FileSink({ path, maxBytes: 100, keep: 2 });
  for (let at = 0; at < 10; at++) {
    sink.write(`${String(at).repeat(49)}\n`);
    sink.flush();
  }
  expect(readdirSync(folder).sort()).toEqual(["access.log", "access.log.1", "access.log.2"]);
  expect(readFileSync(path, "utf8")).toBe(`${"8".repeat(49)}\n${"9".repeat(49)}\n`);
  expect(readFileSync(`${path}.2`, "utf8")).toContain("4444");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await sink.close();
});

test("a file that was moved away is opened again", async () => {
  const path = join(folder, "access.log");
  const sink = new FileSink({ path });
  renameSync(path, `${path}.moved`);
  sink.write("before\n");
  sink.reopen();
  sink.write("after\n");
  await sink.close();
  expect(readFileSync(`${path}.moved`, "utf8")).toContain("before");
  expect(readFileSync(path, "utf8")).toBe("after\n");
});

test("lines reach a socket, those written before it was there too", async () => {
  const path = join(folder, "log.sock");
  const sink = new SocketSink(parseSocketAddress(`unix:${path}`) as { path: string });
  sink.write("early\n");
  let received = "";
  const server = createServer((socket) => socket.on("data", (chunk) => (received += chunk))).listen(path);
  await expect.poll(() => received, { timeout: 5000 }).toBe("early\n");
  sink.write("later\n");
  await expect.poll(() => received, { timeout: 5000 }).toBe("early\nlater\n");
  await sink.close();
  server.close();
});

test("addresses of receivers", () => {
  expect(parseSocketAddress("tcp://127.0.0.1:5140")).toEqual({ host: "127.0.0.1", port: 5140 });
  expect(parseSocketAddress("tcp://[::1]:5140")).toEqual({ host: "::1", port: 5140 });
  for (const wrong of ["tcp://x", "tcp://x:99999", "unix:", "udp://x:1"])
    expect(parseSocketAddress(wrong)).toBeUndefined();
});

test("a receiver that does not keep up costs bounded memory, and what is lost is counted", () => {
  const sink: LineSink = new SocketSink({ path: join(folder, "nobody.sock") });
  const line = `${"x".repeat(100_000)}\n`;
  for (let at = 0; at < 200; at++) sink.write(line);
  expect(sink.dropped).toBeGreaterThan(100);
  void sink.close();
});

test("a log file whose folder is gone is not opened again, and harms nobody", async () => {
  const gone = mkdtempSync(join(tmpdir(), "gateway-gone-"));
  const sink = new FileSink({ path: join(gone, "access.log") });
  rmSync(gone, { recursive: true });
  sink.reopen();
  sink.write("a line\n");
  await sink.close();
  expect(sink.dropped).toBe(0);
});

test("lines that come after the end are dropped, and reach no other file", async () => {
  const sink = new FileSink({ path: join(folder, "first.log") });
  await sink.close();
  const other = openSync(join(folder, "other.log"), "a");
  sink.write("late\n");
  sink.flush();
  closeSync(other);
  expect(readFileSync(join(folder, "other.log"), "utf8")).toBe("");
  expect(sink.dropped).toBe(1);
});
