import { assertNever } from "../../src/invariant.js";
import { isBody, type PathStep, type Reference, type Text, type Value } from "../../src/model/expressions.js";
import { pathTail } from "./aws-text.js";
import { vtlLiteral, vtlText } from "./vtl-text.js";

/**
 * A mapping rule as the Velocity template that makes the same JSON on API Gateway. Bodies are read by `$input.json`,
 * everything else is a string. `generators/gateway/rule-code.ts` prints the same rule as JavaScript; both give the same
 * bytes (test/mapping/rules.test.ts).
 */
export function ruleTemplate(rule: Value): string {
  return new RulePrinter().json(rule);
}

/** A value as plain text, for a header or a form field: no quotes around strings, a whole body as its JSON. */
export function plainTemplate(value: Value): string {
  return new RulePrinter().plain(value);
}

/** A form of the query protocol; a value that is no plain text is sent as its JSON. */
export function formTemplate(
  prefix: string,
  fields: readonly { readonly name: string; readonly value: Value }[],
): string {
  const printed = fields.map(({ name, value }, index) => {
    const variable = `$field${index}`;
    return `&${name}=#define(${variable})${plainTemplate(value)}#end$util.urlEncode("${variable}")`;
  });
  return `${prefix}${printed.join("")}`;
}

/**
 * The directive by which a rule gives the status of an answer, on a line of its own; empty without a rule. API Gateway
 * takes a number only, and the rule's text counts where it is one.
 */
export function statusDirective(rule: Value | undefined): string {
  if (rule === undefined) return "";
  const set = (value: string) => `#set($context.responseOverride.status = ${value})`;
  if (rule.kind === "constant") return `${set(String(rule.value))}\n`;
  const text = `#define($mappedStatus)${plainTemplate(rule)}#end#set($statusText = "$mappedStatus")`;
  return `${text}#if($statusText.matches('[1-5][0-9][0-9]'))${set("$util.parseJson($statusText)")}#end\n`;
}

/** A directive that runs where a value is there: a default that is missing itself sets no parameter. */
export function whereThere(value: Value, directive: string): string {
  const references = chainOf(value);
  if (references === undefined) return directive;
  const tests = references.map((reference) => `!($${expressionOf(reference)} == $null)`);
  return `#if(${tests.join(" || ")})${directive}#end`;
}

/** The references of a value of which one has to be there; undefined where it always is. */
function chainOf(value: Value): readonly Reference[] | undefined {
  if (value.kind === "reference") return [value.reference];
  if (value.kind === "constant" && value.value === null) return [];
  if (value.kind !== "default") return undefined;
  const others = chainOf(value.otherwise);
  return others && [value.reference, ...others];
}

class RulePrinter {
  /** Variables that hold a text on its way: a name for each. */
  #variables = 0;

  json(rule: Value): string {
    switch (rule.kind) {
      case "constant":
        return vtlText(JSON.stringify(rule.value));
      case "reference":
        return isBody(rule.reference) ? jsonOf(rule.reference.path) : `"${escapedString(rule.reference)}"`;
      case "default":
        return either(
          rule.reference,
          this.json({ kind: "reference", reference: rule.reference }),
          this.json(rule.otherwise),
        );
      case "encoded":
        return this.#encoded(rule);
      case "text":
        return `"${textTemplate(rule.text)}"`;
      case "object": {
        const members = rule.members.map(({ name, value }) => `${vtlText(JSON.stringify(name))}:${this.json(value)}`);
        return `{${members.join(",")}}`;
      }
      case "list":
        return `[${rule.items.map((item) => this.json(item)).join(",")}]`;
      default:
        return assertNever(rule);
    }
  }

  plain(value: Value): string {
    switch (value.kind) {
      case "constant":
        return value.value === null ? "" : guarded(String(value.value), true);
      case "reference":
        return plainReference(value.reference);
      case "default":
        return either(value.reference, plainReference(value.reference), this.plain(value.otherwise));
      case "text":
        return value.text.parts
          .map((part, at, parts) =>
            typeof part === "string" ? guarded(part, isDirective(parts[at + 1])) : plainReference(part),
          )
          .join("");
      default:
        return this.json(value);
    }
  }

  /** JSON inside a JSON string, or in base64 inside one. The variable is made before the quotes around it begin. */
  #encoded({ as, value }: Extract<Value, { kind: "encoded" }>): string {
    const variable = `$text${this.#variables++}`;
    const made = `#define(${variable})${value.kind === "object" || value.kind === "list" ? this.json(value) : this.plain(value)}#end`;
    return as === "base64"
      ? `${made}"$util.base64Encode("${variable}")"`
      : `${made}"$util.escapeJavaScript("${variable}").replaceAll("\\\\'","'")"`;
  }
}

/**
 * A text between directives, which would swallow line ends before it and blanks behind it: a reference without a value
 * stands between, and prints nothing.
 */
function guarded(text: string, isBeforeDirective: boolean): string {
  const before = /^[ \t]*[\r\n]/.test(text) ? "$!{none}" : "";
  return `${before}${vtlText(text)}${isBeforeDirective && /\s$/.test(text) ? "$!{none}" : ""}`;
}

/** Whether what follows a part of a text begins with a directive: its end does, and a member of a body. */
function isDirective(next: string | Reference | undefined): boolean {
  return next === undefined || (typeof next === "object" && isBody(next));
}

/** One template where a reference has a value, another where it is missing or null. */
function either(reference: Reference, template: string, otherwise: string): string {
  return `#if($${expressionOf(reference)} == $null)${otherwise}#{else}${template}#{end}`;
}

function plainReference(reference: Reference): string {
  const text = `$!{${expressionOf(reference)}}`;
  if (!isBody(reference)) return text;
  const json = jsonOf(reference.path);
  // In braces, as any text may follow.
  const shown = `\${${json.slice(1)}}`;
  return reference.path.length === 0 ? shown : `${textTest(json)}${text}#{else}${shown}#{end}`;
}

/** Begins the branch for a text of a body, or for what prints as nothing; what follows `#{else}` is an object, a list, a number. */
function textTest(json: string): string {
  return `#if(${json}.startsWith('"') || ${json} == 'null')`;
}

/** The inside of a JSON string. */
function textTemplate(text: Text): string {
  return text.parts
    .map((part) => (typeof part === "string" ? vtlText(JSON.stringify(part).slice(1, -1)) : escapedString(part)))
    .join("");
}

/**
 * `escapeJavaScript` writes `\'`, which is no JSON: the documentation's own remedy. Braces end the reference, and the
 * exclamation mark has a missing value print nothing, in Velocity as on API Gateway.
 */
function escapedString(reference: Reference): string {
  const escaped = (expression: string) => `$!{util.escapeJavaScript(${expression}).replaceAll("\\\\'","'")}`;
  const text = escaped(`$${expressionOf(reference)}`);
  if (!isBody(reference)) return text;
  const json = jsonOf(reference.path);
  return reference.path.length === 0 ? escaped(json) : `${textTest(json)}${text}#{else}${escaped(json)}#{end}`;
}

function jsonOf(path: readonly PathStep[]): string {
  return `$input.json(${vtlLiteral(`$${pathTail(path)}`)})`;
}

/** A reference as Velocity reads it, without its `$`. */
function expressionOf(reference: Reference): string {
  switch (reference.kind) {
    case "path":
    case "querystring":
    case "header":
      return `input.params().${reference.kind}.get(${vtlLiteral(reference.name)})`;
    case "body":
    case "responseBody":
      return `input.path(${vtlLiteral(`$${pathTail(reference.path)}`)})`;
    case "context":
      return `context${reference.path.map(memberAccess).join("")}`;
    case "stageVariable":
      return `stageVariables${memberAccess(reference.name)}`;
    default:
      throw new Error(`the templates of API Gateway cannot read ${reference.kind}`);
  }
}

function memberAccess(name: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${vtlLiteral(name)}]`;
}
