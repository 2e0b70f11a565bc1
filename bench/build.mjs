// `gateway build` of 10, 100, 1,000 and 5,000 routes: time and memory, each in a process of its own, and how they grow.
// Run: npm run bench -- build [SIZE...]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { sampleGateway } from "./support/sample-gateway.mjs";

const asked = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [10, 100, 1000, 5000];
const rows = [];

for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-bench-"));
  writeFileSync(join(folder, "gateway.yaml"), sampleGateway(size));
  const checked = measure(folder, ["check"]);
  const first = measure(folder, ["build"]);
  const second = measure(folder, ["build"]);
  rows.push({ size, check: checked, first, second });
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  "| routes | check ms | build ms (first) | build ms (again) | ms a route | peak MB |\n|---|---|---|---|---|---|",
);
for (const { size, check, first, second } of rows) {
  console.log(
    `| ${size} | ${check.ms} | ${first.ms} | ${second.ms} | ${(second.ms / size).toFixed(2)} | ${Math.round(second.peakKb / 1024)} |`,
  );
}

/** Runs one command three times and keeps the median; peak memory as the kernel counted it. */
function measure(cwd, args) {
  const runs = [];
  for (let at = 0; at < 3; at++) {
    const started = performance.now();
    const code = `process.argv.splice(1, 0, "gateway"); const { run } = await import(${JSON.stringify(`file://${fileURLToPath(new URL("../dist/src/cli/main.js", import.meta.url))}`)});
process.exitCode = await run(${JSON.stringify(args)}); console.error("PEAK " + process.resourceUsage().maxRSS);`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`gateway ${args.join(" ")} ended with ${status}:\n${stderr.slice(0, 4000)}`);
    runs.push({ ms: Math.round(performance.now() - started), peakKb: Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? 0) });
  }
  return runs.sort((a, b) => a.ms - b.ms)[1];
}
