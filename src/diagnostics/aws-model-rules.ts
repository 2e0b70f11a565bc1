import type { Rule } from "./rule.js";

/**
 * What API Gateway's models cannot take, and what is written for it instead. Known issues of REST APIs in the API
 * Gateway developer guide; aws-behaviour.md sections 15 and 34.
 */
export const awsModelRules = {
  "aws-model-name": {
    severity: "info",
    message: (p: { name: string; written: string }) => `on AWS the model "${p.name}" is called "${p.written}"`,
    help: () => "names of API Gateway models are alphanumeric",
    explain:
      "API Gateway takes only letters and digits in the name of a model. Others are left out for AWS; clients and handlers keep the name.",
  },
  "aws-tuple": {
    severity: "info",
    message: () => "OpenAPI 3.0 has no tuples: on AWS the items are checked in any order",
    help: () => "use an object with named properties where the order matters",
    explain:
      "In OpenAPI 3.0 `items` is one schema. The tuple is written as an array of any of its items with the right length; this gateway still checks each position.",
  },
  "aws-null": {
    severity: "info",
    message: () => "API Gateway does not read `nullable`: null is written as `enum: [null]` for AWS",
    help: () => "an optional property (`name?:`) needs no rewriting",
    explain:
      "API Gateway's models are JSON Schema draft-04, without `nullable`; OpenAPI 3.0 has no type `null`. `enum: [null]` is valid in both.",
  },
  "aws-exclusive-bound": {
    severity: "info",
    message: (p: { keyword: string }) =>
      `API Gateway does not import \`${p.keyword}\`: an equal bound is written for AWS`,
    help: () => undefined,
    explain:
      "For integers the bound moves by one. For other numbers the bound itself is excluded by `not: { enum: [bound] }`.",
  },
  "aws-closed-intersection": {
    severity: "info",
    message: () => "the closed members of this intersection are merged into one closed object",
    help: () => undefined,
    explain:
      "In JSON Schema, `allOf` of objects with `additionalProperties: false` refuses every value, as each member refuses the properties of the others. So the members are merged, and the result is closed once.",
  },
  "aws-unchecked-format": {
    severity: "info",
    message: (p: { format: string }) => `API Gateway does not check the format "${p.format}"`,
    help: () => "add @pattern where it must be checked",
    explain: "API Gateway's validator knows the formats of JSON Schema draft-04 and uuid; others are documentation.",
  },
} as const satisfies Record<string, Rule>;
