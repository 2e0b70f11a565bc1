/** What mapping rules call that are compiled straight to JavaScript; each gives what the printed VTL gives on AWS. */
import { escapeJavaScript, urlEncode } from "./host/util-object.js";
import type { BodyParts } from "./json/body-parts.js";

export { bodyParts } from "./json/body-parts.js";

import { otherPath } from "./json/plain-path.js";
import type { JsonPath } from "./jsonpath/path.js";
import type { ContextName, TemplateScope } from "./template-scope.js";
import { JavaMap } from "./values/collections.js";
import { jsonText } from "./values/json-text.js";
import { printedText } from "./values/printed.js";
import type { Value } from "./values/value.js";

/** The inside of a JSON string: as `$util.escapeJavaScript` has it, its `\'` taken back, which is no JSON. */
export function escaped(text: string): string {
  if (plain.test(text)) return text;
  const made = escapeJavaScript(text);
  return made.includes("'") ? made.replaceAll("\\'", "'") : made;
}

const plain = /^[ !#-&(-[\]-~]*$/;

/** A text of the request; a missing one is empty. */
export function pathParam({ input }: TemplateScope, name: string): string | undefined {
  return input.params.path.get(name);
}

export function queryParam({ input }: TemplateScope, name: string): string | undefined {
  return input.params.querystring.get(name);
}

export function headerParam({ input }: TemplateScope, name: string): string | undefined {
  return input.params.header.get(name);
}

export function stageText(r: TemplateScope, name: string): string | undefined {
  return shown(r, r.stageVariables.get(name));
}

/** A `$context` variable as it prints; undefined where there is none. */
export function contextText(r: TemplateScope, variable: ContextName): string | undefined {
  const { input } = r;
  const text = input.contextText === undefined ? null : input.contextText(variable);
  return text === null ? contextValue(r, variable) : text;
}

function contextValue(r: TemplateScope, { path }: ContextName): string | undefined {
  let value: Value = r.context;
  for (const name of path) {
    if (!(value instanceof JavaMap)) return undefined;
    value = value.member(name) ?? null;
  }
  return shown(r, value);
}

function shown(r: TemplateScope, value: Value): string | undefined {
  if (typeof value === "string") return value;
  return value === null ? undefined : printedText(value, r.budget);
}

/** A value of a body as JSON: one of the parts that a rule reads of it. */
export function partJson(r: TemplateScope, parts: BodyParts, slot: number): string {
  const text = r.found(parts)?.json(slot);
  return text === undefined ? r.jsonOf(parts.paths[slot] as JsonPath) : r.budget.text(text);
}

/** Whether a part is there, and not null. */
export function partHas(r: TemplateScope, parts: BodyParts, slot: number): boolean {
  return r.found(parts)?.has(slot) ?? bodyHas(r, parts.paths[slot] as JsonPath);
}

/** A part as plain text. */
export function partText(r: TemplateScope, parts: BodyParts, slot: number): string {
  const text = r.found(parts)?.text(slot);
  return text === undefined ? bodyText(r, parts.paths[slot] as JsonPath) : r.budget.text(text);
}

/** Whether a body has something there: neither missing nor null. */
export function bodyHas(r: TemplateScope, path: JsonPath): boolean {
  const plain = r.plainAt(path);
  return ((plain === otherPath ? r.read(path) : plain) ?? null) !== null;
}

/** A value of a body as plain text: a string as it is, all else as its JSON; missing and null are empty. */
export function bodyText(r: TemplateScope, path: JsonPath): string {
  const plain = r.plainAt(path);
  if (plain !== otherPath) {
    if (typeof plain === "string") return plain;
    return plain === undefined || plain === null ? "" : r.budget.text(JSON.stringify(plain));
  }
  const value = r.read(path) ?? null;
  if (typeof value === "string") return value;
  return value === null ? "" : r.budget.text(jsonText(value, r.budget));
}

/** A field of a form. */
export function formText(r: TemplateScope, text: string): string {
  return r.budget.text(urlEncode(text));
}

export function base64Text(r: TemplateScope, text: string): string {
  return r.budget.text(Buffer.from(text, "utf8").toString("base64"));
}
