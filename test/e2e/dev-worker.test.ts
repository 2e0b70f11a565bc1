import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import type { FromServer } from "../../src/dev/messages.js";
import { root } from "../support/paths.js";

const folder = mkdtempSync(join(tmpdir(), "gateway-dev-worker-"));
let worker: ChildProcess | undefined;

afterEach(() => {
  worker?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A file that exports a Program whose one route answers with a number. */
function programFile(number: number): string {
  const runtime = (path: string) => pathToFileURL(join(root, "dist/runtime", path)).href;
  const support = pathToFileURL(join(root, "dist/scripts/conformance/program.js")).href;
  const file = join(folder, `program-${number}.mjs`);
  const answer = JSON.stringify({ status: 200, headers: ["Content-Type", "text/plain"], body: String(number) });
  writeFileSync(
    file,
    `import { testProgram, testRoute } from ${JSON.stringify(support)};\n` +
      `import { mock } from ${JSON.stringify(runtime("integrations/mock.js"))};\n` +
      `export const program = testProgram([testRoute("GET /number", mock, { mock: ${answer} })]);\n`,
  );
  return file;
}

test("builds that come while the port is being opened wait for it, and the last one is served on it", async () => {
  const told: FromServer[] = [];
  worker = fork(join(root, "dist/src/dev/dev-worker.js"), ["127.0.0.1", "0"]);
  worker.on("message", (message: FromServer) => told.push(message));
  await vi.waitFor(() => expect(told).toContainEqual({ kind: "ready" }), 10_000);
  for (const number of [1, 2, 3]) worker.send({ kind: "load", module: programFile(number), number });
  await vi.waitFor(() => expect(told).toContainEqual(expect.objectContaining({ number: 3 })), 10_000);
  const listening = told.filter(({ kind }) => kind === "listening");
  expect(listening).toHaveLength(1);
  const { url } = listening[0] as Extract<FromServer, { kind: "listening" }>;
  expect(await (await fetch(`${url}/dev/number`)).text()).toBe("3");
});
