import { createServer, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultLimits } from "../../runtime/host/limits.js";
import { Gate } from "../../runtime/http/gate.js";
import { AnswerHeads } from "../../runtime/http/wire/answer-head.js";
import { ChunkedBody } from "../../runtime/http/wire/chunked-body.js";
import { readRequestHead } from "../../runtime/http/wire/request-head.js";
import { WireServer } from "../../runtime/http/wire/wire-server.js";
import { mutatedRequest } from "./mutated-request.js";

describe("request heads", () => {
  test("a head is split, not interpreted; blanks around values go", () => {
    const head = readRequestHead(
      "POST /a?b=%zz HTTP/1.1\r\nHost: x\r\nA:\t v w \t\r\nEmpty:\r\ncontent-LENGTH: 12\r\n",
    );
    expect(head).toEqual({
      method: "POST",
      target: "/a?b=%zz",
      minorVersion: 1,
      headers: ["Host", "x", "A", "v w", "Empty", "", "content-LENGTH", "12"],
      bodyBytes: 12,
      expectsContinue: false,
      keepsAlive: true,
      upgrade: "",
    });
  });

  test.each([
    ["GET / HTTP/1.1\r\nConnection: close\r\n", false],
    ["GET / HTTP/1.1\r\nConnection: foo, CLOSE\r\n", false],
    ["GET / HTTP/1.1\r\nConnection: closed\r\n", true],
    ["GET / HTTP/1.0\r\n", false],
    ["GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n", true],
    ["GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n", false],
  ])("%j keeps the connection: %s", (text, keepsAlive) => {
    expect(readRequestHead(text)).toMatchObject({ keepsAlive });
  });

  test("an upgrade counts only where Connection names it", () => {
    const ask = (connection: string) => readRequestHead(`GET / HTTP/1.1\r\nUpgrade: WebSocket\r\n${connection}`);
    expect(ask("Connection: keep-alive, Upgrade\r\n")).toMatchObject({ upgrade: "websocket" });
    expect(ask("Connection: upgrades\r\n")).toMatchObject({ upgrade: "" });
    expect(ask("")).toMatchObject({ upgrade: "" });
  });

  test.each([
    ["GET / HTTP/1.1 \r\n", "malformed"],
    ["GET /HTTP/1.1\r\n", "malformed"],
    ["GET HTTP/1.1\r\n", "malformed"],
    ["GET / HTTP/1.2\r\n", "version"],
    ["GET / http/1.1\r\n", "malformed"],
    ["GET / HTTP/1.1\nHost: a\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nHost: a\nX: b\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nHost\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nH\xf6st: a\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nX: a\x7f\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nX: \xe4\r\n", undefined],
    ["GET / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 5\r\n", "framing"],
    ["GET / HTTP/1.1\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n", "framing"],
    ["GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n", "framing"],
    ["GET / HTTP/1.1\r\nTransfer-Encoding:\r\n", "framing"],
    ["GET / HTTP/1.1\r\nContent-Length: \r\n", "framing"],
    ["GET / HTTP/1.1\r\nContent-Length: 1 \x0b\r\n", "malformed"],
    ["GET / HTTP/1.1\r\nExpect: something\r\n", "expectation"],
  ])("%j: %s", (text, refusal) => {
    const head = readRequestHead(text);
    expect(typeof head === "string" ? head : undefined).toBe(refusal);
  });
});

describe("chunks", () => {
  const read = (text: string, size: number) => {
    const body = new ChunkedBody();
    const bytes: Buffer[] = [];
    const whole = Buffer.from(text, "latin1");
    for (let from = 0; from < whole.length; from += size) {
      const end = body.read(whole.subarray(from, from + size), 0, (piece) => bytes.push(piece));
      if (typeof end === "string") return end;
      if (body.isComplete) {
        return [Buffer.concat(bytes).toString("latin1"), whole.subarray(from + end).toString("latin1")];
      }
    }
    return undefined;
  };

  test.each([
    ['3\r\nabc\r\n00000A;x="y"\r\n0123456789\r\n0\r\n\r\nGET', ["abc0123456789", "GET"]],
    ["0\r\nA: b\r\nC: d\r\n\r\n", ["", ""]],
    ["1\r\na\r\n0\r\n", undefined],
    ["1 \r\na\r\n0\r\n\r\n", "malformed"],
    ["\r\n", "malformed"],
    ["-1\r\n", "malformed"],
    ["1\r\nab\r\n", "malformed"],
    ["1\ra\r\n", "malformed"],
    ["ffffffffffffff\r\n", "malformed"],
    ["1;a\x00\r\n", "malformed"],
    ["1;a\nX\r\n", "malformed"],
    [`1;${"a".repeat(20_000)}\r\n`, "body"],
    ["0\r\nContent-Length: 0\r\n\r\n", "malformed"],
    ["0\r\nA b: c\r\n\r\n", "malformed"],
    ["0\r\nA\r\n\r\n", "malformed"],
    [`0\r\n${"A: b\r\n".repeat(10_000)}`, "body"],
    ["0;\r\n\r\n", "malformed"],
  ])("%.60j, in one piece and byte by byte", (text, expected) => {
    for (const size of [1, 7, 100_000]) {
      const found = read(text, size);
      if (Array.isArray(found) && Array.isArray(expected)) expect(found[0]).toBe(expected[0]);
      else expect(found).toEqual(expected);
    }
    if (Array.isArray(expected)) expect(read(text, 100_000)).toEqual(expected);
  });
});

test("heads of answers: one date a second, no header that HTTP does not allow", () => {
  let now = 1_700_000_000_000;
  const heads = new AnswerHeads(() => now, 60_000);
  const head = () => heads.head(200, ["A", "\xe4\t"], false, false);
  expect(head()).toBe(
    "HTTP/1.1 200 OK\r\nA: \xe4\t\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\n\r\n",
  );
  now += 1000;
  expect(head()).toContain("22:13:21");
  for (const bad of [
    ["A B", "x"],
    ["A:", "x"],
    ["", "x"],
    ["A", "x\ny"],
    ["A", "\u0100"],
    ["A", "\x00"],
  ]) {
    expect(() => heads.head(200, bad, false, false), JSON.stringify(bad)).toThrow(TypeError);
  }
});

/**
 * Both servers tell what they have seen; what ours sees, Node's strict parser has to see as well. Every second request of
 * a connection is answered late and its body is left unread: what comes behind it must not change.
 */
describe("beside Node's parser", () => {
  const count = Number(process.env["WIRE_FUZZ"] ?? 500);
  const gate = new Gate(defaultLimits);
  const isLeftUnread = (at: number) => at % 2 === 0;
  let nodesCount = 0;
  let ours: WireServer;
  let nodes: Server;
  let oursSeen: string[] = [];
  let nodesSeen: string[] = [];

  beforeAll(async () => {
    ours = new WireServer({
      limits: defaultLimits,
      now: Date.now,
      onRequest: (request) => {
        const { head } = request;
        const refusal = gate.read(head);
        if (typeof refusal === "string") {
          request.send(400, ["Content-Length", "0"], "", true);
          return;
        }
        const line = `${head.method} ${head.target} ${head.headers.join("|")}`;
        if (isLeftUnread(oursSeen.length)) {
          oursSeen.push(line);
          setTimeout(() => request.send(200, ["Content-Length", "0"], "", false), 1);
          return;
        }
        const chunks: Buffer[] = [];
        request.takeBody({
          take: (bytes) => chunks.push(bytes) > 0,
          cut: () => undefined,
          end: () => {
            const body = Buffer.concat(chunks).toString("latin1");
            oursSeen.push(`${line} ${body}`);
            request.send(200, ["Content-Length", "0"], "", false);
          },
        });
      },
    });
    nodes = createServer({ requireHostHeader: false }, (request, response) => {
      const line = `${request.method} ${request.url} ${request.rawHeaders.join("|")}`;
      request.on("error", () => undefined);
      // Node tells of the next request before the body of this one has ended.
      const at = nodesCount++;
      nodesSeen[at] = line;
      if (isLeftUnread(at)) {
        setTimeout(() => response.end(), 1);
        return;
      }
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const body = Buffer.concat(chunks).toString("latin1");
        nodesSeen[at] = `${line} ${body}`;
        response.end();
      });
    });
    for (const server of [ours, nodes]) await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(() => {
    for (const server of [ours, nodes]) {
      server.closeAllConnections();
      server.close();
    }
  });

  const send = (server: WireServer | Server, text: string) =>
    new Promise<void>((resolve) => {
      const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
      socket.on("connect", () => socket.write(Buffer.from(text, "latin1")));
      // What a busy machine has kept from being read is read before the end.
      const end = () => setImmediate(() => setImmediate(() => socket.destroy()));
      let timer = setTimeout(end, 40);
      socket.on("data", () => {
        clearTimeout(timer);
        timer = setTimeout(end, 20);
      });
    });

  test(`${count} mutated requests: ours sees nothing that Node's does not`, async () => {
    let seen = 0;
    for (let seed = 0; seed < count; seed++) {
      const text = mutatedRequest(seed);
      oursSeen = [];
      nodesSeen = [];
      nodesCount = 0;
      await Promise.all([send(ours, text), send(nodes, text)]);
      seen += oursSeen.length;
      expect(nodesSeen.slice(0, oursSeen.length), JSON.stringify(text)).toEqual(oursSeen);
    }
    expect(seen).toBeGreaterThan(count / 20);
  }, 3_600_000);
});
