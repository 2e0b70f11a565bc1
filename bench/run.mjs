// Runs one benchmark, or lists them: npm run bench -- NAME
// Peers live in a package of their own, bench/package.json, installed on first use.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs")
  .map((file) => file.slice(0, -".mjs".length));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  console.log(`benchmarks: ${names.join(", ")}\nrun one: npm run bench -- ${names[0]}`);
  process.exit(name === undefined ? 0 : 2);
}
if (existsSync(join(folder, "package.json")) && !existsSync(join(folder, "node_modules"))) {
  run("npm", ["ci", "--no-audit", "--no-fund"], folder);
}
run(process.execPath, ["scripts/compile.mjs"], join(folder, ".."));
run(process.execPath, [join(folder, `${name}.mjs`), ...args], process.cwd());

function run(command, commandArgs, cwd) {
  const { status } = spawnSync(command, commandArgs, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
