import type { Value } from "../../src/model/expressions.js";
import type { Integration, IntegrationResponse, Template } from "../../src/model/integrations.js";
import type { Route } from "../../src/model/routes.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";
import { plainTemplate, whereThere } from "../emit/vtl-rule.js";
import { vtlLiteral } from "../emit/vtl-text.js";
import { serviceRequest } from "./aws-service.js";
import { templateText } from "./aws-template-text.js";

/** A header or parameter that parameter mapping cannot express: a template sets it (aws-behaviour.md section 12.3). */
export interface Override {
  readonly target:
    | "requestOverride.header"
    | "requestOverride.querystring"
    | "requestOverride.path"
    | "responseOverride.header";
  readonly name: string;
  readonly value: Value;
}

/** `requestTemplates` by media type. */
export function requestTemplates(integration: Integration, route: Route, overrides: readonly Override[]): JsonObject {
  const templates =
    integration.kind === "aws" ? serviceRequest(integration).templates : textsOf(integration.request.templates);
  if (templates.length > 0) return withPrelude(templates, overrideDirectives(overrides));
  if (integration.kind === "mock")
    return withPrelude(mockTemplates(integration.status, route), overrideDirectives(overrides));
  // Something must set the overrides: a template that hands the JSON body on as it is.
  return overrides.length > 0 ? withPrelude([["application/json", "$input.body"]], overrideDirectives(overrides)) : {};
}

/** A MOCK answers by what its request template says; it is chosen by the request's type, JSON when there is none. */
function mockTemplates(status: number, route: Route): readonly MediaTemplate[] {
  const types = new Set(["application/json", ...(route.body?.mediaTypes ?? [])]);
  return [...types].map((type) => [type, `{"statusCode": ${status}}`]);
}

/** `responseTemplates` by media type, with VTL put before each. Without a template the body passes as it is. */
export function responseTemplates(response: IntegrationResponse, prelude: string, body: string): JsonObject {
  const templates = textsOf(response.templates);
  if (templates.length > 0) return withPrelude(templates, prelude);
  return prelude === "" ? {} : withPrelude([["application/json", body]], prelude);
}

type MediaTemplate = readonly [mediaType: string, text: string];

function textsOf(templates: readonly Template[]): readonly MediaTemplate[] {
  return templates.map((template) => [template.mediaType, templateText(template)]);
}

function withPrelude(templates: readonly MediaTemplate[], prelude: string): JsonObject {
  return objectOf(templates.map(([type, text]) => [type, prelude + text]));
}

/** `#set` directives, one line each; Velocity swallows the line ends. */
export function overrideDirectives(overrides: readonly Override[]): string {
  return overrides
    .map(({ target, name, value }, index) => {
      const variable = `$mapped${index}`;
      const set = `#set($context.${target}[${vtlLiteral(name)}] = "${variable}")`;
      return `#define(${variable})${plainTemplate(value)}#end${whereThere(value, set)}\n`;
    })
    .join("");
}
