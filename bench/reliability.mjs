// The reliability figures at full size (docs/reliability.md): npm run bench -- reliability [NAME]... [--short] [size=number]...
// Each prints what it has found and whether that is as it should be; the exit code is 1 where something is not.
import process from "node:process";
import { deploy } from "./reliability/deploy.mjs";
import { kills } from "./reliability/kills.mjs";
import { nodes } from "./reliability/nodes.mjs";
import { overload } from "./reliability/overload.mjs";
import { resets } from "./reliability/resets.mjs";
import { shutdown } from "./reliability/shutdown.mjs";
import { slow } from "./reliability/slow.mjs";
import { soak } from "./reliability/soak.mjs";
import { Verdict } from "./reliability/verdict.mjs";

const all = { kills, deploy, shutdown, nodes, slow, overload, resets, soak };
const args = process.argv.slice(2);
const isShort = args.includes("--short");
const names = args.filter((arg) => /^[a-z]+$/.test(arg));
const given = Object.fromEntries(args.filter((arg) => arg.includes("=")).map((arg) => arg.split("=")));
const unknown = names.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`no such figure: ${unknown.join(", ")}; there are ${Object.keys(all).join(", ")}`);
  process.exit(2);
}

const sizeNames = new Set(Object.values(all).flatMap(({ sizes }) => Object.keys(sizes)));
const wrong = args.find((arg) => !/^[a-z]+$/.test(arg) && arg !== "--short" && !isSize(arg));
if (wrong !== undefined) {
  console.error(`${wrong} is neither a figure, nor --short, nor size=number; sizes are ${[...sizeNames].join(", ")}`);
  process.exit(2);
}

let isGood = true;
for (const name of names.length > 0 ? names : Object.keys(all)) {
  const { about, sizes, short, run } = all[name];
  const wanted = isShort ? short : sizes;
  const size = Object.fromEntries(
    Object.entries(wanted).map(([what, number]) => [what, Number(given[what] ?? number)]),
  );
  const said = Object.entries(size).map(([what, number]) => `${what}=${number}`);
  console.log(`\n${name}: ${about} (${said.join(" ")})`);
  const verdict = new Verdict({ isShort });
  const begin = performance.now();
  await run(size, verdict);
  console.log(`     ${Math.round((performance.now() - begin) / 1000)} s`);
  isGood &&= verdict.isGood;
}
process.exit(isGood ? 0 : 1);

function isSize(arg) {
  const [, name] = /^(\w+)=\d+(?:\.\d+)?$/.exec(arg) ?? [];
  return name !== undefined && sizeNames.has(name);
}
