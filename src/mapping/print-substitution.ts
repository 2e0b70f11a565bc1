import { assertNever } from "../invariant.js";
import type { Reference, Text, Value } from "../model/expressions.js";

/**
 * The JSON template of a gateway response that a rule (`errors: { X: { map } }`) asks for. These templates are plain
 * substitution: a reference is replaced as it is, without quotes or escapes, so it stands in quotes here, but for
 * `$context.error.message`, which `$context.error.messageString` gives as a whole JSON string
 * (aws-behaviour.md section 16).
 *
 * @returns undefined where there is no such template: the rule reads what a failed request no longer has (bodies, the
 *   backend's answer, `env`), or in a text the next word would run into the name of a `$context` variable
 */
export function substitutionTemplate(rule: Value): string | undefined {
  switch (rule.kind) {
    case "constant":
      return JSON.stringify(rule.value);
    case "reference":
      return isMessage(rule.reference) ? "$context.error.messageString" : inQuotes(substitution(rule.reference));
    case "text":
      return textTemplate(rule.text);
    case "default":
    case "encoded":
      return undefined;
    case "object":
      return joined(
        "{",
        rule.members.map(({ name, value }) => {
          const template = substitutionTemplate(value);
          return template === undefined ? undefined : `${JSON.stringify(name)}:${template}`;
        }),
        "}",
      );
    case "list":
      return joined("[", rule.items.map(substitutionTemplate), "]");
    default:
      return assertNever(rule);
  }
}

function isMessage(reference: Reference): boolean {
  return reference.kind === "context" && /^error\.message(String)?$/.test(reference.path.join("."));
}

function textTemplate(text: Text): string | undefined {
  const [only] = text.parts;
  if (text.parts.length === 1 && typeof only === "object")
    return substitutionTemplate({ kind: "reference", reference: only });
  const parts = text.parts.map((part, index) =>
    typeof part === "string" ? JSON.stringify(part).slice(1, -1) : substitutionBefore(part, text.parts[index + 1]),
  );
  return joined('"', parts, '"', "");
}

/** A reference that the text after it does not run into: only stage variables have a form with braces. */
function substitutionBefore(reference: Reference, next: string | Reference | undefined): string | undefined {
  const runsOn = typeof next === "string" && /^(?:[\w-]|\.[A-Za-z])/.test(next);
  if (!runsOn) return substitution(reference);
  return reference.kind === "stageVariable" ? `\${stageVariables.${reference.name}}` : undefined;
}

function substitution(reference: Reference): string | undefined {
  switch (reference.kind) {
    case "context":
      return `$context.${reference.path.join(".")}`;
    case "stageVariable":
      return `$stageVariables.${reference.name}`;
    case "header":
    case "querystring":
    case "path":
      return `$method.request.${reference.kind}.${reference.name}`;
    default:
      return undefined;
  }
}

function inQuotes(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `"${text}"`;
}

function joined(
  open: string,
  parts: readonly (string | undefined)[],
  close: string,
  separator = ",",
): string | undefined {
  return parts.every((part) => part !== undefined) ? `${open}${parts.join(separator)}${close}` : undefined;
}
