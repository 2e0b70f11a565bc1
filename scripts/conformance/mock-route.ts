import { createGateway } from "../../runtime/host/gateway.js";
import type { InjectedResponse } from "../../runtime/host/inject.js";
import { readBody } from "../../runtime/http/read-body.js";
import type { BodyTemplate } from "../../runtime/integrations/http-target.js";
import { mockMapped } from "../../runtime/integrations/mock-mapped.js";
import type { Passthrough } from "../../runtime/integrations/passthrough.js";
import { templateBody } from "../../runtime/integrations/template-body.js";
import type { Pipeline } from "../../runtime/program.js";
import { loadTemplate } from "../vtl/load-template.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { targetResponses } from "./http-route.js";
import { testProgram, testRoute } from "./program.js";

interface MockRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: unknown;
  readonly headers?: unknown;
  readonly body?: string;
}

const pipeline: Pipeline = async (x) => (await readBody(x)) || mockMapped(x);

/** `given` of a case whose integration is MOCK. */
export type MockCase = { readonly [name: string]: unknown };

/** One request through a gateway whose only route is MOCK with templates. */
export function runMock(given: MockCase): Promise<InjectedResponse> {
  const request = (given["request"] ?? {}) as MockRequest;
  const rendered = given["requestTemplateOutput"] as string | undefined;
  const templates =
    rendered === undefined ? compiledTemplates(given["requestTemplates"]) : new Map([["$default", rendered]]);
  const responses = targetResponses(given["integrationResponses"]).map((response) => ({
    ...response,
    templates: compiledTemplates(Object.fromEntries(response.templates)),
  }));
  const entry = testRoute(`ANY ${given["resource"] ?? "/"}`, pipeline, {
    mock: {
      status: 0,
      headers: [],
      body: "",
      mapping: { templates, passthrough: (given["passthroughBehavior"] ?? "WHEN_NO_MATCH") as Passthrough, responses },
    },
  });
  const variables = Object.entries((given["stageVariables"] ?? {}) as Record<string, string>);
  const program = testProgram([entry], {
    stages: [{ name: "dev", variables: variables.map(([name, value]) => ({ name, value })), log: "off" }],
  });
  return createGateway({ program, environment: {} }).inject({
    method: request.method ?? "GET",
    path: `/dev${request.path ?? "/"}${queryText(request.query)}`,
    headers: flatHeaders(request.headers),
    ...(request.body !== undefined && { body: request.body }),
  });
}

/** Templates by media type, compiled. */
export function compiledTemplates(templates: unknown): Map<string, BodyTemplate> {
  const entries = Object.entries((templates ?? {}) as Record<string, string>).map(([type, text]) => {
    const template = loadTemplate(text);
    if (template === undefined) throw new Error(`no template: ${text}`);
    return [type, templateBody(template)] as const;
  });
  return new Map<string, BodyTemplate>(entries);
}
