import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { richShop } from "./rich-shop.js";
import { type WrittenSdk, writeSdk } from "./sdk.js";
import { json, startServer, type TestServer } from "./server.js";
import { shop } from "./shop.js";

let sdk: WrittenSdk;
let server: TestServer;
beforeAll(async () => {
  sdk = await writeSdk(shop());
  server = await startServer();
  server.answer = json(200, { id: "7" });
});
afterAll(async () => {
  sdk.remove();
  await server.close();
});

test("declarations promise what the modules export, no more and no less", async () => {
  const program = ts.createProgram([join(sdk.folder, "index.d.ts")], {
    module: ts.ModuleKind.NodeNext,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(sdk.folder, "index.d.ts"));
  const exported = file ? checker.getExportsOfModule(checker.getSymbolAtLocation(file) as ts.Symbol) : [];
  const values = exported.filter((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return (target.flags & ts.SymbolFlags.Value) !== 0;
  });
  expect(values.map(({ name }) => name).sort()).toEqual(Object.keys(await sdk.load<object>()).sort());
});

/** What browsers, Workers, Deno and Bun have alike; no `process`, `Buffer`, `require`, `self` or DOM. */
function webPlatform(): Record<string, unknown> {
  const { AbortController, AbortSignal, Blob, DOMException, FormData, Headers, ReadableStream, Request, Response } =
    globalThis;
  const { TextDecoder, TextEncoder, TransformStream, URL, URLSearchParams, clearTimeout, crypto, fetch, setTimeout } =
    globalThis;
  return {
    AbortController,
    AbortSignal,
    Blob,
    DOMException,
    FormData,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextDecoder,
    TextEncoder,
    TransformStream,
    URL,
    URLSearchParams,
    clearTimeout,
    crypto,
    fetch,
    setTimeout,
  };
}

/** Runs a program that is bundled with the SDK where nothing but the web's own is there; it sets `answer`. */
async function onTheWeb(folder: string, program: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: folder },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: ["chrome110", "safari16", "firefox110"],
    logLevel: "error",
  });
  const sandbox: Record<string, unknown> = { ...webPlatform(), baseUrl: server.url, answer: undefined };
  runInContext(outputFiles[0]?.text ?? "", createContext(sandbox));
  return await sandbox["answer"];
}

test("bundled for a browser it needs nothing but what the web has", async () => {
  const program = `import { createClient, getOrder, pay, sigv4, files } from "./index.js";
    const iam = sigv4({ region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "s" } });
    const client = createClient({ baseUrl, auth: { iam } });
    answer = Promise.all([getOrder(client, { id: "7" }), pay(client, { id: "7", body: { kind: "card", last4: "1" } }),
      files(client, { method: "POST", path: "a", body: "text" })]);`;
  expect(await onTheWeb(sdk.folder, program)).toEqual([{ id: "7" }, { id: "7" }, { id: "7" }]);
});

describe("the package with everything", () => {
  let rich: WrittenSdk;
  let user: string;
  beforeAll(async () => {
    rich = await writeSdk(richShop());
    user = mkdtempSync(join(tmpdir(), "gateway-sdk-user-"));
    mkdirSync(join(user, "node_modules/@lantern"), { recursive: true });
    symlinkSync(rich.folder, join(user, "node_modules/@lantern/shop"));
  });
  afterAll(() => {
    rich.remove();
    rmSync(user, { recursive: true, force: true });
  });

  test("retries, time limits, pages, keys, streams, progress and signatures need nothing of Node", async () => {
    let calls = 0;
    server.answer = (request, response, count) => {
      calls++;
      if (request.url.startsWith("/log")) {
        if (calls === 1) return json(503, {})(request, response, count);
        return json(
          200,
          request.url.includes("from=") ? ["b"] : ["a"],
          request.url.includes("from=") ? {} : { "X-Next": "n" },
        )(request, response, count);
      }
      return json(200, { id: "7" })(request, response, count);
    };
    const program = `import { ApiError, cognito, createClient, downloadProgress, files, getInvoiceStream, getOrder, listLogItems, charge, pay, sigv4, sigv4Url, TransportError } from "@lantern/shop";
      import { validator } from "@lantern/shop/validator";
      import { createApi } from "@lantern/shop/api";
      const credentials = { accessKeyId: "AKID", secretAccessKey: "s", sessionToken: "t" };
      const iam = sigv4({ region: "eu-west-1", credentials, now: () => 0 });
      const client = createClient({ baseUrl, auth: { iam }, validator, retryDelayMs: 1, hooks: [{ request: (r) => { headers = [...r.headers.keys()]; } }] });
      let headers, bytes = 0;
      answer = (async () => {
        const items = [];
        for await (const item of listLogItems(client, {})) items.push(item);
        await pay(client, { id: "7", body: { kind: "card", last4: "1234" } });
        await files(client, { method: "POST", path: "a/b c", body: "text" });
        await charge(client, { body: { sku: "a", quantity: 1 } });
        const keyed = headers.includes("idempotency-key");
        const stream = await getInvoiceStream(client, { id: "1" }, { middleware: [downloadProgress((progress) => { bytes = progress.transferred; })] });
        const reader = stream.getReader();
        while (!(await reader.read()).done);
        const refused = await getOrder(client, { id: ".." }).then(() => false, (error) => !(error instanceof ApiError));
        const late = await getOrder(createClient({ baseUrl: baseUrl + "/slow", timeoutMs: 20, retries: 0, fetch: () => new Promise(() => {}) }), { id: "1" }).catch((error) => error instanceof TransportError && error.kind);
        const url = await sigv4Url({ region: "eu-west-1", credentials, now: () => 0 })("wss://live.example.com/v1");
        return { items, keyed, bytes, refused, late, presigned: url.searchParams.get("X-Amz-Signature").length,
          made: typeof createApi({ baseUrl }).getOrder, cognito: typeof cognito({ region: "r", clientId: "c" }) };
      })();`;
    expect(await onTheWeb(user, program)).toEqual({
      items: ["a", "b"],
      keyed: true,
      bytes: 10,
      refused: true,
      late: "timeout",
      presigned: 64,
      made: "function",
      cognito: "function",
    });
    const signed = server.seen.filter(({ headers }) =>
      headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential=AKID/19700101/"),
    );
    expect(signed.map(({ headers }) => headers["x-amz-security-token"])).toEqual(["t"]);
  });

  test("every entry of its exports is found, with its types, by each way of resolving modules", {
    timeout: 120_000,
  }, () => {
    const { exports } = JSON.parse(readFileSync(join(rich.folder, "package.json"), "utf8"));
    const entries = Object.keys(exports).filter((entry) => entry !== "./package.json");
    expect(entries).toEqual([".", "./api", "./testing", "./validator"]);
    const imports = entries.map((entry, at) => `import * as m${at} from "${entry.replace(".", "@lantern/shop")}";`);
    const uses = `export const name: string = m0.createClient({ ...m2.mockTransport().options, validator: m3.validator }).baseUrl;
export const made: Promise<m0.Order> = m1.createApi().getOrder({ id: "7" });
export const order: Promise<m0.Order> = m0.getOrder(m0.createClient(), { id: "7" });
// @ts-expect-error it has no such member
m0.nothing;
`;
    for (const name of ["app.mts", "app.cts", "app.ts"])
      writeFileSync(join(user, name), `${imports.join("\n")}\n${uses}`);
    const { Bundler, Node16, NodeNext } = ts.ModuleResolutionKind;
    const ways = [
      ["node16, ES modules", "app.mts", ts.ModuleKind.Node16, Node16],
      ["node16, CommonJS", "app.cts", ts.ModuleKind.Node16, Node16],
      ["nodenext, ES modules", "app.mts", ts.ModuleKind.NodeNext, NodeNext],
      ["nodenext, CommonJS", "app.cts", ts.ModuleKind.NodeNext, NodeNext],
      ["bundler", "app.ts", ts.ModuleKind.ESNext, Bundler],
    ] as const;
    for (const [way, file, module, moduleResolution] of ways) {
      const program = ts.createProgram([join(user, file)], {
        target: ts.ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
        module,
        moduleResolution,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: [],
      });
      const told = ts.getPreEmitDiagnostics(program);
      expect([way, ...told.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))]).toEqual([way]);
    }
  });
});

test("a plain Node program imports it from where it lies, and a CommonJS one requires it", () => {
  const run = (...args: string[]) =>
    execFileSync(process.execPath, ["--no-warnings", ...args], { cwd: sdk.folder, encoding: "utf8" }).trim();
  expect(
    run("--input-type=module", "-e", 'import { createClient } from "./index.js"; console.log(createClient().baseUrl)'),
  ).toBe("http://127.0.0.1:8080/dev");
  expect(run("-e", 'console.log(require("./index.js").createClient({ stage: "prod" }).baseUrl)')).toBe(
    "https://api.example.com/v1",
  );
});
