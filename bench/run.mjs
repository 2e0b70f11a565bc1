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
const mistake = mistakeIn(name, args);
if (mistake !== undefined) {
  console.error(mistake);
  process.exit(2);
}
if (existsSync(join(folder, "package.json")) && !existsSync(join(folder, "node_modules"))) {
  run("npm", ["ci", "--no-audit", "--no-fund"], folder);
}
run(process.execPath, ["scripts/compile.mjs"], join(folder, ".."));
run(process.execPath, [join(folder, `${name}.mjs`), ...args], process.cwd());

/** What is wrong with the arguments of a benchmark, before anything is compiled or measured. Most take up to two numbers. */
function mistakeIn(name, args) {
  if (name === "reliability") return undefined; // names and sizes, which it checks itself
  const words = name === "state" ? ["accuracy", "outage", "all"] : [];
  const most = name === "build" ? Number.POSITIVE_INFINITY : 2;
  const wrong = args.find((arg) => !/^\d+(\.\d+)?$/.test(arg) && !words.includes(arg));
  if (wrong !== undefined)
    return `${name} takes numbers${words.length > 0 ? ` and ${words.join(", ")}` : ""}, no ${wrong}`;
  return args.length > most ? `${name} takes at most ${most} arguments` : undefined;
}

function run(command, commandArgs, cwd) {
  const { status } = spawnSync(command, commandArgs, { cwd, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
