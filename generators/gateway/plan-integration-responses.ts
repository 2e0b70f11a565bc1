import { wholeJavaPattern } from "../../src/mapping/java-pattern/index.js";
import type { Integration } from "../../src/model/integrations.js";
import { code, type Planned, stringLiteral } from "../emit/code-literal.js";
import { planChanges, planMappings } from "./plan-mappings.js";
import type { TemplatePlans } from "./plan-templates.js";
import { answerSelectionCode } from "./print-selections.js";

/** Integration responses, of which the backend's status or the function's error selects one. */
export function planResponses(integration: Integration, templates: TemplatePlans): Planned {
  return integration.responses.map((response) => ({
    status: response.status,
    pattern: response.pattern === undefined ? code("undefined") : code(wholeMatch(response.pattern)),
    ...(response.statusRule && { statusRule: templates.statusOf(response.statusRule) }),
    headers: planMappings(response.headers),
    templates: templates.mapOf(response.templates, "response"),
    contentHandling: response.contentHandling,
    selectTemplate: response.templateSelection && code(answerSelectionCode(response.templateSelection)),
  }));
}

/** Changes that an HTTP API makes to answers, by the backend's status. */
export function planAnswerChanges({ responses }: Integration): Planned {
  return responses.map((response) => ({
    status: response.status,
    pattern: code(wholeMatch(response.pattern ?? String(response.status))),
    headers: planChanges(response.headers),
    templates: code("new Map()"),
  }));
}

/** A selection pattern must match the whole status (aws-behaviour.md section 10). */
function wholeMatch(pattern: string): string {
  return `new RegExp(${stringLiteral(wholeJavaPattern(pattern))}, "u")`;
}
