import type { Report } from "../diagnostics/diagnostic.js";
import { constantJson, type Place } from "../mapping/expressions/index.js";
import type { Template } from "../model/integrations.js";
import type { Parameter } from "../model/routes.js";
import type { Type } from "../model/types.js";
import { nearest } from "../nearest.js";
import type { Node, TemplateSyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { type OnReference, readValue } from "./expressions.js";
import { isMediaType } from "./names.js";

export interface TemplatePlace {
  readonly kind: "request" | "response";
  readonly place: Place;
  /** Type of the payload that the template reads, where it is declared. */
  readonly bodyType: Type | undefined;
  /** Whether the file declares that what is made is JSON. */
  readonly givesJson?: boolean;
  readonly found?: OnReference | undefined;
  /** Parameters that the route declares, in its path too. */
  readonly parameters: readonly Parameter[];
  /** Whether a rule of the response gives its status: a template that does so too would override it twice. */
  readonly setsStatus?: boolean;
  /** Whether templates are named by the values of a selection expression, not by media types. */
  readonly keysAreSelected?: boolean;
}

interface Mapped {
  readonly map: Node | undefined;
  readonly templates: readonly TemplateSyntax[];
}

/** The body templates of a request or response: the rule under `map`, and VTL by media type. */
export async function checkTemplates(
  { map, templates }: Mapped,
  place: TemplatePlace,
  checking: Checking,
): Promise<readonly Template[]> {
  const rule = map && ruleTemplate(map, place, checking);
  const written = await Promise.all(templates.map((template) => checkTemplate(template, place, checking)));
  const all = [rule, ...written].filter((template) => template !== undefined);
  const seen = new Set<string>();
  for (const template of templates) {
    const type = keyOf(template, place);
    const isTwice = seen.has(type) || (map !== undefined && type === keyOf({ mediaType: undefined }, place));
    if (isTwice && template.mediaType) checking.report("template-twice", template.mediaType.span, { type });
    seen.add(type);
  }
  return all;
}

/** A rule for JSON; without expressions it is known at build time. */
export function ruleTemplate(map: Node, where: TemplatePlace, checking: Checking): Template | undefined {
  const rule = readValue(map, where.place, checking, where.found);
  if (rule === undefined) return undefined;
  const constant = constantJson(rule);
  const source: Template["source"] =
    constant === undefined ? { kind: "rule", rule } : { kind: "constant", text: JSON.stringify(constant) };
  return { mediaType: keyOf({ mediaType: undefined }, where), source };
}

/** Media types have no case, what a selection expression yields has; one that has no name is the only one, or catches all. */
function keyOf({ mediaType }: Pick<TemplateSyntax, "mediaType">, { keysAreSelected }: TemplatePlace): string {
  if (keysAreSelected) return mediaType?.text ?? "$default";
  return mediaType?.text.toLowerCase() ?? "application/json";
}

async function checkTemplate(
  template: TemplateSyntax,
  place: TemplatePlace,
  checking: Checking,
): Promise<Template | undefined> {
  const { mediaType, text } = template;
  const isFree = place.keysAreSelected || mediaType === undefined || mediaType.text === "$default";
  if (!isFree && !isMediaType(mediaType, checking)) return undefined;
  const type = keyOf(template, place);
  if (!/[$#\\]/.test(text.text)) return { mediaType: type, source: { kind: "constant", text: text.text } };
  const isFine = await checkVtl(text, type, place, checking);
  const { line } = checking.source.position(text.spanMap.toFile({ start: 0, end: 0 }).start);
  return isFine ? { mediaType: type, source: { kind: "vtl", text: text.text, line } } : undefined;
}

/** Parses and checks a Velocity template; its spans are moved into the file. */
async function checkVtl(
  text: TextValue,
  mediaType: string,
  { kind, place, bodyType, givesJson, parameters, setsStatus = false, keysAreSelected }: TemplatePlace,
  checking: Checking,
): Promise<boolean> {
  const { checkTemplateText } = await import("../mapping/vtl/index.js");
  const report: Report = (code, span, params, extras) => {
    const notes = extras?.notes?.map((note) => ({ ...note, span: text.spanMap.toFile(note.span) }));
    checking.report(code, text.spanMap.toFile(span), params, notes ? { ...extras, notes } : extras);
  };
  const facts = checkTemplateText(text.text, {
    kind,
    report,
    context: place.context === "socket" ? "socket" : "mapping",
    bodyType,
    lookupModel: checking.types.lookup,
    givesJson: givesJson === true && (keysAreSelected === true || mediaType === "application/json"),
    isJson: /^application\/(?:.*\+)?json$/.test(mediaType),
  });
  const ofStatus = facts?.contextNames.find(({ name }) => name === "responseOverride.status");
  if (setsStatus && ofStatus) checking.report("status-set-twice", text.spanMap.toFile(ofStatus.span), {});
  for (const { name, span } of facts?.stageVariables ?? []) checking.variables.add(name, text.spanMap.toFile(span));
  for (const { name, span } of facts?.params ?? []) {
    const near = nearParameter(name, parameters);
    if (near !== undefined) checking.report("undeclared-parameter", text.spanMap.toFile(span), { name, near });
  }
  if (facts?.usesAllStageVariables) checking.variables.readAll();
  return facts !== undefined;
}

/** `$input.params('x')` looks in path, query and headers, the latter without regard to case. */
function nearParameter(name: string, parameters: readonly Parameter[]): string | undefined {
  const names = parameters.map((parameter) => parameter.name);
  const isKnown = names.some((known) => known.toLowerCase() === name.toLowerCase());
  return isKnown || name.length <= 3 ? undefined : nearest(name, names);
}
