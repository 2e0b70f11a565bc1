import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { readBody } from "../../../runtime/http/read-body.js";
import { httpProxy } from "../../../runtime/integrations/http-proxy.js";
import type { HttpTarget } from "../../../runtime/integrations/http-target.js";
import {
  fromBody,
  fromHeader,
  fromPath,
  fromQuery,
  fromResponseBody,
  fromResponseHeader,
  fromStatic,
  fromText,
} from "../../../runtime/mapping/parameters.js";
import { type Pipeline, type RouteEntry, route, type TargetText } from "../../../runtime/program.js";
import { backend, echo, fixedBackend, rawBackend } from "./backend.js";
import { type ProgramInput, programOf, type TestGateway, testGateway, valuesOf } from "./support.js";

const opened: TestGateway[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close({ drainMs: 0 })));
});

function targetOf(uri: TargetText, more: Partial<HttpTarget> = {}): HttpTarget {
  return {
    proxy: true,
    method: "ANY",
    uri,
    headers: [],
    query: [],
    path: [],
    insecureSkipVerification: false,
    responses: [],
    ...more,
  };
}

function filesRoute(http: HttpTarget, more: Partial<RouteEntry> = {}): RouteEntry {
  return route({
    key: "ANY /files/{path+}",
    method: "ANY",
    resourcePath: "/files/{path+}",
    resourceId: "abc123",
    segments: ["files", "{path+}"],
    run: httpProxy,
    http,
    ...more,
  });
}

interface Started {
  readonly gateway: TestGateway;
  readonly port: number;
}

async function start(http: HttpTarget, input: ProgramInput = {}, more: Partial<RouteEntry> = {}): Promise<Started> {
  const gateway = testGateway(programOf([filesRoute(http, more)], input), { limits: { maxBodyBytes: 2 ** 30 } });
  opened.push(gateway);
  return { gateway, port: (await gateway.listen()).port };
}

function below(url: string): TargetText {
  return [`${url}/base/`, { path: "path" }];
}

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: string[];
  readonly body: string;
}

async function seenBy(started: Started, path: string, headers: readonly string[] = [], more: object = {}) {
  const answer = await started.gateway.inject({ path, headers, ...more });
  return JSON.parse(answer.body.toString()) as Seen;
}

describe("the request", () => {
  test("goes below the prefix as received, with its query", async () => {
    const started = await start(targetOf(below((await backend(echo)).url)));
    const paths = ["a/b%20c", "a%2Fb//c", "x;y=1,2", "%E2%98%95"];
    for (const path of paths) {
      const { url } = await seenBy(started, `/dev/files/${path}?q=%20+&&=x`);
      expect(url).toBe(`/base/${path}?q=%20+&&=x`);
    }
  });

  test.each(["..%2fsecret", "a/%2e%2e%2f..%2fx", "..%5cx", "%2e.%2fx"])("never above it: %s", async (path) => {
    let requests = 0;
    const counted = await backend((_, response) => void response.end(String(++requests)));
    const { gateway } = await start(targetOf(below(counted.url)));
    const { status } = await gateway.inject({ path: `/dev/files/${path}` });
    expect([status, requests]).toEqual([400, 0]);
  });

  test("drops headers of the hop and sets the gateway's own", async () => {
    const server = await backend(echo);
    const started = await start(targetOf(below(server.url)));
    const sent = ["Connection", "X-Secret-Hop, X-Forwarded-For", "X-Secret-Hop", "1", "Keep-Alive", "5", "Via", "v"];
    const own = ["X-Forwarded-For", "6.6.6.6", "X-Amzn-Apigateway-Api-Id", "mine", "content-encoding", "br", "tE", "a"];
    const { rawHeaders } = await seenBy(started, "/dev/files/x", [...sent, ...own, "X-Keep", "Ünï"]);
    expect(valuesOf(rawHeaders, "host")).toEqual([`127.0.0.1:${server.port}`]);
    expect(valuesOf(rawHeaders, "x-forwarded-for")).toEqual(["127.0.0.1"]);
    expect(valuesOf(rawHeaders, "x-amzn-apigateway-api-id")).toEqual(["abcdefghij"]);
    expect(valuesOf(rawHeaders, "x-keep")).toEqual(["Ünï"]);
    expect(valuesOf(rawHeaders, "user-agent")).toEqual(["AmazonAPIGateway_abcdefghij"]);
    for (const name of ["x-secret-hop", "keep-alive", "via", "content-encoding", "te"]) {
      expect(valuesOf(rawHeaders, name)).toEqual([]);
    }
  });

  test("HTTP APIs tell of the client in one Forwarded header", async () => {
    const started = await start(targetOf(below((await backend(echo)).url)), { kind: "http" });
    const { rawHeaders } = await seenBy(started, "/files/x", ["Host", "api.example.com", "Forwarded", "for=6.6.6.6"]);
    expect(valuesOf(rawHeaders, "forwarded")).toEqual(["by=_gateway;for=127.0.0.1;host=api.example.com;proto=https"]);
    expect(valuesOf(rawHeaders, "x-forwarded-for")).toEqual([]);
  });

  test("parameters are mapped into path, query and headers", async () => {
    const { url } = await backend(echo);
    const target = targetOf([`${url}/t/`, { path: "tenant" }, "/", { path: "path" }, "?fixed=1&p=", { path: "path" }], {
      path: [{ name: "tenant", source: fromHeader("X-Tenant") }],
      query: [{ name: "q", source: fromQuery("q") }],
      headers: [
        { name: "X-Path", source: fromPath("path") },
        { name: "x-keep", source: fromStatic("replaced") },
        { name: "X-Absent", source: fromHeader("X-None") },
      ],
    });
    const started = await start(target);
    const seen = await seenBy(started, "/dev/files/a/b?q=1+2", ["X-Tenant", "t 1?#", "X-Keep", "sent"]);
    expect(seen.url).toBe("/t/t%201%3F%23/a/b?fixed=1&p=a/b&q=1+2&q=1%202");
    expect(valuesOf(seen.rawHeaders, "x-path")).toEqual(["a/b"]);
    expect(valuesOf(seen.rawHeaders, "x-keep")).toEqual(["replaced"]);
    expect(valuesOf(seen.rawHeaders, "x-absent")).toEqual([]);
  });

  test("a mapped path value cannot leave its prefix", async () => {
    const { url } = await backend(echo);
    const path = [{ name: "tenant", source: fromHeader("X-Tenant") }];
    const { gateway } = await start(targetOf([`${url}/t/`, { path: "tenant" }], { path }));
    expect((await gateway.inject({ path: "/dev/files/x", headers: ["X-Tenant", "../admin"] })).status).toBe(400);
  });

  test("a mapping may look into the body, which is sent on all the same", async () => {
    const headers = [{ name: "X-Id", source: fromBody(".order.id") }];
    const started = await start(targetOf(below((await backend(echo)).url), { headers }));
    const body = '{"order":{"id":7}}';
    const seen = await seenBy(started, "/dev/files/x", [], { method: "POST", body });
    expect(valuesOf(seen.rawHeaders, "x-id")).toEqual(["7"]);
    expect(Buffer.from(seen.body, "base64").toString()).toBe(body);
  });

  test("bodies keep their length, or go in chunks when they came so", async () => {
    const started = await start(targetOf(below((await backend(echo)).url)));
    const large = Buffer.alloc(300_000, "x");
    for (const body of [Buffer.from("small"), large]) {
      const seen = await seenBy(started, "/dev/files/x", [], { method: "PUT", body });
      expect(valuesOf(seen.rawHeaders, "content-length")).toEqual([String(body.length)]);
      expect(Buffer.from(seen.body, "base64").equals(body)).toBe(true);
    }
    const seen = await seenBy(started, "/dev/files/x", ["Transfer-Encoding", "chunked"], {
      method: "PUT",
      body: large,
    });
    expect(valuesOf(seen.rawHeaders, "transfer-encoding")).toEqual(["chunked"]);
    expect(Buffer.from(seen.body, "base64").equals(large)).toBe(true);
  });
});

describe("the endpoint", () => {
  const stageVariable = { stageVariable: "host" };

  test.each([
    ["", "nothing"],
    ["evil.example@127.0.0.1", "a user name"],
    ["host name", "a blank"],
    ["a:99999", "a port out of range"],
    ["a\\b", "a backslash"],
  ])("%s is refused: %s", async (host) => {
    const { gateway } = await start(targetOf(["http://", stageVariable, "/", { path: "path" }]), {
      variables: { host },
    });
    const { status, body } = await gateway.inject({ path: "/dev/files/x" });
    expect([status, body.toString()]).toEqual([500, '{"message": "Internal server error"}']);
    expect(JSON.stringify(gateway.log)).toContain("Invalid endpoint address");
  });

  test("what a client sends never becomes part of the host", async () => {
    for (const uri of [
      [`http://127.0.0.1`, { path: "path" }],
      ["http://", { path: "path" }],
    ]) {
      const { gateway } = await start(targetOf(uri as TargetText));
      expect((await gateway.inject({ path: "/dev/files/.evil.example" })).status).toBe(500);
    }
  });

  test("comes from the stage's variables", async () => {
    const { port } = await backend(echo);
    const variables = { host: `127.0.0.1:${port}` };
    const started = await start(targetOf(["http://", stageVariable, "/", { path: "path" }]), { variables });
    expect((await seenBy(started, "/dev/files/x")).url).toBe("/x");
  });
});

describe("the answer", () => {
  test("passes with status and headers; those of the service are remapped", async () => {
    const server = await backend((_, response) => {
      response.writeHead(
        418,
        [
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Server", "s"],
          ["Via", "v"],
          ["x-amzn-RequestId", "theirs"],
          ["Keep-Alive", "timeout=9"],
        ].flat(),
      );
      response.end("tea");
    });
    const { gateway } = await start(targetOf(below(server.url)));
    const { status, headers, body } = await gateway.inject({ path: "/dev/files/x" });
    expect([status, body.toString()]).toEqual([418, "tea"]);
    expect(valuesOf(headers, "set-cookie")).toEqual(["a=1", "b=2"]);
    expect(valuesOf(headers, "x-amzn-remapped-server")).toEqual(["s"]);
    expect(valuesOf(headers, "x-amzn-remapped-x-amzn-requestid")).toEqual(["theirs"]);
    expect(valuesOf(headers, "x-amzn-requestid")[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(valuesOf(headers, "via")).toEqual([]);
    expect(valuesOf(headers, "x-amzn-trace-id")).toEqual([]);
  });

  test("HEAD, 204 and 304 have no body but keep what they say", async () => {
    const server = await backend((request, response) => {
      const status = request.url === "/base/head" ? 200 : Number(request.url?.slice(6));
      response.writeHead(status, status === 200 ? { "Content-Length": "1234" } : { ETag: '"x"' });
      response.end();
    });
    const { gateway } = await start(targetOf(below(server.url)));
    const head = await gateway.inject({ method: "HEAD", path: "/dev/files/head" });
    expect([head.status, valuesOf(head.headers, "content-length")]).toEqual([200, ["1234"]]);
    for (const status of [204, 304]) {
      const answer = await gateway.inject({ path: `/dev/files/${status}` });
      expect([answer.status, valuesOf(answer.headers, "etag"), answer.body.length]).toEqual([status, ['"x"'], 0]);
    }
  });

  test("informational answers before the final one are not it", async () => {
    const early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    const server = await fixedBackend(`${early}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
    const { gateway } = await start(targetOf(below(server.url)));
    const { status, body } = await gateway.inject({ path: "/dev/files/x" });
    expect([status, body.toString()]).toEqual([200, "ok"]);
  });

  test("events reach the client as they come", async () => {
    let next = (): void => undefined;
    const server = await backend((_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: 1\n\n");
      next = () => response.end("data: 2\n\n");
    });
    const { port } = await start(targetOf(below(server.url)));
    const [response] = (await once(httpRequest({ port, path: "/dev/files/x" }).end(), "response")) as [IncomingMessage];
    const [first] = (await once(response, "data")) as [Buffer];
    expect(first.toString()).toBe("data: 1\n\n");
    next();
    const [second] = (await once(response, "data")) as [Buffer];
    expect(second.toString()).toBe("data: 2\n\n");
  });

  test("REST shows no coding, so it takes it off; HTTP APIs pass it", async () => {
    const text = "x".repeat(200_000);
    const codings = new Map([
      ["/base/identity", "identity"],
      ["/base/none", "no-coding-at-all"],
    ]);
    const server = await backend((request, response) => {
      response.setHeader("Content-Encoding", codings.get(request.url ?? "") ?? "gzip");
      response.end(request.url === "/base/x" ? gzipSync(text) : "not gzip");
    });
    const rest = await start(targetOf(below(server.url)));
    const decoded = await rest.gateway.inject({ path: "/dev/files/x" });
    expect(decoded.body.toString()).toBe(text);
    expect(valuesOf(decoded.headers, "content-encoding")).toEqual([]);
    for (const name of ["plain", "identity", "none"]) {
      const plain = await rest.gateway.inject({ path: `/dev/files/${name}` });
      expect([valuesOf(plain.headers, "content-encoding"), plain.body.toString()]).toEqual([[], "not gzip"]);
    }
    const http = await start(targetOf(below(server.url)), { kind: "http" });
    const passed = await http.gateway.inject({ path: "/files/x" });
    expect(valuesOf(passed.headers, "content-encoding")).toEqual(["gzip"]);
    expect(passed.body.equals(gzipSync(text))).toBe(true);
  });

  test("an HTTP API changes headers and status by the backend's status", async () => {
    const server = await backend((_, response) => void response.writeHead(500, { "X-Old": "o", "X-From": "f" }).end());
    const responses = [
      {
        status: 403,
        pattern: /^500$/,
        headers: [
          { name: "x-new", source: fromResponseHeader("x-from"), operation: "append" as const },
          { name: "x-old", source: fromStatic(""), operation: "remove" as const },
        ],
        templates: new Map<string, string>(),
      },
    ];
    const { gateway } = await start(targetOf(below(server.url), { responses }), { kind: "http" });
    const { status, headers } = await gateway.inject({ path: "/files/x" });
    expect([status, valuesOf(headers, "x-new"), valuesOf(headers, "x-old")]).toEqual([403, ["f"], []]);
  });
});

describe("mappings of an HTTP API", () => {
  test("may replace the path, and query parameters", async () => {
    const target = targetOf(below((await backend(echo)).url), {
      overwritePath: fromText(["/v2/", fromPath("path")]),
      query: [
        { name: "a", source: fromStatic("new"), operation: "overwrite" },
        { name: "b", source: fromStatic(""), operation: "remove" },
        { name: "c", source: fromStatic("more"), operation: "append" },
      ],
    });
    const started = await start(target, { kind: "http" });
    expect((await seenBy(started, "/files/x%20y?a=1&b=2&c=3&%61=4")).url).toBe("/v2/x%20y?c=3&a=new&c=more");
  });

  test("may look into the answer's body", async () => {
    const server = await backend((_, response) => void response.writeHead(404).end('{"error":{"code":"E7"}}'));
    const headers = [{ name: "x-code", source: fromResponseBody(".error.code") }];
    const responses = [{ status: 0, pattern: /^404$/, headers, templates: new Map<string, string>() }];
    const { gateway } = await start(targetOf(below(server.url), { responses }), { kind: "http" });
    const answer = await gateway.inject({ path: "/files/x" });
    expect([answer.status, valuesOf(answer.headers, "x-code")]).toEqual([404, ["E7"]]);
    expect(answer.body.toString()).toBe('{"error":{"code":"E7"}}');
  });
});

test("a body that an earlier step has read is sent on, also when nothing was in it", async () => {
  const run: Pipeline = async (x) => (await readBody(x)) || httpProxy(x);
  const started = await start(targetOf(below((await backend(echo)).url)), {}, { run });
  for (const body of ["", "text"]) {
    const seen = await seenBy(started, "/dev/files/x", ["Transfer-Encoding", "chunked"], { method: "POST", body });
    expect(Buffer.from(seen.body, "base64").toString()).toBe(body);
  }
});

test("a body in chunks that grows past the limit is a 413, and the backend never sees its end", async () => {
  let outcome = "none";
  const server = await backend((request) => {
    request.resume();
    request.on("end", () => (outcome = "complete")).on("error", () => (outcome = "broken"));
  });
  const gateway = testGateway(programOf([filesRoute(targetOf(below(server.url)))]), {
    limits: { maxBodyBytes: 200_000 },
  });
  opened.push(gateway);
  const { port } = await gateway.listen();
  const upload = httpRequest({ port, path: "/dev/files/x", method: "POST" });
  upload.on("error", () => undefined);
  for (let sent = 0; sent < 10; sent++) upload.write(Buffer.alloc(40_000));
  const [response] = (await once(upload, "response")) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  await expect.poll(() => outcome).toBe("broken");
  upload.destroy();
});

const openssl = spawnSync("openssl", ["version"]).status === 0;

test.skipIf(!openssl)("a certificate that nobody vouches for is refused, unless the route says otherwise", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-days", "2", "-keyout", key, "-out", cert];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject], { stdio: "ignore" });
  const server = createHttpsServer({ key: readFileSync(key), cert: readFileSync(cert) }, echo).listen(0, "127.0.0.1");
  await once(server, "listening");
  const uri = below(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const strict = await start(targetOf(uri));
  expect((await strict.gateway.inject({ path: "/dev/files/x" })).status).toBe(504);
  const lax = await start(targetOf(uri, { insecureSkipVerification: true }));
  expect((await lax.gateway.inject({ path: "/dev/files/x" })).status).toBe(200);
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe("failures", () => {
  const networkError = '{"message": "Network error communicating with endpoint"}';

  test.each([
    ["nothing listens", async () => "http://127.0.0.1:1"],
    ["the connection is reset", async () => (await rawBackend((socket) => socket.resetAndDestroy())).url],
    ["the answer is no HTTP", async () => (await fixedBackend("hello\r\n\r\n")).url],
    [
      "the answer has both framings",
      async () =>
        (await fixedBackend("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")).url,
    ],
    [
      "the answer has two lengths",
      async () => (await fixedBackend("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")).url,
    ],
    ["the head never ends", async () => (await fixedBackend(`HTTP/1.1 200 OK\r\nA: ${"x".repeat(70_000)}`)).url],
    ["the name does not resolve", async () => "http://nothing.invalid"],
  ])("%s", async (_, url) => {
    const { gateway } = await start(targetOf(below(await url())));
    const { status, body } = await gateway.inject({ path: "/dev/files/x" });
    expect([status, body.toString()]).toEqual([504, networkError]);
  });

  test("no answer in time is a 504, on HTTP APIs a 503, and ends the request to the backend", async () => {
    let ended = 0;
    const server = await backend((_, response) => void response.once("close", () => ended++));
    const rest = await start(targetOf(below(server.url)), {}, { timeoutMs: 60 });
    const answer = await rest.gateway.inject({ path: "/dev/files/x" });
    expect([answer.status, answer.body.toString()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
    const http = await start(targetOf(below(server.url)), { kind: "http" }, { timeoutMs: 60 });
    expect((await http.gateway.inject({ path: "/files/x" })).status).toBe(503);
    await expect.poll(() => ended).toBe(2);
  });

  test.each(["chunked", "length"])("an upload that is not answered in time gets its 504 (%s)", async (framing) => {
    const server = await backend((request) => void request.resume());
    const { port } = await start(targetOf(below(server.url)), {}, { timeoutMs: 100 });
    const headers = framing === "length" ? { "Content-Length": 10_000_000 } : {};
    const upload = httpRequest({ port, path: "/dev/files/x", method: "POST", headers });
    upload.write(Buffer.alloc(100_000));
    const [response] = (await once(upload, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(504);
    upload.on("error", () => undefined).destroy();
  });

  test.each(["chunked", "length"])("an answer cut in the middle is not completed (%s)", async (framing) => {
    const head = framing === "chunked" ? "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" : "Content-Length: 1000\r\n\r\n";
    const server = await fixedBackend(`HTTP/1.1 200 OK\r\n${head}abc`, "reset");
    const { port } = await start(targetOf(below(server.url)));
    const [response] = (await once(httpRequest({ port, path: "/dev/files/x" }).end(), "response")) as [IncomingMessage];
    response.resume();
    const [error] = (await once(response, "error")) as [NodeJS.ErrnoException];
    expect(error.code).toBe("ECONNRESET");
  });

  test("a client that goes ends the request to the backend", async () => {
    let hasEnded = false;
    const server = await backend((_, response) => {
      response.once("close", () => {
        hasEnded = true;
      });
      response.write("first");
    });
    const { port } = await start(targetOf(below(server.url)));
    const [response] = (await once(httpRequest({ port, path: "/dev/files/x" }).end(), "response")) as [IncomingMessage];
    await once(response, "data");
    expect(hasEnded).toBe(false);
    response.destroy();
    await expect.poll(() => hasEnded).toBe(true);
  });

  test("a body that the client breaks off reaches the backend as broken", async () => {
    let outcome = "none";
    const server = await backend((request) => {
      request.on("end", () => (outcome = "complete")).on("error", () => (outcome = "broken"));
      request.resume();
    });
    const { port } = await start(targetOf(below(server.url)));
    const socket = connect(port, "127.0.0.1");
    const head = "POST /dev/files/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    socket.write(`${head}5\r\nhello\r\n`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await expect.poll(() => outcome).toBe("broken");
  });
});

describe("streams", () => {
  const megabytes = 50;
  const chunk = Buffer.alloc(65_536, "x");

  test("50 MB down wait for a slow client", async () => {
    let sent = 0;
    const server = await backend((_, response) => {
      const more = () => {
        while (sent < megabytes * 2 ** 20) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const { port } = await start(targetOf(below(server.url)));
    const [response] = (await once(httpRequest({ port, path: "/dev/files/x" }).end(), "response")) as [IncomingMessage];
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent).toBeLessThan(20 * 2 ** 20);
    let bytes = 0;
    for await (const part of response) bytes += (part as Buffer).length;
    expect(bytes).toBe(megabytes * 2 ** 20);
  });

  test("50 MB up wait for a slow backend", async () => {
    let received = 0;
    const server = await backend((request, response) => {
      request.pause();
      setTimeout(() => request.resume(), 300);
      request.on("data", (part: Buffer) => (received += part.length));
      request.on("end", () => response.end("done"));
    });
    const { port } = await start(targetOf(below(server.url)));
    const upload = httpRequest({ port, path: "/dev/files/x", method: "POST" });
    const source = new PassThrough();
    let written = 0;
    const feed = () => {
      while (written < megabytes * 2 ** 20) {
        written += chunk.length;
        if (!source.write(chunk)) {
          source.once("drain", feed);
          return;
        }
      }
      source.end();
    };
    source.pipe(upload);
    feed();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(written).toBeLessThan(20 * 2 ** 20);
    const [response] = (await once(upload, "response")) as [IncomingMessage];
    response.resume();
    await once(response, "end");
    expect(received).toBe(megabytes * 2 ** 20);
  });

  test("connections are kept and bounded by what is needed", async () => {
    const server = await backend(echo);
    const { gateway } = await start(targetOf(below(server.url)));
    for (let at = 0; at < 20; at++) await gateway.inject({ path: "/dev/files/x" });
    // The client takes a connection up again one turn of the event loop after its last answer.
    expect(server.accepted()).toBeLessThanOrEqual(2);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => gateway.inject({ path: `/dev/files/${at}` })),
    );
    const urls = answers.map(({ body }) => (JSON.parse(body.toString()) as Seen).url);
    expect(urls).toEqual(urls.map((_, at) => `/base/${at}`));
  });

  test("a swap lets requests under way finish", async () => {
    let finish: (() => void) | undefined;
    const server = await backend((_, response) => (finish = () => void response.end("late")));
    const { gateway } = await start(targetOf(below(server.url)));
    const answer = gateway.inject({ path: "/dev/files/x" });
    await expect.poll(() => finish, { timeout: 10_000 }).toBeDefined();
    gateway.swap(gateway.live.program);
    finish?.();
    expect((await answer).body.toString()).toBe("late");
  });
});

test("a head that cannot be sent, told of before its body, is a failure of that request alone", async () => {
  const server = await rawBackend((socket) => {
    socket.on("data", () => socket.write("HTTP/1.1 777 Odd\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"));
  });
  const gateway = testGateway(programOf([filesRoute(targetOf(`${server.url}/`))]));
  opened.push(gateway);
  const { port } = await gateway.listen();
  const answer = await fetch(`http://127.0.0.1:${port}/dev/files/a`);
  expect(answer.status).toBe(500);
});
