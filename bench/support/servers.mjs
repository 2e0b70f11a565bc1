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
 * Each server between two slices of the reference, round by round; the ratio comes from those three.
 *
 * @param entries  `{ name, server, head }`; the first is the reference
 */
export async function compare(entries, { seconds = 2, rounds = 7, warmUp = 4 } = {}) {
  const [reference, ...others] = entries;
  for (const { server, head } of entries) await slice(server, head, warmUp);
  const found = new Map(others.map(({ name }) => [name, { ratios: [], cpu: [], rate: [] }]));
  const base = [];
  for (let round = 0; round < rounds; round++) {
    for (const { name, server, head } of others) {
      const before = await slice(reference.server, reference.head, seconds / 2);
      const ours = await slice(server, head, seconds);
      const after = await slice(reference.server, reference.head, seconds / 2);
      const middle = (before.cpu + after.cpu) / 2;
      base.push(middle);
      const entry = found.get(name);
      entry.ratios.push(ours.cpu / middle);
      entry.cpu.push(ours.cpu);
      entry.rate.push(ours.rate);
    }
  }
  console.log(`\nload by ${hasWrk ? "wrk" : "this process (wrk is not installed)"}`);
  console.log(`\n| over loopback | CPU µs a request | CPU ratio (range) | requests a second |\n|---|---|---|---|`);
  console.log(`| ${reference.name} | ${median(base).toFixed(1)} | 1 | |`);
  for (const [name, { ratios, cpu, rate }] of found) {
    const range = `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`;
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
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
