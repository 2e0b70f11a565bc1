import type { Rule } from "./rule.js";

/** What is wrong with an expression or an interpolation. */
export const expressionRules = {
  "bad-expression": {
    severity: "error",
    message: (p: { message: string; near: string | undefined }) => p.message,
    help: (p: { near: string | undefined }) =>
      p.near ? `did you mean "${p.near}"?` : "a dollar sign that is meant as such is written $$",
    explain:
      "A value that begins with a dollar sign and a letter is an expression: $request.path.x, $request.querystring.x,\n$request.header.x, $request.body.x, $response.header.x, $response.body.x, $context.x, $stageVariables.x.\nInside a string it is written ${…}. A literal dollar sign is $$.",
  },
  "unclosed-interpolation": {
    severity: "error",
    message: () => "the brace is not closed",
    help: () => "close it with }; a literal ${ is written $${",
    explain: "`${…}` puts a value into a string; `{…}` in an address is a path parameter.",
  },
  "reference-not-here": {
    severity: "error",
    message: (p: { reference: string; place: string }) => `${p.reference} cannot stand in ${p.place}`,
    explain:
      "What a value may refer to depends on where it stands: a request's mapping sees the request, a response's mapping the\nresponse and the request's parameters, a gateway response the parameters and $context; configuration sees stage variables\nand the environment only.",
  },
  "parameter-not-scalar": {
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" needs a text, a number or an expression`,
    explain: "A header, query parameter or path parameter holds one value; objects and lists belong into `map`.",
  },
} as const satisfies Record<string, Rule>;
