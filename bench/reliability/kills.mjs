// `gateway build` killed at any moment (figure 13): each file is the one of before or the one of after, what the user has
// written is untouched, and the next build brings all to one state.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sampleGateway } from "../support/sample-gateway.mjs";

const binary = fileURLToPath(new URL("../../bin/gateway.js", import.meta.url));
const versions = ["one", "two"];

export const kills = { about: "kill -9 of gateway build", sizes: { kills: 200 }, short: { kills: 6 }, run };

async function run({ kills: wanted }, verdict) {
  const folder = mkdtempSync(join(tmpdir(), "gateway-kills-"));
  const yaml = Object.fromEntries(versions.map((version, at) => [version, yamlOf(at)]));
  const clean = {};
  let buildMs = 0;
  const project = join(folder, "killed");
  write(project, yaml.one);
  build(project);
  const own = join(project, "handlers/list0.ts");
  const ownText = `${readFileSync(own, "utf8")}// of the user\n`;
  writeFileSync(own, ownText);
  for (const version of versions) {
    write(project, yaml[version]);
    const begin = performance.now();
    build(project);
    buildMs = performance.now() - begin;
    clean[version] = filesOf(join(project, "build"));
  }

  const [torn, lost] = [[], []];
  const outcomes = { before: 0, after: 0, between: 0, complete: 0 };
  let current = versions[1];
  for (let kill = 0; kill < wanted; kill++) {
    const next = versions[kill % 2];
    write(project, yaml[next]);
    const child = spawn(process.execPath, [binary, "build"], { cwd: project, stdio: "ignore" });
    const gone = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
    // Every other one dies while files are written, the others at any moment.
    if (kill % 2 === 0) await Promise.race([writing(project), gone]);
    await Promise.race([wait(Math.random() * (kill % 2 === 0 ? 150 : buildMs * 1.05)), gone]);
    child.kill("SIGKILL");
    const signal = await gone;
    if (signal !== "SIGKILL") outcomes.complete++;
    const found = filesOf(join(project, "build"));
    const states = new Set();
    for (const [path, hash] of found) {
      if (isTemporary(path)) continue;
      const state = versions.filter((version) => clean[version].get(path) === hash);
      if (state.length === 0 && path !== "gateway.lock.json") torn.push(`${path} after kill ${kill}`);
      if (state.length === 1) states.add(state[0]);
    }
    for (const path of clean.one.keys()) {
      if (clean.two.has(path) && !found.has(path)) lost.push(`${path} after kill ${kill}`);
    }
    if (states.size > 1) outcomes.between++;
    else if (states.has(next)) outcomes.after++;
    else outcomes.before++;
    current = next;
    if (readFileSync(own, "utf8") !== ownText) lost.push(`handlers/list0.ts after kill ${kill}`);
    // Now and then the next build runs to its end: whatever was left is repaired.
    if (kill % 10 !== 9 && kill !== wanted - 1) continue;
    build(project);
    const repaired = filesOf(join(project, "build"));
    const wrong = [...new Set([...repaired.keys(), ...clean[next].keys()])].filter(
      (path) => repaired.get(path) !== clean[next].get(path),
    );
    if (wrong.length > 0) lost.push(`not repaired after kill ${kill}: ${wrong.slice(0, 3).join(", ")}`);
  }
  verdict.note(
    `${wanted} builds of ${Math.round(buildMs)} ms: ${outcomes.before} left the old files, ${outcomes.between} some old and some new, ${outcomes.after} the new ones; ${outcomes.complete} had ended by themselves`,
  );
  verdict.exact(
    torn.length === 0,
    `${torn.length} files that are neither old nor new ${torn.slice(0, 3).join(", ")}`.trim(),
  );
  verdict.exact(
    lost.length === 0,
    `${lost.length} files lost, changed or not repaired ${lost.slice(0, 3).join(", ")}`.trim(),
  );
  build(project, "--check");
  verdict.exact(true, `at the end \`gateway build --check\` finds all as ${current} makes it`);
  rmSync(folder, { recursive: true, force: true });
}

function yamlOf(at) {
  const extra = at === 0 ? "" : "  GET /extra: { mock: { of: two } }\n";
  return `${sampleGateway(20).replace("version: 1.0.0", `version: 1.${at}.0`)}${extra}`;
}

function write(project, yaml) {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, "gateway.yaml"), yaml);
}

function build(project, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, "build", ...args], {
    cwd: project,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

/** Paths below a folder, with the hash of what is there. */
function filesOf(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

/** A file that is being written, and is not in place yet. */
function isTemporary(path) {
  return path.includes(".gateway-tmp-");
}

/** Resolves when the first temporary file is there. */
async function writing(project) {
  for (;;) {
    const names = readdirSync(join(project, "build"), { recursive: true });
    if (names.some(isTemporary)) return;
    await wait(2);
  }
}
