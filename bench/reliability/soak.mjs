// A gateway with everything on, for a long time at 60 % of what it can (figure 21): memory, handles and answers.
// The heap grows for the first minute or two, until code is compiled and caches are full: short runs say so.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { handleCount, Project } from "../support/gateway-process.mjs";
import { OpenLoop, percentile, tally } from "../support/open-loop.mjs";
import { hasWrk, mixedLoad } from "../support/wrk.mjs";
import { fullGateway, functions, key, kinds } from "./full-gateway.mjs";
import { mega } from "./verdict.mjs";

export const soak = {
  about: "everything on, at a share of capacity",
  sizes: { seconds: 600, share: 60 },
  short: { seconds: 24, share: 40 },
  run,
};

const rounds = 24;

async function run({ seconds, share }, verdict) {
  if (!hasWrk) throw new Error("wrk is not installed (apt-get install wrk)");
  const backend = createServer((_, answer) => answer.end("from behind")).listen(0, "127.0.0.1");
  const daemon = createSocket("udp4").bind(0, "127.0.0.1");
  let segments = 0;
  daemon.on("message", () => segments++);
  await Promise.all([once(backend, "listening"), once(daemon, "listening")]);
  const project = new Project(fullGateway(backend.address().port), functions);
  await project.build();
  const logs = ["--access-log", `${project.folder}/access.log`, "--emf", `${project.folder}/emf.log`];
  const rotation = ["--log-file-bytes", "50000000", "--log-files", "3"];
  const gateway = await project.start([...logs, ...rotation, "--admin-port", "0"], {
    SOAK_KEY: key,
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
  });
  const sockets = await openWebSockets(gateway.url, 20);
  await mixedLoad(gateway.url, kinds, { connections: 64, seconds: 5, folder: project.folder });
  const capacity = await mixedLoad(gateway.url, kinds, { connections: 64, seconds: 10, folder: project.folder });
  const rate = (capacity.rate * share) / 100;
  verdict.note(
    `capacity ${Math.round(capacity.rate)} requests a second of ${kinds.length} kinds; ${seconds} s at ${Math.round(rate)} a second`,
  );

  const statuses = new Map();
  const samples = [];
  const latencies = [];
  const wrong = [];
  let broken = 0;
  let answered = 0;
  const begin = performance.now();
  for (let round = 0; round < rounds; round++) {
    // Each kind's own answer is looked at beside the load, which is counted by status.
    const looked = new OpenLoop(gateway.url, kinds, { rate: 24, connections: 8 });
    const load = await mixedLoad(gateway.url, kinds, {
      rate,
      seconds: Math.max(1, Math.round(seconds / rounds)),
      folder: project.folder,
    });
    for (const [status, count] of load.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
    broken += load.broken + load.late;
    answered += load.requests;
    // Results come in any order; paths with two answers are told apart by their body.
    for (const { path, status, error, ms } of await looked.end()) {
      latencies.push(ms);
      if (!kinds.some((kind) => kind.path === path && kind.status === status)) wrong.push(`${path} ${error ?? status}`);
    }
    // Between two rounds nothing is under way, so that what is held is held for good.
    await wait(500);
    samples.push({ at: performance.now() - begin, ...(await gateway.look()) });
  }
  const took = (performance.now() - begin) / 1000;
  // The first half warms up: code is compiled, caches fill.
  const later = samples.slice(rounds / 2);
  const slope = slopeOf(later.map(({ at, heap }) => [at / 60_000, heap / 1024]));
  const rss = later.map((sample) => sample.rss);
  const growth = (percentile(rss.slice(-4), 0.5) / percentile(rss.slice(0, 4), 0.5) - 1) * 100;
  const handles = later.map(handleCount);
  const expected = new Set(kinds.map(({ status }) => status));
  const unexpected = [...statuses].filter(([status]) => !expected.has(status));
  const failed = (statuses.get(502) ?? 0) / answered;
  verdict.note(
    `${answered} answers in ${took.toFixed(0)} s: ${[...statuses]
      .sort()
      .map(([status, count]) => `${count} x ${status}`)
      .join(", ")}; ${segments} datagrams of traces`,
  );
  verdict.note(`heap ${samples.map(({ heap }) => (heap / 1e6).toFixed(1)).join(" ")} MB`);
  verdict.note(`RSS ${mega(samples[0].rss)} at first, ${mega(rss[0])} in the middle, ${mega(rss.at(-1))} at the end`);
  verdict.note(`p50 ${percentile(latencies, 0.5).toFixed(1)} ms, p99 ${percentile(latencies, 0.99).toFixed(1)} ms`);
  verdict.timed(slope < 100, `heap after GC grows ${slope.toFixed(0)} kB a minute (wanted < 100)`);
  verdict.timed(growth <= 5, `RSS grew ${growth.toFixed(1)} % (wanted <= 5)`);
  verdict.exact(
    Math.max(...handles) - Math.min(...handles) <= 4,
    `handles ${Math.min(...handles)} to ${Math.max(...handles)}`,
  );
  verdict.exact(
    unexpected.length === 0,
    `unexpected statuses: ${unexpected.map(([status, count]) => `${count} x ${status}`).join(", ") || "none"}`,
  );
  // Of twelve kinds one has a function that fails, as it should.
  verdict.exact(
    Math.abs(failed * kinds.length - 1) < 0.05,
    `${(failed * 100).toFixed(2)} % are 502 (wanted ${(100 / kinds.length).toFixed(2)})`,
  );
  verdict.exact(broken === 0, `${broken} broken or late connections`);
  verdict.exact(wrong.length === 0, `of ${latencies.length} that were looked at singly, unexpected: ${tally(wrong)}`);
  verdict.exact(
    sockets.every(({ readyState }) => readyState === 1),
    `${sockets.length} WebSocket connections are open`,
  );
  // Refusals are of an overload: of a machine that others used too.
  const overloads = gateway
    .output()
    .split("\n")
    .filter((line) => line.includes("overload is over"));
  for (const line of overloads.slice(0, 5)) verdict.note(line);
  for (const socket of sockets) socket.terminate();
  verdict.exact((await gateway.stop()) === 0, "SIGTERM ends it with 0");
  backend.close();
  daemon.close();
  project.remove();
}

async function openWebSockets(url, count) {
  const { WebSocket } = await import("ws");
  return Promise.all(
    Array.from({ length: count }, () => {
      const socket = new WebSocket(`${url.replace("http", "ws")}/dev`);
      const talk = () => socket.readyState === 1 && socket.send('{"action":"say"}');
      return new Promise((resolve, reject) => {
        socket.once("error", reject);
        socket.once("open", () => {
          setInterval(talk, 1000).unref();
          resolve(socket);
        });
      });
    }),
  );
}

/** Least squares. */
function slopeOf(points) {
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return (
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  );
}
