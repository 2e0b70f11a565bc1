import type { TargetText } from "../program.js";

/** A target text of one stage: text, and the names of path parameters between it. */
export type StageText = readonly (string | { readonly path: string })[];

/**
 * Puts stage variables and environment into a target text. A variable that the stage does not have becomes the empty
 * string (aws-behaviour.md 6.7). Adjacent text is joined.
 */
export function resolveText(
  text: TargetText,
  variables: ReadonlyMap<string, string>,
  environment: ReadonlyMap<string, string>,
): StageText {
  const parts: (string | { readonly path: string })[] = [];
  for (const part of typeof text === "string" ? [text] : text) {
    if (typeof part === "object" && "path" in part) parts.push(part);
    else append(parts, resolved(part));
  }
  return parts;

  function resolved(part: string | { readonly stageVariable: string } | { readonly env: string }): string {
    if (typeof part === "string") return part;
    return ("env" in part ? environment.get(part.env) : variables.get(part.stageVariable)) ?? "";
  }
}

function append(parts: (string | { readonly path: string })[], text: string): void {
  const last = parts.at(-1);
  if (typeof last === "string") parts[parts.length - 1] = last + text;
  else if (text !== "") parts.push(text);
}

/** The text, when no path parameter is in it. */
export function plainText(text: StageText): string | undefined {
  return text.every((part) => typeof part === "string") ? text.join("") : undefined;
}
