import type { Rule } from "./rule.js";
import { yamlRules } from "./yaml-rules.js";

interface Near {
  readonly near: string | undefined;
}

const didYouMean = (p: Near) => (p.near ? `did you mean "${p.near}"?` : undefined);

/** What can be wrong with the shape: keys, types of values, words. */
const shapeRules = {
  "unknown-key": {
    severity: "error",
    message: (p: { name: string; owner: string; keys: readonly string[]; way?: string | undefined } & Near) =>
      `${p.owner} has no key "${p.name}"`,
    help: (p: { keys: readonly string[]; way?: string | undefined } & Near) =>
      p.way ?? didYouMean(p) ?? `its keys are ${p.keys.join(", ")}`,
    explain:
      "Unknown keys are errors, because a misspelt key that is ignored is a setting that is not made. Options of API Gateway without a key of their own go under `aws-options`, by AWS's name.",
  },
  "missing-key": {
    severity: "error",
    message: (p: { name: string; owner: string; help: string | undefined }) => `${p.owner} needs "${p.name}"`,
    help: (p: { help: string | undefined }) => p.help,
    explain: "Nearly every key has a default. This one has none.",
  },
  "missing-one-of": {
    severity: "error",
    message: (p: { names: readonly string[]; owner: string; help: string | undefined }) =>
      `${p.owner} needs one of ${listOf(p.names)}`,
    help: (p: { help: string | undefined }) => p.help,
    explain: "These keys are alternatives, and one of them must be there: it says what the rest is about.",
  },
  "conflicting-keys": {
    severity: "error",
    message: (p: { name: string; other: string; owner: string }) =>
      `${p.owner} has both "${p.other}" and "${p.name}", which exclude each other`,
    explain: "These keys are alternatives. Keep the one that is meant.",
  },
  "key-without": {
    severity: "error",
    message: (p: { name: string; needed: readonly string[] }) =>
      `"${p.name}" has a meaning only beside ${listOf(p.needed)}`,
    explain: "The key belongs to a form of its owner that is not used here, so it would do nothing.",
  },
  "wrong-type": {
    severity: "error",
    message: (p: { expected: string; found: string; help?: string | undefined }) =>
      `expected ${p.expected}, found ${p.found}`,
    help: (p: { help?: string | undefined }) => p.help,
    explain: "Each key takes values of certain types; `schemas/gateway.schema.json` lists them, and editors show them.",
  },
  "wrong-word": {
    severity: "error",
    message: (p: { text: string; words: readonly string[] } & Near) => `"${p.text}" is not one of ${listOf(p.words)}`,
    help: didYouMean,
    explain: "The key takes one of a few words, in lower case or as AWS writes them.",
  },
  "wrong-number": {
    severity: "error",
    message: (p: { text: string; wanted: string }) => `${p.text} is not ${p.wanted}`,
    explain: "Numbers have the range that API Gateway gives them.",
  },
  "number-text": {
    severity: "error",
    message: (p: { text: string; fixed: string }) => `"${p.text}" is a text to YAML 1.2, not a number`,
    help: (p: { fixed: string }) => `write ${p.fixed}`,
    explain: "YAML 1.2 has no separators in numbers, and reads what is in quotes as a text.",
  },
  "number-leading-zero": {
    severity: "error",
    message: (p: { text: string; fixed: string }) =>
      `${p.text} begins with a zero, which some readers of YAML take for octal`,
    help: (p: { fixed: string }) => `write ${p.fixed}`,
    explain: "YAML 1.1 read 0123 as 83, YAML 1.2 reads 123. A number that means two things is refused.",
  },
  "boolean-word": {
    severity: "error",
    message: (p: { text: string; fixed: string }) => `"${p.text}" is a text to YAML 1.2, not a boolean`,
    help: (p: { fixed: string }) => `write ${p.fixed}`,
    explain: "on, off, yes and no were booleans in YAML 1.1. In YAML 1.2 only true and false are.",
  },
  "type-needs-quotes": {
    severity: "error",
    message: (p: { found: string; fixed: string | undefined }) => `a type is a text, and this is ${p.found} to YAML`,
    help: (p: { fixed: string | undefined }) =>
      p.fixed ? `write it in quotes: ${p.fixed}` : "write it in quotes, or name it under `models`",
    explain:
      'Types are TypeScript type expressions. `{ id: uuid }` and `[string, number]` look like a map and a list to YAML, so they need quotes: "{ id: uuid }".',
  },
  "inexact-number": {
    severity: "error",
    message: (p: { text: string; value: string }) => `"${p.text}" would be read as ${p.value}`,
    help: () => "write it in quotes, as a text; ids are texts to most readers of JSON",
    explain:
      "Readers of JSON, JavaScript's among them, keep numbers as doubles: whole numbers beyond 2^53 lose their last digits, and what is larger than 1.8e308 is none.",
  },
  "text-cut-by-comment": {
    severity: "warning",
    message: (p: { rest: string }) => `"${p.rest}" is a comment to YAML, and not part of this text`,
    help: () => "put the text in quotes; or write a space after the #, if it is a comment",
    explain: "In an unquoted text, a # after a space begins a comment.",
  },
  "wrong-key": {
    severity: "error",
    message: (p: { name: string; wanted: string }) => `"${p.name}" is not ${p.wanted}`,
    explain: "The keys of this map have a form of their own.",
  },
  "wrong-text": {
    severity: "error",
    message: (p: { text: string; wanted: string }) => `"${p.text}" is not ${p.wanted}`,
    explain: "The value has a form of its own, which the key's description in the schema tells.",
  },
  "empty-text": {
    severity: "error",
    message: (p: { expected: string }) => `expected ${p.expected}, found an empty text`,
    explain: "An empty text names nothing.",
  },
  "too-many-mistakes": {
    severity: "error",
    message: (p: { limit: number }) => `there are more than ${p.limit} mistakes; the others are not shown`,
    explain: "Mistakes of text and shape are told all at once, up to a number that no person reads.",
  },
} as const satisfies Record<string, Rule>;

export const syntaxRules = { ...yamlRules, ...shapeRules } as const satisfies Record<string, Rule>;

function listOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted[quoted.length - 1]}`;
}
