import { describe, expect, test } from "vitest";
import { parseMockStatus } from "../../../runtime/integrations/mock-status.js";

describe("statusCode of a rendered MOCK template", () => {
  test.each([
    ['{"statusCode": 200}', 200],
    ["{ statusCode: 200 }", 200],
    ["{statusCode: 200, foo}: [ba r]}", 200],
    ['{statusCode: 200, " ": " "}', 200],
    ['{"statusCode": 200 ,, }', 200],
    [" \n{,'statusCode' : 0200,}", 200],
    ['{"a": {"statusCode": 1}, "b": [1, {"c": "}"}, \'x\'], "statusCode": 418} junk', 418],
    ['{"statusCode": -1000}', -1000],
    ['{"statusCode": 0}', 0],
    ['{"statusCode": 1, "statusCode": 2}', 2],
    ['{"status\\Code": 200}', 200],
  ])("%s is read", (text, status) => {
    expect(parseMockStatus(text)).toBe(status);
  });

  test.each([
    "",
    "{}",
    "[]",
    "200",
    '{"statusCode": "200"}',
    '{"statusCode": 200',
    '{"statusCode": 200.0}',
    '{"statusCode": 2e2}',
    '{"statusCode": 99999999999}',
    '{"statusCode" 200}',
    "{statusCode: 200, what:{}foo: [ba r]}}",
    '{"statusCode": }',
    `{"statusCode": 200, "a": ${"[".repeat(1000)}`,
    '{"__proto__": {"statusCode": 200}}',
  ])("%s is refused", (text) => {
    expect(parseMockStatus(text)).toBeUndefined();
  });

  test("reads in linear time", () => {
    const started = performance.now();
    parseMockStatus(`{statusCode: 200, a: ${"[".repeat(100_000)}`);
    parseMockStatus(`{${",".repeat(500_000)}`);
    parseMockStatus(`{"${"a".repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
