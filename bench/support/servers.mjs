// Servers in processes of their own, raw load over loopback, and CPU a request, taken in turn.
import { execFile, fork, spawnSync } from "node:child_process";
import { connect } from "node:net";
import process from "node:process";
import { promisify } from "node:util";

/** Forks the benchmark itself with one argument, the kind of server; resolves when it listens. */
export function startServer(file, kind, env = {}) {
  const child = fork(file, [kind], { env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once("message", ({ port }) => resolve({ child, port, kind }));
    child.once("exit", (code) => reject(new Error(`${kind} ended with ${code}`)));
  });
}

/** In the child: tells the port, and its CPU time whenever it is asked. */
export function serveMeasured(port) {
  process.on("message", () => process.send({ cpu: process.cpuUsage() }));
  process.on("disconnect", () => process.exit());
  process.send({ port });
}

const hasWrk = spawnSync("wrk", ["-v"]).error === undefined;

/**
 * CPU microseconds a request, and requests a second, over so many seconds of load. A load generator that is busy itself
 * spares the server the waking of it, the more the faster the server is; so wrk where it is installed.
 */
export function slice(server, head, seconds) {
  return hasWrk ? sliceByWrk(server, head, seconds) : sliceByOwnLoad(server, head, seconds);
}

async function sliceByWrk({ child, port }, head, seconds, connections = 64) {
  const [line, ...fields] = head.split("\r\n");
  const headers = fields.flatMap((field) => ["-H", field]);
  const url = `http://127.0.0.1:${port}${line.split(" ")[1]}`;
  const duration = `${Math.max(1, Math.round(seconds))}s`;
  const before = await cpuOf(child);
  const wrk = promisify(execFile)("wrk", ["-t1", `-c${connections}`, `-d${duration}`, ...headers, url]);
  const { stdout } = await wrk;
  const after = await cpuOf(child);
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { cpu: (after.user + after.system - before.user - before.system) / requests, rate };
}

async function sliceByOwnLoad({ child, port }, head, seconds, connections = 32) {
  const request = `${head}\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  const load = startLoad(port, request, connections);
  await wait(200);
  const [cpuBefore, from, begin] = [await cpuOf(child), load.answered(), performance.now()];
  await wait(seconds * 1000);
  const [cpuAfter, to, end] = [await cpuOf(child), load.answered(), performance.now()];
  load.stop();
  const spent = cpuAfter.user + cpuAfter.system - cpuBefore.user - cpuBefore.system;
  if (load.failed() > 0) throw new Error(`${load.failed()} answers were no 200`);
  return { cpu: spent / (to - from), rate: ((to - from) / (end - begin)) * 1000 };
}

/** Keeps one request in flight on each connection. Answers need a Content-Length. */
function startLoad(port, request, connections) {
  let answered = 0;
  let failed = 0;
  let isOver = false;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.setNoDelay(true);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const split = text.indexOf("\r\n\r\n");
      if (split === -1) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, split))?.[1]);
      if (text.length < split + 4 + length) return;
      if (!text.startsWith("HTTP/1.1 200")) failed++;
      text = "";
      answered++;
      if (!isOver) socket.write(request);
    });
    socket.on("error", () => undefined);
    return socket;
  });
  return {
    answered: () => answered,
    failed: () => failed,
    stop() {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

/**
 * The servers in turn, in many short slices, with one of the reference before and behind each: a ratio is to the middle of
 * its two neighbours, so that what else the machine does meets both alike. What is told is the median of the rounds' ratios
 * with the middle half of them; a control, the reference once more, shows how far from 1 is noise.
 *
 * @param entries  `{ name, server, head }`; the first is the reference
 */
export async function compare(entries, { seconds = 1, rounds = 15, warmUp = 3 } = {}) {
  const [reference, ...others] = entries;
  for (const { server, head } of entries) await slice(server, head, warmUp);
  const found = new Map(others.map(({ name }) => [name, { ratios: [], cpu: [], rate: [] }]));
  const base = [];
  let before = await slice(reference.server, reference.head, seconds);
  for (let round = 0; round < rounds; round++) {
    // Nobody always comes first.
    const turn = others.map((_, at) => others[(at + round) % others.length]);
    for (const { name, server, head } of turn) {
      const ours = await slice(server, head, seconds);
      const after = await slice(reference.server, reference.head, seconds);
      const entry = found.get(name);
      entry.ratios.push(ours.cpu / ((before.cpu + after.cpu) / 2));
      entry.cpu.push(ours.cpu);
      entry.rate.push(ours.rate);
      base.push(after.cpu);
      before = after;
    }
  }
  console.log(`\n${rounds} rounds of ${seconds} s; load by ${hasWrk ? "wrk" : "this process (wrk is not installed)"}`);
  console.log(
    `\n| over loopback | CPU µs a request | CPU ratio (middle half) | requests a second |\n|---|---|---|---|`,
  );
  console.log(`| ${reference.name} | ${median(base).toFixed(1)} | 1 | |`);
  for (const [name, { ratios, cpu, rate }] of found) {
    const range = `${quantile(ratios, 0.25).toFixed(2)}-${quantile(ratios, 0.75).toFixed(2)}`;
    const cells = [name, median(cpu).toFixed(1), `${median(ratios).toFixed(2)} (${range})`, median(rate).toFixed(0)];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

function cpuOf(child) {
  return new Promise((resolve) => {
    child.once("message", ({ cpu }) => resolve(cpu));
    child.send("cpu");
  });
}

export function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function median(values) {
  return quantile(values, 0.5);
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
