import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sdk } from "../../../generators/sdk.js";
import { go, goEnvironment, isWithoutGo } from "../../generators/sdk-go/go.js";
import { isWithoutJava } from "../../generators/sdk-java/java.js";
import { isSkipped, python } from "../../generators/sdk-python/python.js";
import { modelOf } from "../../support/diagnose.js";
import { root } from "../../support/paths.js";
import { pdf, startWireServer, type WireServer } from "./server.js";

const gateway = `gateway: wire
version: 1.2.3
sdk: { typescript: wire, python: wire, go: wire, java: wire }
binaryMediaTypes: [application/pdf, multipart/form-data]
authorizers: { tokens: { lambda: check, type: token } }
plans: { all: { throttle: { rate: 1, burst: 1 } } }
keys: { one: { plan: all } }
models: |
  interface Problem { code: string; message: string }
  interface Seen { method: string; url: string; headers: Record<string, string>; body: string }
routes:
  GET /orders/{id}:
    operation: getOrder
    auth: tokens
    apiKey: true
    query: { tags?: "string[]" }
    headers: { X-Tags?: "string[]" }
    lambda: any
    responses: { 200: Seen, 404: Problem }
  POST /orders: { operation: addOrder, body: "{ name: string; extra?: unknown; note?: string | null }", lambda: any, responses: { 201: Seen } }
  GET /open: { operation: open, lambda: any, responses: { 200: Seen } }
  GET /pdf: { operation: getPdf, lambda: any, responses: { 200: { body: binary, mediaType: application/pdf } } }
  GET /report:
    operation: getReport
    lambda: any
    responses: { 200: { body: Problem, alternatives: { text/csv: string, application/pdf: binary, application/vnd.list+json: "Problem[]" } } }
  POST /upload:
    operation: upload
    validate: none
    body: { type: "{ title: string; file: binary; tags?: string[] }", mediaTypes: multipart/form-data }
    lambda: any
    responses: { 201: Seen }
  GET /watch: { operation: watch, lambda: any, responses: { 200: { body: string, mediaType: text/event-stream }, 204: , 404: Problem } }
stages: { dev: {} }
`;

/** What every client sees. */
const html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const observed: Readonly<Record<string, string>> = {
  escaped: "/v1/orders/a%2Fb%20c%3F",
  "path ..": "refused",
  "path .": "refused",
  "path ": "refused",
  sent: "0",
  list: "/v1/orders/1?tags=a&tags=b%2Cc d, e",
  "absent and null": '{"name":"n"} {"name":"n","extra":null,"note":null}',
  credentials: "Bearer secret key",
  public: "none",
  "names itself": "true",
  html: `502 after 1: "${html}" r-2 none`,
  "html as JSON": `404 after 1: "<h1>not here</h1>" none none`,
  "declared error": "404 after 1: gone, no such order r-3 none",
  "broken JSON": "decode after 1",
  bytes: pdf.toString("hex"),
  "bytes as a stream": pdf.toString("hex"),
  "further media types": `first, id;1, ${pdf.toString("hex")}, second`,
  "empty bytes, empty text": "0, 0",
  multipart: "title=2, file=3, tags=1, tags=1",
  "a named file": 'filename="a %22ü%22.png" image/png',
  "a file that is read as it is sent": "known length, title=1, file=200000, big.bin text/x",
  "503, then 200": "/v1/orders/1",
  "Retry-After": "waited",
  throttled: "/v1/orders/1",
  quota: "429 after 1: Limit Exceeded r-1 QUOTA_EXCEEDED",
  network: "network after 3",
  "cut off": "network after 3",
  "no head in time": "timeout after 2",
  "half a body in time": "timeout after 1",
  "drop by drop": "timeout after 1",
  "no time for another": "503 after 1: busy r-1 none",
  "hung up on": "network after 1",
  asked: "1",
  "connections left": "0",
  "a stream that is cut off": "network after 1",
  "a stream that takes its time": "10",
  "the answer itself": '200 "7" r-1 1',
  events: 'moved "grüße\\n 🙂" 1, message "two" 2, message "after me" 3',
  "events that are refused": "404 after 1: gone, no such order r-3 none",
  "given up": "cancelled",
  "first event": "grüße",
  "connections left at the end": "0",
};

const folder = mkdtempSync(join(tmpdir(), "gateway-wire-"));
const run = promisify(execFile);
const here = join(root, "test/sdk/wire");

describe("every SDK against one server that does what servers do wrong", () => {
  let server: WireServer;
  beforeAll(async () => {
    const files = await sdk.generate(await modelOf(gateway), { projectDir: folder, outDir: folder });
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  });
  beforeEach(async () => {
    server = await startWireServer();
  });
  afterEach(() => server.stop());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Lines `name: what was seen`, in their order. */
  function wanted(habits: Readonly<Record<string, string>> = {}): readonly string[] {
    return Object.entries({ ...observed, ...habits }).map(([name, value]) => `${name}: ${value}`);
  }

  test("TypeScript", { timeout: 60_000 }, async () => {
    const args = [join(here, "wire.mjs"), join(folder, "typescript"), server.url];
    const { stdout } = await run(process.execPath, args, { timeout: 50_000 });
    // A stream is a ReadableStream, with its errors.
    const habits = { "a stream that is cut off": "TypeError", "given up": "aborted after 1" };
    expect(stdout.trimEnd().split("\n")).toEqual(wanted(habits));
  });

  test.each(["sync", "sync httpx", "async", "async httpx"])("Python, %s", { timeout: 60_000 }, async (mode) => {
    if (isSkipped() || python === undefined) return;
    const args = ["-X", "dev", join(here, "wire.py"), join(folder, "python/src"), server.url, mode];
    const { stdout } = await run(python, args, { timeout: 50_000 });
    expect(stdout.trimEnd().split("\n")).toEqual(wanted());
  });

  test("Go", { timeout: 120_000 }, async () => {
    if (isWithoutGo() || go === undefined) return;
    const runner = join(folder, "go-runner");
    mkdirSync(runner);
    cpSync(join(here, "main.go"), join(runner, "main.go"));
    const needs = "require wire v0.0.0\n\nreplace wire => ../go\n";
    writeFileSync(join(runner, "go.mod"), `module runner\n\ngo 1.23\n\n${needs}`);
    const { stdout } = await run(go, ["run", "-C", runner, ".", server.url], { timeout: 110_000, env: goEnvironment });
    // A stream is an io.Reader, with its errors.
    expect(stdout.trimEnd().split("\n")).toEqual(
      wanted({ "a stream that is cut off": "4 true", "given up": "canceled after 1" }),
    );
  });

  test.each(["sync", "async"])("Java, %s", { timeout: 120_000 }, async (mode) => {
    if (isWithoutJava()) return;
    const out = join(folder, "java-out");
    if (!existsSync(out)) {
      const sources = join(folder, "java/src/main/java/wire");
      cpSync(join(here, "Wire.java"), join(sources, "Wire.java"));
      const files = readdirSync(sources).map((name) => join(sources, name));
      execFileSync("javac", ["--release", "17", "-Xlint:all", "-Werror", "-encoding", "UTF-8", "-d", out, ...files]);
    }
    const args = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", out, "wire.Wire", server.url, mode];
    const { stdout } = await run("java", args, { timeout: 110_000 });
    expect(stdout.trimEnd().split("\n")).toEqual(wanted({ "a stream that is cut off": "IOException" }));
  });
});
