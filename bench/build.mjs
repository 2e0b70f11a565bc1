// `gateway build` of 10, 100, 1,000 and 5,000 routes: time and memory, each in a process of its own, and how they grow.
// Run: npm run bench -- build [SIZE...]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const asked = process.argv.slice(2).map(Number);
const sizes = asked.length > 0 ? asked : [10, 100, 1000, 5000];
const rows = [];

for (const size of sizes) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-bench-"));
  writeFileSync(join(folder, "gateway.yaml"), gatewayOf(size));
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

/** A gateway as teams have them: one resource in ten routes, lambdas, a proxy and a mock among them. */
function gatewayOf(routes) {
  const lines = [
    "gateway: bench",
    "version: 1.0.0",
    "models: |",
    "  interface Problem { message: string }",
    '  type Status = "pending" | "paid" | "shipped"',
    "  interface Item { sku: string; /** @minimum 1 */ quantity: integer; price: number }",
  ];
  const resources = Math.ceil(routes / 5);
  for (let at = 0; at < resources; at++) {
    lines.push(`  interface New${at} { /** @minItems 1 */ items: Item[]; note?: string }`);
    lines.push(
      `  interface Thing${at} extends New${at} { id: uuid; status: Status; total: number; createdAt: datetime }`,
    );
  }
  lines.push("routes:");
  let left = routes;
  const add = (...text) => {
    if (left-- > 0) lines.push(...text);
  };
  for (let at = 0; at < resources; at++) {
    add(
      `  GET /things${at}:`,
      "    query: { status?: Status, limit?: integer }",
      `    lambda: list${at}`,
      `    responses: { 200: "Thing${at}[]", 400: Problem }`,
    );
    add(
      `  POST /things${at}:`,
      `    body: New${at}`,
      `    lambda: create${at}`,
      `    responses: { 201: Thing${at}, 400: Problem }`,
    );
    add(
      `  GET /things${at}/{id}:`,
      "    params: { id: uuid }",
      `    lambda: get${at}`,
      `    responses: { 200: Thing${at}, 404: Problem }`,
    );
    add(`  GET /things${at}/{id}/files/{path+}:`, '    http: "http://127.0.0.1:9000/{path}"');
    add(`  GET /things${at}/{id}/health: { mock: { status: ok } }`);
  }
  return `${lines.join("\n")}\n`;
}
