import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { OutputFile } from "../../src/model/output.js";
import { root } from "../support/paths.js";

// Threads run JavaScript: what is tried here is what was compiled.
const compiled = <T>(path: string) => import(join(root, "dist", path)) as Promise<T>;
const { GeneratorThread } = await compiled<typeof import("../../src/threads/generator-thread.js")>(
  "src/threads/generator-thread.js",
);
const { build } = await compiled<typeof import("../../src/build.js")>("src/build.js");
const { outputs } = await compiled<typeof import("../../generators/index.js")>("generators/index.js");
const { SourceFile } = await compiled<typeof import("../../src/source.js")>("src/source.js");
const { GatewayBundler } =
  await compiled<typeof import("../../generators/gateway/bundle.js")>("generators/gateway/bundle.js");

const folder = mkdtempSync(join(tmpdir(), "gateway-thread-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = `gateway: large
models: |
${lines((at) => `  /** Thing number ${at}. */ interface Thing${at} { id: uuid; note?: string | null; kind: "a" | "b"; rest: [string, integer] }`)}
sdk: { languages: [typescript, python, go, java] }
routes:
${lines((at) => `  GET /things${at}/{id}: { lambda: get${at}, params: { id: uuid }, responses: { 200: "Thing${at} | null", 404: '{ message: string }' } }`)}
`;

function lines(line: (at: number) => string): string {
  return Array.from({ length: 120 }, (_, at) => line(at)).join("\n");
}

async function outputsOf(
  use: (thread: import("../../src/threads/generator-thread.js").GeneratorThread) => Promise<unknown> | undefined,
) {
  const source = new SourceFile("gateway.yaml", text);
  const place = { projectDir: folder, outDir: join(folder, "build") };
  const thread = GeneratorThread.start(outputs, text.length);
  await (thread && use(thread));
  const bundler = new GatewayBundler(place);
  const { files } = await build({ source, outputs, ...place, thread, bundler: async () => bundler }).finally(() =>
    Promise.all([bundler.close(), thread?.close()]),
  );
  const made = thread ? await Promise.all(thread.names.map((name) => thread.filesOf(name))) : [];
  return { files: new Map(files.map(({ path, content }: OutputFile) => [path, String(content)])), made };
}

async function outputsOfOneThread(): Promise<ReadonlyMap<string, string>> {
  const source = new SourceFile("gateway.yaml", text);
  const place = { projectDir: folder, outDir: join(folder, "build") };
  const bundler = new GatewayBundler(place);
  const { files } = await build({ source, outputs, ...place, bundler: async () => bundler }).finally(() =>
    bundler.close(),
  );
  return new Map(files.map(({ path, content }: OutputFile) => [path, String(content)]));
}

describe.skipIf(availableParallelism() < 2)("a large file", async () => {
  const expected = await outputsOfOneThread();
  expect(expected.size).toBeGreaterThan(100);

  test("is built in two threads to the same bytes as in one", async () => {
    const { files, made } = await outputsOf(() => undefined);
    expect([...files.keys()]).toEqual([...expected.keys()]);
    for (const [path, content] of expected) expect(files.get(path) === content, path).toBe(true);
    expect(made.map((each) => (each?.length ?? 0) > 0)).toEqual([true, true, true]);
  });

  test("is built whole though the thread died", async () => {
    const { files, made } = await outputsOf((thread) => thread.close());
    expect(made).toEqual([undefined, undefined, undefined]);
    for (const [path, content] of expected) expect(files.get(path) === content, path).toBe(true);
  });
});

test.each([
  ["a small file", outputs, 1_000],
  ["outputs that are all made in the thread", outputs.filter(({ name }) => name === "docs"), 50_000],
  ["outputs of which none is", outputs.filter(({ name }) => name === "openapi"), 50_000],
])("%s: no thread", (_, wanted, bytes) => {
  expect(GeneratorThread.start(wanted, bytes)).toBeUndefined();
});
