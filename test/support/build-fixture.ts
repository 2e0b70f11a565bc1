import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { GatewayBundler } from "../../generators/gateway/bundle.js";
import { outputs } from "../../generators/index.js";
import { build } from "../../src/build.js";
import { renderText } from "../../src/diagnostics/render.js";
import { SourceFile } from "../../src/source.js";
import { writeOutputs } from "../../src/write/write-outputs.js";

/** Builds a gateway.yaml in place, as `gateway build` does, and yields the path of the bundle. */
export async function buildFixture(folder: string): Promise<string> {
  const target = { projectDir: folder, outDir: resolve(folder, "build") };
  const source = new SourceFile("gateway.yaml", readFileSync(join(folder, "gateway.yaml"), "utf8"));
  const bundler = new GatewayBundler(target);
  const result = await build({ source, outputs, ...target, bundler: async () => bundler }).finally(() =>
    bundler.close(),
  );
  if (result.files.length === 0) {
    const problems = result.problems.map((problem) => `${problem.file}:${problem.line} ${problem.message}`).join("\n");
    throw new Error(
      `${folder} does not build:\n${renderText(source, result.diagnostics, { color: false })}${problems}`,
    );
  }
  writeOutputs(result.files, { ...target, durable: false });
  return join(target.outDir, "gateway/gateway.mjs");
}
