import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import { readBody } from "../../runtime/http/read-body.js";
import { testProgram, testRoute } from "../support/program.js";
import { mutatedRequest } from "./mutated-request.js";

/** Mutated requests; RAW_FUZZ=1000000 for the long run. */
const count = Number(process.env["RAW_FUZZ"] ?? 3000);

let gateway: Gateway;
let port: number;
let seen = 0;
const logged: string[] = [];

beforeAll(async () => {
  const run = async (x: Exchange) => {
    seen++;
    await readBody(x);
    return x.answer(200, ["X-Seen", "yes"], x.method === "HEAD" ? "" : "ok");
  };
  gateway = createGateway({
    program: testProgram([testRoute("ANY /{path+}", run)], {
      stages: [{ name: "dev", variables: [], log: "error" }],
    }),
    limits: { headersTimeoutMs: 2000, requestTimeoutMs: 2000 },
    logger: { write: ({ message, detail }) => logged.push(`${message} ${detail}`) },
  });
  ({ port } = await gateway.listen());
});
afterAll(() => gateway.close({ drainMs: 0 }));

function exchange(text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.end(Buffer.from(text, "latin1")));
    const done = () => resolve(Buffer.concat(chunks).toString("latin1"));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", done);
    socket.on("close", done);
  });
}

const allowed = new Set([100, 200, 400, 403, 405, 408, 413, 414, 417, 431]);

test(`${count} mutated requests: each that is seen is answered, nothing fails inside`, async () => {
  for (let from = 0; from < count; from += 50) {
    const seeds = Array.from({ length: Math.min(50, count - from) }, (_, at) => from + at);
    const before = seen;
    const answers = await Promise.all(seeds.map((seed) => exchange(mutatedRequest(seed))));
    const all = answers.join("");
    const statuses = [...all.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
    expect(statuses.filter((status) => !allowed.has(status))).toEqual([]);
    // A route that was called gives one answer, unless its body was broken off; none comes from anywhere else.
    expect(all.split("X-Seen: yes").length - 1).toBeLessThanOrEqual(seen - before);
  }
  expect(seen).toBeGreaterThan(count / 20);
  expect(logged).toEqual([]);
  const { status } = await gateway.inject({ path: "/dev/still-there" });
  expect(status).toBe(200);
}, 3_600_000);
