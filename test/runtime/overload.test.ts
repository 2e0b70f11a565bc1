import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { Overload } from "../../runtime/http/wire/overload.js";
import type { LogRecord } from "../../runtime/observe/logger.js";
import { Measures } from "../../runtime/observe/measures.js";
import { prometheusText } from "../../runtime/observe/prometheus.js";
import { testProgram, testRoute } from "../support/program.js";
import { rawRequest } from "./raw-socket.js";

describe("by its own clock", () => {
  let now = 0;
  const told: string[] = [];
  const report = {
    begins: () => void told.push("begins"),
    refuses: () => undefined,
    ends: (refused: number) => void told.push(`ends ${refused}`),
  };
  const begun = () => {
    now = 1000;
    told.length = 0;
    const overload = new Overload(100, report, () => now);
    overload.start();
    return overload;
  };

  /** A turn with so many requests that take so long each; how many of them are served. */
  function turn(overload: Overload, requests: number, ms: number): number {
    let served = 0;
    for (let at = 0; at < requests; at++) {
      if (overload.takes()) {
        served++;
        now += ms;
      } else now += 0.01;
    }
    overload.tick();
    return served;
  }

  test("turns that are short, or long only now and then, refuse nobody", () => {
    const overload = begun();
    for (let at = 0; at < 50; at++) expect(turn(overload, 90, 1)).toBe(90);
    for (let at = 0; at < 20; at++) {
      expect(turn(overload, 300, 1)).toBe(300);
      expect(turn(overload, 10, 1)).toBe(10);
    }
    expect(told).toEqual([]);
    overload.stop();
  });

  test("a function that blocks and a process that was stopped are no overload", () => {
    const overload = begun();
    for (let at = 0; at < 20; at++) {
      expect(turn(overload, 1, 3000)).toBe(1);
      expect(turn(overload, 3, 1)).toBe(3);
    }
    now += 60_000;
    expect(turn(overload, 60, 1)).toBe(60);
    expect(told).toEqual([]);
    overload.stop();
  });

  test("long turns one after the other: each serves for the lag that is borne, and refuses the rest", () => {
    const overload = begun();
    for (let at = 0; at < 6; at++) expect(turn(overload, 200, 1)).toBe(200);
    expect(told).toEqual(["begins"]);
    expect(turn(overload, 300, 1)).toBe(101);
    expect(turn(overload, 50, 1)).toBe(50);
    overload.stop();
    expect(told).toEqual(["begins", "ends 199"]);
  });

  test("one turn that has no end is enough, and refusing takes a quarter of the time at most", () => {
    const overload = begun();
    const begin = now;
    const served = turn(overload, 100_000, 1);
    expect(told).toEqual(["begins"]);
    expect(served / (now - begin)).toBeGreaterThan(0.79);
    expect(overload.refused).toBe(100_000 - served);
    overload.stop();
  });

  test("it is over two seconds after the last refusal", () => {
    const overload = begun();
    turn(overload, 2000, 1);
    for (let at = 0; at < 70; at++) {
      now += 25;
      overload.tick();
    }
    expect(told).toEqual(["begins"]);
    for (let at = 0; at < 20; at++) {
      now += 25;
      overload.tick();
    }
    expect(told).toHaveLength(2);
    overload.stop();
  });

  test("a connection whose request was refused is read again in the next turn", () => {
    const overload = begun();
    let resumed = 0;
    overload.hold({ resume: () => resumed++ });
    expect(resumed).toBe(0);
    overload.tick();
    overload.tick();
    expect(resumed).toBe(1);
    overload.stop();
  });
});

describe("over sockets", () => {
  let gateway: Gateway;
  afterEach(() => gateway.close({ drainMs: 0 }));
  const records: LogRecord[] = [];
  const measures = new Measures();

  async function busy(maxLagMs: number, work = 8): Promise<number> {
    records.length = 0;
    const routes = [
      testRoute("ANY /x", (x) => {
        const end = performance.now() + work;
        while (performance.now() < end);
        return x.answer(200, [], "done");
      }),
    ];
    gateway = createGateway({
      program: testProgram(routes),
      limits: { maxLagMs },
      logger: { write: (record) => void records.push(record) },
      observers: [{ answered: () => undefined, refused: () => void measures.refused++, close: async () => undefined }],
    });
    return (await gateway.listen()).port;
  }

  /** Clients that ask again at once, until one of them has had so many answers; all answers. */
  function ask(port: number, clients: number, request: string, seconds: number): Promise<string[]> {
    const answers: string[] = [];
    const each = () =>
      new Promise<void>((resolve, reject) => {
        const end = performance.now() + seconds * 1000;
        let text = "";
        const socket = connect(port, "127.0.0.1", () => socket.write(request));
        socket.on("error", reject);
        socket.on("close", () => resolve());
        socket.on("data", (chunk) => {
          text += chunk.toString("latin1");
          const split = text.indexOf("\r\n\r\n");
          const length = Number(/content-length: *(\d+)/i.exec(text)?.[1]);
          if (split === -1 || text.length < split + 4 + length) return;
          answers.push(text);
          text = "";
          if (performance.now() < end) socket.write(request);
          else socket.end();
        });
      });
    return Promise.all(Array.from({ length: clients }, each)).then(() => answers);
  }

  test("too many requests: some are answered with 503 and Retry-After, the others as ever; two lines of the log", async () => {
    const port = await busy(50);
    const answers = await ask(
      port,
      40,
      "POST /dev/x HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
      3,
    );
    const served = answers.filter((answer) => answer.startsWith("HTTP/1.1 200"));
    const refused = answers.filter((answer) => answer.startsWith("HTTP/1.1 503 Service Unavailable"));
    expect(served.length).toBeGreaterThan(50);
    expect(refused.length).toBeGreaterThan(10);
    expect(served.length + refused.length).toBe(answers.length);
    expect(refused[0]).toMatch(/\r\nRetry-After: 1\r\n/);
    expect(refused[0]).toMatch(/\r\nx-amzn-ErrorType: ServiceUnavailableException\r\n/);
    expect(refused[0]).toMatch(/\r\nConnection: keep-alive\r\n/);
    expect(refused[0]).toMatch(/\r\n\r\n\{"message":"Service Unavailable"\}$/);
    await expect.poll(() => records.length, { timeout: 5000 }).toBe(2);
    expect(records.map(({ message }) => message)).toEqual([
      "overload: some requests are refused with 503",
      "overload is over",
    ]);
    expect(records[1]?.detail).toMatch(new RegExp(`^${refused.length} requests were refused in [\\d.]+ s$`));
    expect(prometheusText(measures)).toContain(`\napigateway_overload_refused_total ${refused.length}\n`);
    expect((await rawRequest(port, "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n", 200)).statuses).toEqual([200]);
  });

  test("switched off, nobody is refused", async () => {
    const port = await busy(0);
    const answers = await ask(port, 40, "GET /dev/x HTTP/1.1\r\nHost: a\r\n\r\n", 2);
    expect(answers.every((answer) => answer.startsWith("HTTP/1.1 200"))).toBe(true);
    expect(records).toEqual([]);
  });
});
