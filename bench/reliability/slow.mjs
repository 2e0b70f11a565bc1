// Clients that send their request a byte at a time (figure 22): the others hardly notice, and all of them are closed.
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { Project } from "../support/gateway-process.mjs";
import { OpenLoop, percentile, tally } from "../support/open-loop.mjs";

export const slow = {
  about: "slowloris: heads, bodies and TLS-less silence, a byte now and then",
  sizes: { sockets: 500, rate: 300, seconds: 20 },
  short: { sockets: 60, rate: 50, seconds: 5 },
  run,
};

/** All of them have to be gone by then: 20 s for a head, 30 s for a body. */
const latestMs = 35_000;
const everyMs = 2000;

const yaml =
  "gateway: slow\nroutes:\n  GET /quick: { lambda: quick }\n  POST /body: { lambda: quick }\nstages: { dev: {} }\n";
const functions = { quick: 'export const handler = async () => ({ statusCode: 200, body: "done" });' };

const kinds = [
  { name: "head", begin: "GET /dev/quick HTTP/1.1\r\nHost: a\r\n", more: (at) => `X-${at}: a\r\n` },
  { name: "head by bytes", begin: "GET /dev/quick HTTP/1.1\r\nHost: a\r\nX: ", more: () => "a" },
  {
    name: "body",
    begin: "POST /dev/body HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n",
    more: () => "a",
  },
  {
    name: "chunks",
    begin: "POST /dev/body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    more: () => "1\r\na\r\n",
  },
  { name: "silence", begin: "", more: () => "" },
];

async function run({ sockets: wanted, rate, seconds }, verdict) {
  const project = new Project(yaml, functions);
  await project.build();
  const gateway = await project.start();
  const before = await gateway.look();
  const warm = new OpenLoop(gateway.url, [{ path: "/dev/quick" }], { rate });
  await wait(3000);
  await warm.end();
  const load = new OpenLoop(gateway.url, [{ path: "/dev/quick" }], { rate });
  await wait(seconds * 1000);
  const attackAt = performance.now();
  const closed = [];
  const sockets = Array.from({ length: wanted }, (_, at) => attack(gateway.port, kinds[at % kinds.length], closed));
  await wait(seconds * 1000);
  const end = performance.now() + latestMs + 5000;
  while (closed.length < wanted && performance.now() < end) await wait(50);
  for (const stop of sockets) stop();
  const results = await load.end();
  const during = results.filter(({ begin }) => begin >= attackAt && begin < attackAt + seconds * 1000);
  const quiet = results.filter(({ begin }) => begin < attackAt);
  // Of whole seconds, the middle one: what else the machine does spoils some of them.
  const [base, p99] = [quiet, during].map((some) => medianOfSeconds(some));
  verdict.note(
    `p99 of the others, ${rate} a second: ${base.toFixed(2)} ms before, ${p99.toFixed(2)} ms while ${wanted} are slow`,
  );
  verdict.timed(p99 < base * 2, `p99 ${(p99 / base).toFixed(2)} x (wanted < 2)`);
  const bad = results.filter(({ status }) => status !== 200);
  verdict.exact(
    bad.length === 0,
    `of ${results.length} requests of others failed: ${tally(bad.map(({ status, error }) => error ?? status))}`,
  );
  for (const { name } of kinds) {
    const own = closed.filter((one) => one.name === name);
    const longest = Math.max(0, ...own.map(({ ms }) => ms));
    verdict.exact(
      own.length ===
        kinds.reduce(
          (sum, kind, at) => (kind.name === name ? sum + Math.ceil((wanted - at) / kinds.length) : sum),
          0,
        ) && longest <= latestMs,
      `${own.length} of ${name} closed, the last after ${(longest / 1000).toFixed(1)} s (wanted <= 35): ${tally(own.map(({ said }) => said))}`,
    );
  }
  await wait(1500);
  const after = await gateway.look();
  const left = (after.handles.TCPSocketWrap ?? 0) - (before.handles.TCPSocketWrap ?? 0);
  verdict.exact(left <= 0, `${Math.max(0, left)} sockets left`);
  verdict.exact((await gateway.stop()) === 0, "SIGTERM ends it with 0");
  project.remove();
}

/** @returns what stops it */
function attack(port, { name, begin, more }, closed) {
  const from = performance.now();
  let text = "";
  let at = 0;
  const socket = connect(port, "127.0.0.1", () => begin !== "" && socket.write(begin));
  const timer = setInterval(() => {
    const bytes = more(at++);
    if (bytes !== "" && socket.writable) socket.write(bytes);
  }, everyMs);
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("end", () => clearInterval(timer));
  socket.on("close", () => {
    clearInterval(timer);
    closed.push({ name, ms: performance.now() - from, said: /^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? "nothing" });
  });
  return () => socket.destroy();
}

function medianOfSeconds(results) {
  const seconds = new Map();
  for (const { begin, ms } of results) {
    const second = Math.floor(begin / 1000);
    seconds.set(second, [...(seconds.get(second) ?? []), ms]);
  }
  return percentile(
    [...seconds.values()].slice(1, -1).map((all) => percentile(all, 0.99)),
    0.5,
  );
}
