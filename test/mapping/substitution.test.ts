import { expect, test } from "vitest";
import { parseSubstitution } from "../../src/mapping/substitution.js";

test("takes references out of the text around them", () => {
  expect(parseSubstitution('{"message":$context.error.messageString,"id":"$context.requestId"}')).toEqual([
    { kind: "text", text: '{"message":' },
    { kind: "context", name: "error.messageString" },
    { kind: "text", text: ',"id":"' },
    { kind: "context", name: "requestId" },
    { kind: "text", text: '"}' },
  ]);
});

test("a sentence's full stop does not belong to the name", () => {
  expect(parseSubstitution("at $context.stage.")).toEqual([
    { kind: "text", text: "at " },
    { kind: "context", name: "stage" },
    { kind: "text", text: "." },
  ]);
});

test("knows stage variables and parameters of the request", () => {
  expect(
    parseSubstitution("$stageVariables.a ${stageVariables.b} $method.request.header.X-Y $method.request.path.id"),
  ).toEqual([
    { kind: "stageVariable", name: "a" },
    { kind: "text", text: " " },
    { kind: "stageVariable", name: "b" },
    { kind: "text", text: " " },
    { kind: "parameter", in: "header", name: "X-Y" },
    { kind: "text", text: " " },
    { kind: "parameter", in: "path", name: "id" },
  ]);
});

test("directives and lone dollars are text", () => {
  expect(parseSubstitution("#if($x) $ 5$ #end")).toEqual([{ kind: "text", text: "#if($x) $ 5$ #end" }]);
});
