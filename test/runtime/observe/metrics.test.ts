import { expect, test } from "vitest";
import { ManualClock } from "../../../runtime/clock.js";
import { createGateway } from "../../../runtime/host/gateway.js";
import type { Exchange } from "../../../runtime/http/exchange.js";
import { lambdaProxy } from "../../../runtime/integrations/lambda-proxy.js";
import { EmfMetrics } from "../../../runtime/observe/emf.js";
import { Histogram } from "../../../runtime/observe/histogram.js";
import { StreamSink } from "../../../runtime/observe/line-sink.js";
import { Measures } from "../../../runtime/observe/measures.js";
import { prometheusText } from "../../../runtime/observe/prometheus.js";
import type { StageEntry } from "../../../runtime/program.js";
import { testProgram, testRoute } from "../../support/program.js";
import { lambdaOf } from "../integrations/support.js";

test("a quantile is right to 4 %, whatever the values", () => {
  const histogram = new Histogram();
  const values = Array.from({ length: 5000 }, (_, at) => 0.02 * 1.003 ** (at % 4000));
  for (const value of values) histogram.add(value);
  const sorted = values.toSorted((a, b) => a - b);
  for (const share of [0.01, 0.5, 0.9, 0.99, 1]) {
    const exact = sorted[Math.ceil(share * sorted.length) - 1] as number;
    expect(Math.abs(histogram.quantile(share) / exact - 1), `p${share}`).toBeLessThan(0.045);
  }
  expect(histogram.countUpTo(sorted[2499] as number)).toBeGreaterThanOrEqual(2500);
});

async function asked(
  metrics: "off" | "standard" | "detailed",
  { kind = "rest", methods }: { kind?: "rest" | "http"; methods?: StageEntry["methods"] } = {},
) {
  const clock = new ManualClock(1_800_000_000_000);
  const measures = new Measures();
  const lines: string[] = [];
  const emf = new EmfMetrics(new StreamSink((text) => lines.push(...text.trim().split("\n"))), clock.now.bind(clock));
  const routes = [
    testRoute("GET /ok/{id}", (x) => {
      clock.advance(20);
      return x.answer(200, [], "ok");
    }),
    testRoute("GET /bad", (x) => x.answer(404, [], "")),
    {
      ...testRoute("GET /fn", lambdaProxy),
      lambda: lambdaOf(async () => {
        clock.advance(30);
        return { statusCode: 503 };
      }),
    },
  ];
  const stages = [{ name: "dev", variables: [], log: "off" as const, metrics, ...(methods && { methods }) }];
  const observers = [
    { answered: (x: Exchange) => measures.add(x), close: async () => undefined },
    { answered: (x: Exchange) => emf.add(x), close: () => emf.close() },
  ];
  const gateway = createGateway({ program: testProgram(routes, { stages, api: { kind } }), clock, observers });
  for (const path of ["ok/1", "ok/2", "bad", "fn", "nope"]) await gateway.inject({ path: `/dev/${path}` });
  await gateway.close({ drainMs: 0 });
  return { text: prometheusText(measures), emf: lines.map((line) => JSON.parse(line)) };
}

test("Prometheus: counts by stage, errors by class, latencies of all and of the backend", async () => {
  const { text } = await asked("standard");
  const labels = 'api="test",stage="dev",canary="false"';
  expect(text).toContain(`apigateway_count_total{${labels}} 5\n`);
  expect(text).toContain(`apigateway_4xx_error_total{${labels}} 2\n`);
  expect(text).toContain(`apigateway_5xx_error_total{${labels}} 1\n`);
  expect(text).toContain(`apigateway_latency_seconds_bucket{${labels},le="0.01"} 2\n`);
  expect(text).toContain(`apigateway_latency_seconds_count{${labels}} 5\n`);
  expect(text).toContain(`apigateway_integration_latency_seconds_sum{${labels}} 0.03\n`);
  expect(text).not.toContain("resource=");
  for (const line of text.trim().split("\n"))
    expect(line).toMatch(/^(# (HELP|TYPE) .+|[a-z_0-9]+(\{.+\})? [\d.e+-]+)$/);
});

test("details are by method and resource, never by path", async () => {
  const { text } = await asked("detailed");
  expect(text).toContain(
    'apigateway_count_total{api="test",stage="dev",canary="false",method="GET",resource="/ok/{id}"} 2\n',
  );
  expect(text).not.toContain("/ok/1");
});

test("EMF: one line a series, by API Gateway's names and dimensions, with distributions", async () => {
  const { emf } = await asked("standard");
  expect(emf).toHaveLength(1);
  const [line] = emf;
  expect(line).toMatchObject({ ApiName: "test", Stage: "dev", Count: 5, "4XXError": 2, "5XXError": 1 });
  expect(line.Latency.Counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(5);
  expect(line.IntegrationLatency.Counts).toEqual([1]);
  expect(line.IntegrationLatency).toMatchObject({ Count: 1, Sum: 30 });
  expect(line.Latency).toMatchObject({ Count: 5, Sum: 70 });
  expect(Math.abs(line.IntegrationLatency.Values[0] / 30 - 1)).toBeLessThan(0.045);
  expect(line._aws.CloudWatchMetrics[0]).toMatchObject({
    Namespace: "AWS/ApiGateway",
    Dimensions: [["ApiName"], ["ApiName", "Stage"]],
  });
});

test("EMF of HTTP APIs: their own names, by ApiId", async () => {
  const { emf } = await asked("detailed", { kind: "http" });
  const [line] = emf;
  expect(line).toMatchObject({ ApiId: "abcdefghij", Stage: "dev", Count: 5, "4xx": 2, "5xx": 1 });
  expect(line).not.toHaveProperty("ApiName");
  expect(line).not.toHaveProperty("CacheHitCount");
  expect(line.DataProcessed).toBeGreaterThanOrEqual(4);
  const [{ Metrics, Dimensions }] = line._aws.CloudWatchMetrics;
  expect(Dimensions).toEqual([["ApiId"], ["ApiId", "Stage"]]);
  expect(Metrics).toContainEqual({ Name: "DataProcessed", Unit: "Bytes" });
  const ofRoute = emf.find(({ Resource }) => Resource === "/ok/{id}");
  expect(ofRoute).toMatchObject({ Method: "GET", Count: 2 });
});

test("details of single methods, as UpdateStage sets them, are those of every output", async () => {
  const { emf, text } = await asked("standard", { methods: { "GET /bad": { metrics: "detailed" } } });
  expect(emf.map(({ Resource }) => Resource)).toEqual([undefined, "/bad"]);
  expect([...new Set(text.match(/resource="[^"]*"/g))]).toEqual(['resource="/bad"']);
  const without = await asked("detailed", { methods: { "GET /bad": { metrics: "standard" } } });
  expect(without.emf.map(({ Resource }) => Resource)).toEqual([undefined, "/ok/{id}", "/fn"]);
});

test("lines that no receiver took are counted, once for all processes", () => {
  const [worker, primary] = [new Measures(), new Measures()];
  let given = 0;
  worker.linesGivenUp = () => given;
  given = 3;
  primary.merge(worker.take());
  expect(worker.droppedLines).toBe(0);
  given = 5;
  primary.merge(worker.take());
  primary.merge(worker.take());
  expect(prometheusText(primary)).toContain("\napigateway_log_lines_dropped_total 5\n");
});

test("metrics: off counts nothing", async () => {
  const { text, emf } = await asked("off");
  expect(text).not.toContain('stage="dev"');
  expect(emf).toEqual([]);
});
