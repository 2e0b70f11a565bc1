// SIGTERM under load (figure 15): what has been sent is answered, and the process ends with 0 in time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Project } from "../support/gateway-process.mjs";
import { OpenLoop, tally } from "../support/open-loop.mjs";

export const shutdown = {
  about: "SIGTERM under load, of node gateway.mjs, of its --workers 2, and of gateway serve",
  sizes: { rounds: 5, rate: 500 },
  short: { rounds: 1, rate: 100 },
  run,
};

/** What the longest request takes, and the drain that gateway.mjs has. */
const slowMs = 3000;
const drainMs = 10_000;

const yaml = `gateway: ends
routes:
  GET /quick: { lambda: quick }
  GET /slow: { lambda: slow }
  POST /body: { lambda: quick }
stages: { dev: { accessLog: json } }
`;
const functions = {
  quick: 'export const handler = async () => ({ statusCode: 200, body: "done" });',
  slow: `export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, ${slowMs}));
  return { statusCode: 200, body: "done" };
};`,
};

async function run({ rounds, rate }, verdict) {
  const project = new Project(yaml, functions);
  await project.build();
  await project.deploy("dev");
  const kinds = {
    "node gateway.mjs": (log) => project.start(log),
    "node gateway.mjs --workers 2": (log) => project.start(["--workers", "2", ...log]),
    "gateway serve --workers 2": (log) => project.serve(["--workers", "2", ...log]),
  };
  for (const [name, start] of Object.entries(kinds)) {
    const failures = [];
    const codes = [];
    const times = [];
    const unread = [];
    let [answered, refused, served] = [0, 0, 0];
    for (let round = 0; round < rounds; round++) {
      const log = join(project.folder, `${Math.random()}.log`);
      const gateway = await start(["--access-log", log]);
      const requests = [...Array(20)].map(() => ({ path: "/dev/quick" }));
      requests.push({ path: "/dev/slow" }, { path: "/dev/body", method: "POST", body: "x".repeat(20_000) });
      const load = new OpenLoop(gateway.url, requests, { rate, connections: 256 });
      await wait(1000 + Math.random() * 500);
      const begin = performance.now();
      codes.push(await gateway.stop());
      times.push(performance.now() - begin);
      const results = await load.end();
      // A request on a connection that nobody has accepted, or that ends while it is on its way (RFC 9112 section 9.5), is
      // read by nobody: clients may send it again. That nobody has is what the access log says.
      const isUnread = ({ error }) => error?.startsWith("ECONNRESET on a ") === true;
      unread.push(...results.filter(isUnread).map(({ error }) => error));
      answered += results.filter(({ status }) => status === 200).length;
      served += readFileSync(log, "utf8").split("\n").filter(Boolean).length;
      failures.push(
        ...results
          .filter((result) => result.status !== 200 && !isUnread(result))
          .map(({ path, status, error }) => `${path} ${error ?? status}`),
      );
      refused += load.refused;
    }
    const longest = Math.max(...times);
    verdict.exact(served === answered, `${name}: ${answered} answered, of ${served} that were read`);
    verdict.exact(failures.length === 0, `failed otherwise: ${tally(failures)}`);
    verdict.timed(
      unread.length <= answered / 1000,
      `read by nobody: ${tally(unread)} (wanted: one in a thousand at most)`,
    );
    verdict.exact(
      codes.every((code) => code === 0),
      `exit codes: ${tally(codes)}`,
    );
    verdict.exact(
      longest <= drainMs + 1000,
      `gone after ${(longest / 1000).toFixed(1)} s at most, as requests of ${slowMs / 1000} s were under way; ${refused} later ones found nobody`,
    );
  }
  project.remove();
}
