import { expect, test } from "vitest";
import { createGateway } from "../../runtime/host/gateway.js";
import { RandomIds } from "../../runtime/host/random-ids.js";
import { traceContextOf } from "../../runtime/http/trace-id.js";
import { JsonLinesLogger } from "../../runtime/observe/logger.js";
import { testProgram, testRoute } from "../support/program.js";

const now = Date.UTC(2025, 3, 14);
const trace = (client?: string) => traceContextOf(client, now, new RandomIds()).text;

test("without a client's, a new root of the X-Ray form, not sampled", () => {
  expect(trace()).toMatch(/^Root=1-67fc5000-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/);
});

test("the client's Root, Parent and Sampled are kept; a Parent alone means sampled", () => {
  const root = "Root=1-5759e988-bd862e3fe1be46a994272793";
  expect(trace(root)).toMatch(new RegExp(`^${root};Parent=[0-9a-f]{16};Sampled=0$`));
  expect(trace(`${root};Parent=53995c3f42cd8ad8`)).toBe(`${root};Parent=53995c3f42cd8ad8;Sampled=1`);
  expect(trace(`sampled=0; parent=53995c3f42cd8ad8;${root}`)).toBe(`${root};Parent=53995c3f42cd8ad8;Sampled=0`);
});

test("what is not of the form is replaced, never passed on", () => {
  expect(trace("Root=a b\u0000;Parent=xyz;Sampled=maybe;Self=1")).toMatch(
    /^Root=1-67fc5000-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
  );
});

test("the id shows on answers of integrations that say so, not on errors", async () => {
  const run = (x: Parameters<ReturnType<typeof testRoute>["run"]>[0]) => {
    x.showsTraceId = true;
    if (x.query === "fail") throw new Error("no");
    return x.answer(200, [], "");
  };
  const gateway = createGateway({ program: testProgram([testRoute("GET /x", run)]) });
  const headers = ["X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8"];
  const shown = await gateway.inject({ path: "/dev/x", headers });
  expect(shown.headers.join()).toContain(
    "X-Amzn-Trace-Id,Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
  );
  const failed = await gateway.inject({ path: "/dev/x?fail", headers });
  expect(failed.headers.join()).not.toContain("Trace-Id");
});

test("ten thousand request ids are different valid UUIDs, extended ids differ too", () => {
  const ids = new RandomIds();
  const uuids = Array.from({ length: 10_000 }, () => ids.requestId());
  expect(new Set(uuids).size).toBe(10_000);
  expect(
    uuids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toEqual([]);
  const extended = Array.from({ length: 10_000 }, () => ids.extendedRequestId());
  expect(new Set(extended).size).toBe(10_000);
  expect(extended.filter((id) => !/^[\w-]{15}=$/.test(id))).toEqual([]);
});

test("a log record is one line, whatever its text", () => {
  const lines: string[] = [];
  const logger = new JsonLinesLogger(
    (line) => lines.push(line),
    () => now,
  );
  logger.write({ level: "error", message: 'a\n{"level":"error"}\u2028b' });
  expect(lines).toHaveLength(1);
  expect(lines[0]?.trimEnd().includes("\n")).toBe(false);
  expect(JSON.parse(lines[0] as string)).toEqual({
    time: "2025-04-14T00:00:00.000Z",
    level: "error",
    message: 'a\n{"level":"error"}\u2028b',
  });
});
