import { wholeJavaPattern } from "../../src/mapping/java-pattern/index.js";
import type { IntegrationResponse, MockIntegration } from "../../src/model/integrations.js";

/** The integration response that a MOCK's status selects: the one of its pattern, else the default. */
export function mockResponse({ status, responses }: MockIntegration): IntegrationResponse | undefined {
  const byPattern = responses.find(
    ({ pattern }) => pattern !== undefined && new RegExp(wholeJavaPattern(pattern), "u").test(String(status)),
  );
  return byPattern ?? responses.find(({ pattern }) => pattern === undefined);
}

/** Whether the whole answer is known at build time: no template and no mapping that reads the request. */
export function isConstantMock(integration: MockIntegration): boolean {
  const response = mockResponse(integration);
  const templates = response?.templates ?? [];
  return (
    response?.statusRule === undefined &&
    integration.request.templates.length === 0 &&
    templates.length <= 1 &&
    templates.every(({ source }) => source.kind === "constant") &&
    (response?.headers ?? []).every(({ value }) => value.kind === "constant")
  );
}

/** Mapped headers of a constant answer, flat. */
export function constantHeaders(response: IntegrationResponse | undefined): readonly string[] {
  return (response?.headers ?? []).flatMap(({ name, value }) =>
    value.kind === "constant" ? [name, String(value.value ?? "")] : [],
  );
}
