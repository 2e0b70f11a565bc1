import { places } from "../mapping/expressions/index.js";
import { substitutionTemplate } from "../mapping/print-substitution.js";
import { parseSubstitution } from "../mapping/substitution.js";
import { type GatewayResponse, type GatewayResponseType, gatewayResponseTypes } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import type { ErrorSyntax, TemplateSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readParameters, readValue } from "./expressions.js";
import { isHeaderName, isMediaType } from "./names.js";

/** `errors:` of the file: one entry a gateway response type (aws-behaviour.md section 16). */
export function checkGatewayResponses(checking: Checking): readonly GatewayResponse[] {
  return checking.syntax.errors.flatMap((error) => {
    const type = error.name.text;
    if (!isType(type)) {
      const near = nearest(type.toUpperCase(), gatewayResponseTypes);
      checking.report("unknown-error-type", error.name.span, { name: type, near });
      return [];
    }
    const named = error.headers.filter(({ name }) => isHeaderName(name, checking));
    const headers = readParameters(named, places.gatewayResponse, checking);
    return [{ type, status: error.status?.value, headers, templates: templatesOf(error, checking) }];
  });
}

function isType(name: string): name is GatewayResponseType {
  return (gatewayResponseTypes as readonly string[]).includes(name);
}

function templatesOf(error: ErrorSyntax, checking: Checking): GatewayResponse["templates"] {
  const rule = error.map && readValue(error.map, places.gatewayResponse, checking);
  const mapped = rule && substitutionTemplate(rule);
  return [
    ...(mapped === undefined ? [] : [{ mediaType: "application/json", template: mapped }]),
    ...error.templates.flatMap((template) => checkTemplate(template, checking) ?? []),
  ];
}

/** Only references are replaced there; directives of Velocity are sent as they are. */
function checkTemplate({ mediaType, text }: TemplateSyntax, checking: Checking) {
  if (mediaType && !isMediaType(mediaType, checking)) return undefined;
  const directive = /#(?:set|if|else|elseif|end|foreach|define|macro)\b|\$(?:input|util)\b/.exec(text.text);
  if (directive) {
    const end = directive.index + directive[0].length;
    const span = text.spanMap.toFile({ start: directive.index, end });
    checking.report("gateway-response-not-vtl", span, { directive: directive[0] });
  }
  for (const piece of parseSubstitution(text.text)) {
    if (piece.kind === "stageVariable") checking.variables.add(piece.name, text.span);
  }
  return { mediaType: mediaType?.text.toLowerCase() ?? "application/json", template: text.text };
}
