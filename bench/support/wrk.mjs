// wrk: it hardly costs the server anything, so that what is measured is the server's.
import { execFile, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const pacedScript = fileURLToPath(new URL("paced.lua", import.meta.url));
const mixedScript = fileURLToPath(new URL("mixed.lua", import.meta.url));
/** Mean of the time that `paced.lua` thinks, s. */
const thinkSeconds = 0.1;

export const hasWrk = spawnSync("wrk", ["-v"]).error === undefined;

/** Clients that ask again as soon as they are answered. */
export function closedLoop(url, { connections, seconds, headers = {} }) {
  return run(["-t1", `-c${connections}`, `-d${seconds}s`, ...fields(headers), url], seconds);
}

/** So many requests a second, by clients that think between two requests; each has one under way at most. */
export function pacedLoad(url, { rate, seconds, headers = {} }) {
  const connections = Math.ceil(rate * thinkSeconds);
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--timeout", "10s", "--latency", "-s", pacedScript];
  return run([...args, ...fields(headers), url], seconds).then((result) => ({ ...result, connections }));
}

/**
 * Requests of several kinds in turn: as many as come, or `rate` a second by clients that think. Statuses are counted.
 *
 * @param kinds   `{ path, method?, headers?, body? }`
 * @param folder  where the requests are written to
 */
export async function mixedLoad(url, kinds, { connections, rate, seconds, folder }) {
  const file = join(folder, "mixed.txt");
  writeFileSync(file, kinds.map((kind) => `${wireText(kind)}\r\n--\r\n`).join(""));
  const count = connections ?? Math.ceil(rate * thinkSeconds);
  const environment = { MIXED_FILE: file, MIXED_PAUSE: rate === undefined ? "0" : "1" };
  const args = ["-t1", `-c${count}`, `-d${seconds}s`, "--timeout", "10s", "-s", mixedScript, url];
  return run(args, seconds, environment);
}

function wireText({ path, method = "GET", headers = {}, body = "" }) {
  const length = body === "" ? [] : [["content-length", Buffer.byteLength(body)]];
  const lines = [...Object.entries(headers), ...length].map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join("")}\r\n${body}`;
}

function fields(headers) {
  return Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}

async function run(args, seconds, environment = {}) {
  const env = { ...process.env, ...environment };
  const { stdout } = await promisify(execFile)("wrk", args, { timeout: (seconds + 60) * 1000, env });
  const count = (pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const requests = count(/(\d+) requests in/);
  const refused = count(/Non-2xx or 3xx responses: (\d+)/);
  const [, connect = 0, read = 0, write = 0, timeout = 0] =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.map(Number) ?? [];
  const taken = count(/requests in ([\d.]+)s/) || count(/requests in ([\d.]+)m/) * 60;
  return {
    requests,
    rate: requests / taken,
    answered: requests - refused,
    statuses: new Map(
      [...stdout.matchAll(/^status (\d+) (\d+)$/gm)].map(([, status, n]) => [Number(status), Number(n)]),
    ),
    /** Answers of 2xx and 3xx, and others, a second. */
    good: (requests - refused) / taken,
    refused: refused / taken,
    broken: connect + read + write,
    errors: { connect, read, write },
    late: timeout,
    p99: /99%\s+(\S+)/.exec(stdout)?.[1],
  };
}
