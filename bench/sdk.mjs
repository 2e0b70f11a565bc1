// SDKs of one OpenAPI document by us and by the generators that people use: time to generate, size of what an app with one call
// carries, and what tsc has to do. Each in a process of its own, in turn; the best of the rounds. Before that, what we hold ourselves to:
// time to generate 13 and 325 routes, and to import the Python package. Go and Java, which have compilers of their own: sdk-compiled.
// Run: npm run bench -- sdk [ROUTES]
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { gatewayOf } from "./support/many-routes.mjs";

const rounds = 3;
const routes = Number(process.argv[2] ?? 1000);
const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..");
const folder = mkdtempSync(join(tmpdir(), "gateway-bench-sdk-"));
symlinkSync(join(here, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');

const cli = (...args) => [process.execPath, [join(root, "bin/gateway.js"), ...args, "gateway.yaml"]];
const bin = (name) => join(here, "node_modules/.bin", name);
const document = join(folder, "build/openapi/openapi.clean.json");

const peers = [
  {
    name: "gateway (TypeScript, Python)",
    generate: () => cli("build", "--only", "sdk"),
    out: "build/sdk",
    app: 'import { createClient, list0 } from "./build/sdk/typescript/index.js";\nlist0(createClient({ stage: "dev" }), { limit: 3 }).then(console.log, console.error);',
  },
  {
    name: "@hey-api/openapi-ts",
    generate: () => [bin("openapi-ts"), ["-i", document, "-o", "hey", "-c", "@hey-api/client-fetch", "--silent"]],
    out: "hey",
    app: 'import { list0 } from "./hey/index.js";\nlist0({ baseUrl: "http://127.0.0.1:8080/dev", query: { limit: 3 } }).then(console.log, console.error);',
  },
  {
    name: "openapi-typescript, openapi-fetch",
    generate: () => [
      process.execPath,
      [join(root, "node_modules/openapi-typescript/bin/cli.js"), document, "-o", "openapi.d.ts"],
    ],
    out: "openapi.d.ts",
    app: 'import createClient from "openapi-fetch";\nimport type { paths } from "./openapi.js";\ncreateClient<paths>({ baseUrl: "http://127.0.0.1:8080/dev" }).GET("/things0", { params: { query: { limit: 3 } } }).then(console.log, console.error);',
  },
  {
    name: "oazapfts",
    generate: () => [bin("oazapfts"), [document, "oaz.ts"]],
    out: "oaz.ts",
    app: 'import { list0 } from "./oaz.js";\nlist0({ limit: 3 }).then(console.log, console.error);',
  },
];

const languages = {
  typescript: "sdk: { languages: typescript }",
  python: "sdk: { languages: python }",
  all: "sdk: { go: example.com/bench, java: com.example.bench }",
};

console.log("| what | routes | ms | CPU ms | target ms | |\n|---|---|---|---|---|---|");
for (const [count, typescript, imported] of [
  [13, 400, 120],
  [325, 1000, 200],
]) {
  const build = (language, ...args) => {
    writeGateway(count, languages[language]);
    return rounded(() => {
      rmSync(join(folder, "build"), { recursive: true, force: true });
      return timed(cli("build", ...args));
    });
  };
  target("gateway build --only sdk, TypeScript", count, build("typescript", "--only", "sdk"), typescript);
  target("the same, all four languages", count, build("all", "--only", "sdk"), 2000);
  target("gateway build: all outputs", count, build("all"));
  run(cli("build", "--only", "openapi"));
  for (const peer of peers.slice(1))
    target(
      peer.name,
      count,
      rounded(() => timed(peer.generate())),
    );
  build("python", "--only", "sdk");
  pythonImport();
  target("Python: import, client, interpreter's start included", count, rounded(pythonImport), imported);
}
console.log("");

writeGateway(routes);
run(cli("build", "--only", "openapi"));
console.log(
  `${routes} routes\n\n| generator | generate ms | KB made | one call, gzip bytes | tsc ms | instantiations |\n|---|---|---|---|---|---|`,
);
for (const peer of peers) {
  const generated = best(() => run(peer.generate()));
  const size = bytesOf(join(folder, peer.out));
  writeFileSync(join(folder, "app.ts"), peer.app);
  const bundled = await bundledBytes(peer.app);
  const { ms, instantiations } = typeCheck();
  console.log(`| ${peer.name} | ${generated} | ${Math.round(size / 1024)} | ${bundled} | ${ms} | ${instantiations} |`);
}
const [importMs, importCpu] = rounded(pythonImport);
console.log(`\nPython: import and client in ${importMs} ms, ${importCpu} ms of CPU, the interpreter's start included`);
rmSync(folder, { recursive: true, force: true });

function writeGateway(count, settings) {
  const text = gatewayOf(count);
  writeFileSync(join(folder, "gateway.yaml"), settings ? text.replace("\n", `\n${settings}\n`) : text);
}

/** A line of what is measured; with a target it says whether it is met. */
function target(what, count, [ms, cpu], most) {
  console.log(
    `| ${what} | ${count} | ${ms} | ${cpu} | ${most ?? ""} | ${most ? (ms <= most ? "met" : "missed") : ""} |`,
  );
}

/** What a package holds is loaded when it is first named, so a client is named. */
function pythonImport() {
  const program =
    'import bench; getattr(bench, next(name for name in bench.__all__ if f"Async{name}" in bench.__all__))';
  return timed(["python3", ["-c", program]], join(folder, "build/sdk/python/src"));
}

/** @returns milliseconds on the wall and of the processors, as bash takes them of the process and its children */
function timed([command, args], cwd = folder) {
  const script = ["-c", 'TIMEFORMAT="%R %U %S"; time "$@"', "bash", command, ...args];
  const { status, stdout, stderr } = spawnSync("bash", script, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  const [real, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return [Math.round(real * 1000), Math.round((user + system) * 1000)];
}

/** The least of each, of the rounds. */
function rounded(measure) {
  const all = Array.from({ length: rounds }, measure);
  return [0, 1].map((at) => Math.min(...all.map((times) => times[at])));
}

function run([command, args]) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return Math.round(performance.now() - started);
}

function best(measure) {
  return Math.min(...Array.from({ length: rounds }, measure));
}

function bytesOf(path) {
  const entries = readdirSyncOrNone(path);
  if (entries === undefined) return readFileSync(path).length;
  return entries
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath, entry.name)).length, 0);
}

function readdirSyncOrNone(path) {
  try {
    return readdirSync(path, { recursive: true, withFileTypes: true });
  } catch {
    return undefined;
  }
}

async function bundledBytes(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    logLevel: "error",
  });
  return gzipSync(outputFiles[0].text, { level: 9 }).length;
}

/** The app and what it imports, under strict; tsc's own clock, without the reading of its library. */
function typeCheck() {
  mkdirSync(join(folder, "types"), { recursive: true });
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: "ES2022",
        lib: ["ES2022", "DOM", "DOM.Iterable"],
        module: "ESNext",
        moduleResolution: "Bundler",
        skipLibCheck: true,
        types: [],
      },
      files: ["app.ts"],
    }),
  );
  let ms = Number.POSITIVE_INFINITY;
  let instantiations = 0;
  for (let round = 0; round < rounds; round++) {
    const { stdout } = spawnSync(
      process.execPath,
      [join(here, "node_modules/typescript/bin/tsc"), "-p", ".", "--extendedDiagnostics"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    const figure = (name) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? Number.NaN);
    ms = Math.min(ms, Math.round((figure("Parse time") + figure("Bind time") + figure("Check time")) * 1000));
    instantiations = figure("Instantiations");
    if (/error TS/.test(stdout) && round === 0)
      console.error(stdout.split("\n").find((text) => text.includes("error TS")));
  }
  return { ms, instantiations };
}
