import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFixture } from "../../support/build-fixture.js";
import { root } from "../../support/paths.js";

/** The handlers of fixtures/chat, called as its author's tests would. */
const folder = mkdtempSync(join(tmpdir(), "gateway-socket-testing-"));
type Call = (given?: object) => Promise<{ status: number; reply: unknown }>;
let calls: Readonly<Record<"connect" | "join" | "quit" | "disconnect", Call>>;

beforeAll(async () => {
  cpSync(join(root, "fixtures/chat"), folder, {
    recursive: true,
    filter: (path) => !/\/(?:build|golden)$/.test(path),
  });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  await buildFixture(folder);
  const names = ["connect", "join", "quit", "disconnect"];
  const kinds = ["Request", "Message", "Message", "End"];
  const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  const program = names.map(
    (name, at) => `import { handler as ${name} } from "./handlers/${name}.js";
import { call${upper(name)}${kinds[at]} as call${at} } from "./build/handlers/socket-testing.js";\n`,
  );
  const table = names.map((name, at) => `${name}: (given) => call${at}(${name}, given)`);
  writeFileSync(join(folder, "all.ts"), `${program.join("")}export const calls = { ${table.join(", ")} };`);
  const outfile = join(folder, "all.mjs");
  await build({ entryPoints: [join(folder, "all.ts")], bundle: true, format: "esm", platform: "node", outfile });
  ({ calls } = await import(pathToFileURL(outfile).href));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a valid event of each route, parts of it given, and the reply parsed", async () => {
  expect(await calls.connect({ connectionId: "ann=", auth: { principalId: "Ann", name: "Ann" } })).toMatchObject({
    status: 200,
    reply: undefined,
  });
  const joined = await calls.join({ connectionId: "ann=", body: { action: "join", room: "lobby" } });
  expect(joined).toMatchObject({ status: 200, reply: { room: "lobby", members: [{ id: "ann=", name: "Ann" }] } });
  expect(await calls.quit({ connectionId: "ann=", body: { action: "quit", room: "lobby" } })).toMatchObject({
    reply: { room: "lobby" },
  });
  expect(await calls.disconnect({ connectionId: "ann=", code: 1001 })).toMatchObject({ status: 200, reply: undefined });
  // The sample alone is valid: its member of authorization too.
  expect((await calls.join()).status).toBe(200);
});
