import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { answerStatus } from "./answer-status.js";
import type { Payload } from "./binary.js";
import { configurationError } from "./failures.js";
import type { BodyTemplate } from "./http-target.js";
import { mappedHeaders } from "./mapped-response.js";
import { parseMockStatus } from "./mock-status.js";
import { choosePayload, chooseResponseTemplate } from "./passthrough.js";
import { selectResponse } from "./response-selection.js";

/**
 * MOCK with templates: the request template yields a status, that selects an integration response, its template and
 * mappings make the answer. The client's body reaches the request template only (aws-behaviour.md 6.1).
 */
export function mockMapped(x: Exchange): true {
  const mapping = x.route.mock?.mapping;
  if (mapping === undefined) throw configurationError("the route has no MOCK integration with templates");
  const choice = choosePayload(x, mapping.templates, mapping.passthrough);
  if (choice.kind === "refused") throw new GatewayError("UNSUPPORTED_MEDIA_TYPE");
  const body = x.body.toString("utf8");
  const template = choice.kind === "template" ? mapping.templates.get(choice.key) : undefined;
  const status = parseMockStatus(template === undefined ? body : textOf(x, template, body));
  if (status === undefined) throw configurationError("Unable to parse statusCode. It should be an integer");
  const response = selectResponse(mapping.responses, String(status));
  x.backend = { status, headers: [], body: noBody };
  x.status = response.status;
  const key = chooseResponseTemplate(x, response);
  const answer = key === undefined ? "" : textOf(x, response.templates.get(key) ?? "", "");
  const headers = mappedHeaders(x, response, key ?? "application/json");
  return x.answer(answerStatus(x, response, noPayload), headers, answer);
}

function textOf(x: Exchange, template: BodyTemplate, payload: string): string {
  return typeof template === "string" ? template : template(x, payload);
}

const noBody = Buffer.alloc(0);
const noPayload: Payload = { kind: "text", text: "" };
