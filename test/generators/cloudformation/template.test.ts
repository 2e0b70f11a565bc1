import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { planCloudFormation } from "../../../generators/cloudformation/plan.js";
import { printJson } from "../../../generators/emit/stable-json.js";
import { modelOf } from "../../import/support.js";
import { fixtureNames, root } from "../../support/paths.js";

const linter = join(dirname(process.env["GATEWAY_PYTHON"] ?? join(root, ".cache/python/bin/python")), "cfn-lint");
const hasLinter = existsSync(linter);
if (!hasLinter && process.env["CI"]) throw new Error("cfn-lint is missing: set GATEWAY_PYTHON");

function fixture(name: string): string {
  return readFileSync(join(root, "fixtures", name, "gateway.yaml"), "utf8");
}

const right = fixtureNames().filter(
  (name) => !name.startsWith("errors") && name !== "query-errors" && name !== "yaml-traps",
);

describe("templates", () => {
  test.runIf(hasLinter)("cfn-lint has nothing to say about any of them", { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "gateway-cfn-"));
    try {
      for (const name of right)
        writeFileSync(
          join(folder, `${name}.json`),
          printJson(planCloudFormation(await modelOf(fixture(name))).template),
        );
      let told = "";
      try {
        execFileSync(
          linter,
          ["--regions", "eu-west-1", "--format", "parseable", ...right.map((name) => join(folder, `${name}.json`))],
          { encoding: "utf8" },
        );
      } catch (error) {
        told = String((error as { readonly stdout?: string }).stdout ?? error);
      }
      expect(told).toBe("");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
