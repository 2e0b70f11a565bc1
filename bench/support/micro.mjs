// Microseconds of single steps in this process: the cases in turn, the median of the later rounds.
import process from "node:process";
import { median } from "./servers.mjs";

const batch = 500;

/**
 * @param cases  name → action, or `[prepare, action]`: what `prepare` makes for one action is made outside the measured
 *   time. An action that yields a promise is awaited, a batch at a time.
 */
export async function micro(title, cases, { rounds = 150 } = {}) {
  const entries = Object.entries(cases);
  const times = new Map(entries.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < entries.length; at++) {
      // Another one begins each round: otherwise what all of them have allocated is collected in one and the same.
      const [name, given] = entries[(at + round) % entries.length];
      const [prepare, action] = Array.isArray(given) ? given : [() => undefined, given];
      times.get(name).push(await timeOf(prepare, action));
    }
  }
  console.log(`\n| ${title} | µs, median | lowest |\n|---|---|---|`);
  for (const [name, all] of times) {
    const later = all.slice(rounds / 3);
    console.log(`| ${name} | ${median(later).toFixed(3)} | ${Math.min(...later).toFixed(3)} |`);
  }
}

async function timeOf(prepare, action) {
  const inputs = Array.from({ length: batch }, prepare);
  const begin = process.hrtime.bigint();
  let last;
  for (const input of inputs) last = action(input);
  if (last instanceof Promise) await last;
  const spent = process.hrtime.bigint() - begin;
  await new Promise(setImmediate);
  return Number(spent) / batch / 1000;
}
