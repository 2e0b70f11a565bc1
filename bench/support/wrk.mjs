// wrk: it hardly costs the server anything, so that what is measured is the server's.
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const pacedScript = fileURLToPath(new URL("paced.lua", import.meta.url));
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

function fields(headers) {
  return Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
}

async function run(args, seconds) {
  const { stdout } = await promisify(execFile)("wrk", args, { timeout: (seconds + 60) * 1000 });
  const count = (pattern) => Number(pattern.exec(stdout)?.[1] ?? 0);
  const requests = count(/(\d+) requests in/);
  const refused = count(/Non-2xx or 3xx responses: (\d+)/);
  const [, connect = 0, read = 0, write = 0, timeout = 0] =
    /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.map(Number) ?? [];
  const taken = count(/requests in ([\d.]+)s/) || count(/requests in ([\d.]+)m/) * 60;
  return {
    answered: requests - refused,
    /** Answers of 2xx and 3xx, and others, a second. */
    good: (requests - refused) / taken,
    refused: refused / taken,
    broken: connect + read + write,
    errors: { connect, read, write },
    late: timeout,
    p99: /99%\s+(\S+)/.exec(stdout)?.[1],
  };
}
