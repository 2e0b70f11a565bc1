// SDKs in the languages that have compilers of their own: time to generate, size, time to compile. Each in a process of its own; the best of
// the rounds, as time on the wall / of the processors, which says more where others work as well. Run: npm run bench -- sdk-compiled [ROUTES]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gatewayOf } from "./support/many-routes.mjs";

const rounds = 3;
const routes = Number(process.argv[2] ?? 1000);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gateway-bench-sdk-compiled-"));
const environment = { ...process.env, GOPROXY: "off", GOFLAGS: "-mod=mod", GOTOOLCHAIN: "local" };

const languages = [
  { name: "go", setting: "go: example.com/bench", steps: goSteps },
  { name: "java", setting: "java: com.example.bench", steps: javaSteps },
];

console.log(
  `${routes} routes\n\n| SDK | generate ms | files | KB made | compile ms | again ms | check ms |\n|---|---|---|---|---|---|---|`,
);
for (const { name, setting, steps } of languages) {
  const project = join(folder, name);
  mkdirSync(project);
  const text = gatewayOf(routes).replace("\n", `\nsdk: { languages: ${name}, ${setting} }\n`);
  writeFileSync(join(project, "gateway.yaml"), text);
  const generated = best(() => {
    rmSync(join(project, "build"), { recursive: true, force: true });
    return run(process.execPath, [join(root, "bin/gateway.js"), "build", "--only", "sdk", "gateway.yaml"], project);
  });
  const files = readdirSync(join(project, "build/sdk", name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const kilobytes = Math.round(files.reduce((sum, path) => sum + readFileSync(path).length, 0) / 1024);
  const [compile, again, check] = steps(join(project, "build/sdk", name), files);
  console.log(`| ${name} | ${generated} | ${files.length} | ${kilobytes} | ${compile} | ${again} | ${check} |`);
}
rmSync(folder, { recursive: true, force: true });

/** A build of the package, of which something has changed; one of which nothing has; go vet. */
function goSteps(project) {
  run("go", ["build", "./..."], project);
  const change = () => writeFileSync(join(project, "bench.go"), `package bench\n\nconst bench = ${Math.random()}\n`);
  const compile = best(() => {
    change();
    return run("go", ["build", "./..."], project);
  });
  const again = best(() => run("go", ["build", "./..."], project));
  const check = best(() => {
    change();
    return run("go", ["vet", "./..."], project);
  });
  return [compile, again, check];
}

/** javac of all files; Java has no check but that, here with all warnings as errors. */
function javaSteps(project, files) {
  const sources = join(project, "sources.txt");
  writeFileSync(sources, files.filter((path) => path.endsWith(".java")).join("\n"));
  const javac = (...more) =>
    run(
      "javac",
      ["--release", "17", "-encoding", "UTF-8", "-d", join(project, "out"), ...more, `@${sources}`],
      project,
    );
  return [best(() => javac()), "–", best(() => javac("-Xlint:all", "-Werror"))];
}

/** @returns milliseconds on the wall and of the processors, as bash takes them of the process and its children */
function run(command, args, cwd) {
  const timed = ["-c", 'TIMEFORMAT="%R %U %S"; time "$@"', "bash", command, ...args];
  const { status, error, stdout, stderr } = spawnSync("bash", timed, { cwd, env: environment, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status ?? error}:\n${stdout}${stderr}`);
  const [real, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return [Math.round(real * 1000), Math.round((user + system) * 1000)];
}

/** The round that took the processors least. */
function best(measure) {
  const [least] = Array.from({ length: rounds }, measure).sort((a, b) => a[1] - b[1]);
  return least.join(" / ");
}
