// Three times as many requests as the gateway can answer (figure 23): it lives, its memory is bounded, most of what it can
// do is still done, and the rest is refused at once with 429 or 503.
import { once } from "node:events";
import { Agent, createServer, get } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { Project } from "../support/gateway-process.mjs";
import { closedLoop, hasWrk, pacedLoad } from "../support/wrk.mjs";
import { fullGateway, functions, key } from "./full-gateway.mjs";
import { mega } from "./verdict.mjs";

export const overload = {
  about: "3 x capacity for 60 s",
  sizes: { seconds: 60, times: 3 },
  short: { seconds: 5, times: 3 },
  run,
};

async function run({ seconds, times }, verdict) {
  if (!hasWrk) throw new Error("wrk is not installed (apt-get install wrk)");
  const backend = createServer((_, answer) => answer.end("from behind")).listen(0, "127.0.0.1");
  await once(backend, "listening");
  const project = new Project(fullGateway(backend.address().port), functions);
  await project.build();
  const logs = ["--access-log", `${project.folder}/access.log`, "--emf", `${project.folder}/emf.log`];
  const gateway = await project.start(logs, { SOAK_KEY: key });
  const target = `${gateway.url}/dev/work?a=1`;
  const headers = { authorization: "t" };
  await closedLoop(target, { connections: 64, seconds: 5, headers });
  const before = await gateway.look();
  const measured = async (load) => {
    const from = gateway.cpu();
    const result = await load;
    return { ...result, perCpu: result.answered / (gateway.cpu() - from) };
  };
  const enough = () => measured(closedLoop(target, { connections: 64, seconds: Math.min(10, seconds), headers }));
  const alone = await enough();
  const capacity = alone.good;
  verdict.note(`capacity ${Math.round(capacity)} requests a second (64 connections that ask at once)`);

  const memory = [];
  const watch = setInterval(() => memory.push(gateway.rss()), 500);
  const other = sample(target, headers);
  const result = await measured(pacedLoad(target, { rate: capacity * times, seconds, headers }));
  clearInterval(watch);
  const seen = await other.end();
  const share = (result.good / capacity) * 100;
  verdict.note(`${times} x that for ${seconds} s by ${result.connections} clients; p99 of all answers ${result.p99}`);
  const asked = result.good + result.refused;
  verdict.note(`${Math.round(asked)} a second were asked for, ${(asked / capacity).toFixed(1)} x`);
  verdict.exact(gateway.child.exitCode === null, "the process lives");
  verdict.timed(
    share >= 80,
    `goodput ${Math.round(result.good)} a second, ${share.toFixed(0)} % of capacity (wanted >= 80)`,
  );
  verdict.timed(
    result.perCpu >= alone.perCpu * 0.8,
    `answers a CPU second ${((result.perCpu / alone.perCpu) * 100).toFixed(0)} % of those at capacity (wanted >= 80; holds on a busy machine too)`,
  );
  verdict.timed(result.refused > 0, `${Math.round(result.refused)} a second are refused`);
  verdict.exact(
    result.broken === 0,
    `${result.broken} broken connections ${result.broken === 0 ? "" : JSON.stringify(result.errors)}`.trim(),
  );
  verdict.timed(result.late === 0, `${result.late} answers took more than 10 s`);
  const wrong = [...seen.statuses.keys()].filter((status) => ![200, 429, 503].includes(status));
  verdict.exact(
    wrong.length === 0,
    `one client beside them: ${[...seen.statuses].map(([status, count]) => `${count} x ${status}`).join(", ")}; p50 ${seen.p50} ms, p99 ${seen.p99} ms`,
  );
  const [middle, last] = [
    memory.slice(memory.length / 3, (memory.length * 2) / 3),
    memory.slice((memory.length * 2) / 3),
  ];
  const [half, end] = [Math.max(...middle), Math.max(...last)];
  verdict.timed(
    end <= half * 1.1 && end < before.rss * 1.5 + 128e6,
    `RSS ${mega(before.rss)} before, ${mega(half)} in the middle, ${mega(end)} at the end`,
  );
  await wait(1500);
  const after = await enough();
  verdict.timed(
    after.good >= capacity * 0.8 && after.refused === 0,
    `afterwards ${Math.round(after.good)} a second, none refused`,
  );
  verdict.exact((await gateway.stop()) === 0, "SIGTERM ends it with 0");
  for (const line of gateway
    .output()
    .split("\n")
    .filter((text) => text.includes("overload"))
    .slice(0, 6))
    verdict.note(line);
  backend.close();
  project.remove();
}

/** A client that asks ten times a second, over a connection that it keeps. */
function sample(url, headers) {
  const agent = new Agent({ keepAlive: true });
  const statuses = new Map();
  const times = [];
  const pending = new Set();
  const timer = setInterval(() => {
    const begin = performance.now();
    const asked = new Promise((resolve) => {
      const note = (status) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        times.push(performance.now() - begin);
        resolve();
      };
      get(url, { agent, headers }, (answer) => answer.resume().on("end", () => note(answer.statusCode))).on(
        "error",
        (error) => note(error.code),
      );
    }).finally(() => pending.delete(asked));
    pending.add(asked);
  }, 100);
  const percentile = (share) => times.sort((a, b) => a - b)[Math.floor(times.length * share)]?.toFixed(0);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
      return { statuses, p50: percentile(0.5), p99: percentile(0.99) };
    },
  };
}
