import type { Docs } from "../../src/model/types.js";

export interface TagLine {
  readonly tag: string;
  readonly value: string;
}

/**
 * A JSDoc comment with its line break, or nothing when there is nothing to say. Text from the file cannot close the
 * comment or begin a tag of its own.
 */
export function docComment(
  { docs, tags }: { readonly docs: Docs; readonly tags: readonly TagLine[] },
  indent: string,
): string {
  const lines = [
    ...(docs.description === undefined ? [] : safe(docs.description).split("\n")),
    ...tags.map(({ tag, value }) =>
      value === "" ? `@${tag}` : `@${tag} ${tag === "pattern" ? safePattern(value) : oneLine(value)}`,
    ),
    ...(docs.title === undefined ? [] : [`@title ${oneLine(docs.title)}`]),
    ...(docs.default === undefined ? [] : [`@default ${oneLine(JSON.stringify(docs.default))}`]),
    ...docs.examples.map((example) => `@example ${oneLine(JSON.stringify(example))}`),
    ...(docs.deprecated ? ["@deprecated"] : []),
  ];
  if (lines.length === 0) return "";
  const [only] = lines;
  if (lines.length === 1) return `${indent}/** ${only} */\n`;
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`, ""].join("\n");
}

function safe(text: string): string {
  return text
    .replace(/\*\//g, "*\\/")
    .replace(/\r/g, "")
    .replace(/^(\s*)@/gm, "$1\\@");
}

function oneLine(text: string): string {
  return safe(text.replace(/\s*\n\s*/g, " "));
}

/** In a pattern an escaped slash means a slash. */
function safePattern(pattern: string): string {
  return pattern.replace(/\*\//g, "*\\/");
}
