import { expect, test } from "vitest";
import { checkOutputLimits } from "../../src/checks/output-limits.js";
import { DiagnosticList } from "../../src/diagnostics/diagnostic.js";

const span = { start: 9, end: 13 };

function told(path: string, content: string) {
  const list = new DiagnosticList();
  checkOutputLimits([{ path, content, kind: "generated" }], span, list.report);
  return list.sorted();
}

function template(count: number, type: string): string {
  const resources = Array.from({ length: count }, (_, index) => [`R${index}`, { Type: type }]);
  return JSON.stringify({ Resources: Object.fromEntries(resources) });
}

test("500 resources are a template, one more is told with its way out", () => {
  const path = "cloudformation/template.json";
  expect(told(path, template(500, "AWS::Lambda::Permission"))).toEqual([]);
  expect(told(path, template(501, "AWS::Lambda::Permission"))).toMatchObject([
    {
      code: "template-over-limit",
      severity: "warning",
      span,
      message: "the CloudFormation template has 501 resources: CloudFormation takes 500",
      help: "let one function serve several routes (501 of AWS::Lambda::Permission)",
    },
  ]);
  expect(told(path, template(600, "AWS::ApiGatewayV2::Route"))[0]?.help).toContain("in the handler of $default");
});

test("a template that no request takes goes by S3, and a document that API Gateway does not import is told", () => {
  const long = JSON.stringify({ Resources: {}, Description: "x".repeat(51_200) });
  expect(told("cloudformation/template.json", long)).toMatchObject([
    { code: "template-by-bucket", severity: "info", help: expect.stringContaining("--s3-bucket") },
  ]);
  expect(told("openapi/openapi.json", "x".repeat(6_000_001))).toMatchObject([{ code: "definition-over-limit" }]);
  expect(told("openapi/openapi.json", "x".repeat(6_000_000))).toEqual([]);
});
