import { expect, test } from "vitest";
import { substitutionTemplate } from "../../src/mapping/print-substitution.js";
import type { Reference, Value } from "../../src/model/expressions.js";
import { ref, text, value } from "../support/model.js";

function object(members: Readonly<Record<string, Value>>): Value {
  return { kind: "object", members: Object.entries(members).map(([name, member]) => ({ name, value: member })) };
}

test("the message is a whole JSON string, other references stand in quotes", () => {
  const rule = object({
    message: value(ref("context.error.message")),
    requestId: value(ref("context.requestId")),
    where: { kind: "list", items: [value(ref("request.header.Host")), value(ref("stageVariables.name"))] },
    code: value(7),
  });
  expect(substitutionTemplate(rule)).toBe(
    '{"message":$context.error.messageString,"requestId":"$context.requestId",' +
      '"where":["$method.request.header.Host","$stageVariables.name"],"code":7}',
  );
});

test("texts are one string, escaped as JSON", () => {
  const rule: Value = { kind: "text", text: text('say "no": ', ref("context.error.responseType")) };
  expect(substitutionTemplate(rule)).toBe('"say \\"no\\": $context.error.responseType"');
});

test("a text that is only the message is the message", () => {
  expect(substitutionTemplate({ kind: "text", text: text(ref("context.error.message")) })).toBe(
    "$context.error.messageString",
  );
});

test("what a failed request no longer has cannot be read", () => {
  expect(substitutionTemplate(object({ a: value(ref("request.body.x")) }))).toBeUndefined();
  expect(substitutionTemplate({ kind: "text", text: text("x", ref("env.SECRET")) })).toBeUndefined();
});

test("a text does not run into the name before it", () => {
  const of = (...parts: readonly (string | Reference)[]) =>
    substitutionTemplate({ kind: "text", text: text(...parts) });
  expect(of(ref("stageVariables.host"), "name")).toBe('"${stageVariables.host}name"');
  expect(of(ref("context.requestId"), ", ", ref("stageVariables.host"))).toBe(
    '"$context.requestId, $stageVariables.host"',
  );
  expect(of(ref("context.requestId"), "s")).toBeUndefined();
});
