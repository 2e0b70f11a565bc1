import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
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

test("bundled for a browser it needs nothing but what the web has", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createClient, getOrder, pay, sigv4, files } from "./index.js";
        const iam = sigv4({ region: "eu-west-1", credentials: { accessKeyId: "a", secretAccessKey: "s" } });
        const client = createClient({ baseUrl, auth: { iam } });
        answer = Promise.all([getOrder(client, { id: "7" }), pay(client, { id: "7", body: { kind: "card", last4: "1" } }),
          files(client, { method: "POST", path: "a", body: "text" })]);`,
      resolveDir: sdk.folder,
    },
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: ["chrome110", "safari16", "firefox110"],
    logLevel: "error",
  });
  const {
    AbortController,
    Blob,
    FormData,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextEncoder,
    URL,
    URLSearchParams,
    clearTimeout,
    crypto,
    fetch,
    setTimeout,
  } = globalThis;
  const web = {
    AbortController,
    Blob,
    FormData,
    Headers,
    ReadableStream,
    Request,
    Response,
    TextEncoder,
    URL,
    URLSearchParams,
    clearTimeout,
    crypto,
    fetch,
    setTimeout,
  };
  const sandbox: Record<string, unknown> = { ...web, baseUrl: server.url, answer: undefined };
  runInContext(outputFiles[0]?.text ?? "", createContext(sandbox));
  expect(await sandbox["answer"]).toEqual([{ id: "7" }, { id: "7" }, { id: "7" }]);
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
