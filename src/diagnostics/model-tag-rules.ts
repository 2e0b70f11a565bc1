import type { Rule } from "./rule.js";

/** What can be wrong with JSDoc tags, and with patterns and values in them. */
export const modelTagRules = {
  "tag-unknown": {
    severity: "warning",
    message: (p: { name: string; near: string }) => `the tag "@${p.name}" is not known and has no effect`,
    help: (p: { name: string; near: string }) => `did you mean "@${p.near}"?`,
    explain:
      "Tags that carry meaning here: @minimum @maximum @exclusiveMinimum @exclusiveMaximum @multipleOf @minLength @maxLength @pattern @minItems @maxItems @uniqueItems @minProperties @maxProperties @additionalProperties @format @default @example @deprecated @title @readOnly @writeOnly. Other JSDoc tags are ignored, unless they look like one of these.",
  },
  "tag-value": {
    severity: "error",
    message: (p: { name: string; wanted: string }) => `"@${p.name}" needs ${p.wanted}`,
    explain: "A constraint tag is followed by its value on the same line: `@minimum 1`, `@pattern ^[a-z]+$`.",
  },
  "tag-misplaced": {
    severity: "error",
    message: (p: { name: string; kind: string }) => `"@${p.name}" has no meaning for ${p.kind}`,
    explain:
      "Numbers have @minimum, @maximum, @multipleOf; strings @minLength, @maxLength, @pattern, @format; arrays @minItems, @maxItems, @uniqueItems; objects @minProperties, @maxProperties, @additionalProperties; properties @readOnly and @writeOnly.",
  },
  "tag-duplicate": {
    severity: "error",
    message: (p: { name: string }) => `"@${p.name}" is given twice`,
    explain: "Each tag stands once in a comment, but for @example.",
  },
  "tag-conflict": {
    severity: "error",
    message: (p: { low: string; high: string }) => `"@${p.low}" and "@${p.high}" leave no value`,
    explain: "The lower bound must not exceed the upper one.",
  },
  "tag-read-write": {
    severity: "error",
    message: () => "a property that is both read-only and write-only is never there",
    help: () => "keep one of them, or remove the property",
    explain:
      "`@readOnly` is what the API answers and clients never send, `@writeOnly` what clients send and the API never answers.",
  },
  "tag-unattached": {
    severity: "warning",
    message: () => "the tags of this comment have no effect: it stands before nothing that can carry them",
    help: () => "put it before a declaration or a property; inside a type write `string & MaxLength<10>`",
    explain:
      "Constraints are read from the JSDoc comment right before an interface, a type, an enum or a property (and before a whole type expression).",
  },
  "default-mismatch": {
    severity: "error",
    message: (p: { why: string }) => `the default is not of the type that it stands for: ${p.why}`,
    explain: "`@default` is a JSON value of the property's own type. A string may be written without quotes.",
  },
  "example-mismatch": {
    severity: "warning",
    message: (p: { why: string }) => `the example is not of the type that it stands for: ${p.why}`,
    explain: "`@example` is a JSON value of the property's own type. A string may be written without quotes.",
  },
  "format-unknown": {
    severity: "warning",
    message: (p: { name: string; near: string }) => `the format "${p.name}" is not known and is not checked`,
    help: (p: { name: string; near: string }) => `did you mean "${p.near}"?`,
    explain:
      "Checked are date-time, email, hostname, ipv4, ipv6, uri and uuid. Other formats document the value; a misspelt one does nothing.",
  },
  "pattern-invalid": {
    severity: "error",
    message: (p: { detail: string }) => `the pattern is not a regular expression: ${p.detail}`,
    explain: "Patterns are ECMA 262 regular expressions, without slashes around them.",
  },
  "pattern-catastrophic": {
    severity: "error",
    message: (p: { attack: string }) => `the pattern takes exponential time, for example on ${p.attack}`,
    help: () => "remove the nested or overlapping repetition: `(a+)+` is `a+`",
    explain:
      "JavaScript's (and Java's) regular expressions backtrack. A pattern with overlapping repetitions lets a short string keep a processor busy for years, so one request could stop the gateway.",
  },
  "pattern-slow": {
    severity: "warning",
    message: (p: { degree: string; attack: string }) =>
      `the time of the pattern grows with the ${p.degree} of the text's length, for example on ${p.attack}`,
    help: () => "anchor it with ^ and $, avoid neighbouring repetitions that match the same, or add @maxLength",
    explain:
      "On a text of 10 MB, which API Gateway lets through, quadratic time is hours. With @maxLength the length is checked first.",
  },
  "pattern-unproven": {
    severity: "warning",
    message: () => "it could not be shown in time that the pattern is safe",
    help: () => "make it simpler, or add @maxLength and test it with long input",
    explain: "The analysis of a pattern is bounded in time. Backreferences and look-around are often beyond it.",
  },
} as const satisfies Record<string, Rule>;
