// Start of `node gateway.mjs` (100 routes) to its first response, against a bare node:http server in one file. In turn,
// fifteen times each; the ratio is of medians. Run: npm run bench -- start
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/gateway.js", import.meta.url));
const rounds = 15;
const folder = mkdtempSync(join(tmpdir(), "gateway-start-"));
mkdirSync(join(folder, "handlers"), { recursive: true });

const routes = Array.from({ length: 50 }, (_, at) => [
  `  GET /things${at}:`,
  "    lambda: things",
  `  GET /things${at}/{id}: { mock: { status: ok } }`,
]).flat();
writeFileSync(join(folder, "gateway.yaml"), ["gateway: start", "version: 1.0.0", "routes:", ...routes, ""].join("\n"));
const built = spawnSync(process.execPath, [bin, "build"], { cwd: folder, encoding: "utf8" });
if (built.status !== 0) throw new Error(built.stderr);

writeFileSync(
  join(folder, "bare.mjs"),
  `import http from "node:http";
const server = http.createServer((req, res) => { res.writeHead(200, { "content-type": "application/json" }); res.end('{"status":"ok"}'); });
server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));
`,
);

const times = { bare: [], gateway: [] };
for (let round = 0; round < rounds; round++) {
  times.bare.push(await firstResponse(["bare.mjs"], "/"));
  times.gateway.push(await firstResponse(["build/gateway/gateway.mjs", "--port", "0"], "/dev/things1/7"));
}
rmSync(folder, { recursive: true, force: true });
const [bare, gateway] = [median(times.bare), median(times.gateway)];
console.log("| entry | ms to first response | ratio |\n|---|---|---|");
console.log(`| bare node:http | ${bare.toFixed(0)} | 1.00 |`);
console.log(`| gateway.mjs, 100 routes | ${gateway.toFixed(0)} | ${(gateway / bare).toFixed(2)} |`);

async function firstResponse(args, path) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve) => {
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (match) resolve(match[0]);
    });
  });
  await new Promise((resolve, reject) =>
    http.get(url + path, (answer) => answer.resume().on("end", resolve)).on("error", reject),
  );
  const elapsed = performance.now() - started;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  return elapsed;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
