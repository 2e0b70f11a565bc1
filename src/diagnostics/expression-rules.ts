import type { Rule } from "./rule.js";

const grammar =
  'Expressions are $request.path.x, $request.querystring.x, $request.header.x, $request.body.a.b[0], $response.header.x,\n$response.body.x, $response.status, $context.x and $stageVariables.x. Inside a string they stand in ${…}, and ${env.X} is\nread when the gateway starts. A literal dollar sign is $$. Names with other characters are written ["a name"].';

/** What is wrong with an expression or an interpolation. */
export const expressionRules = {
  "expression-syntax": {
    severity: "error",
    message: (p: { problem: string }) => `this expression is not understood: ${p.problem}`,
    help: (p: { near?: string | undefined }) =>
      p.near
        ? `did you mean "${p.near}"?`
        : 'inside a text an expression is written ${…}; a literal "$" is written "$$"',
    explain: grammar,
  },
  "unknown-expression-root": {
    severity: "error",
    message: (p: { name: string; near: string | undefined }) => `there is no "$${p.name}"`,
    help: (p: { near: string | undefined }) =>
      p.near ? `did you mean "$${p.near}"?` : "a literal dollar sign is written $$",
    explain: grammar,
  },
  "expression-not-here": {
    severity: "error",
    message: (p: { expression: string; where: string; reads: string }) =>
      `"${p.expression}" cannot stand in ${p.where}`,
    help: (p: { reads: string }) => (p.reads === "" ? "write a plain text" : `it can read ${p.reads}`),
    explain:
      "What an expression can read depends on where it stands: the mapping of a request sees the request, that of a response the\nresponse and the request's parameters, a gateway response the parameters and $context, configuration stage variables and\nthe environment.",
  },
  "expression-in-text": {
    severity: "warning",
    message: (p: { expression: string; braced: string }) => `"${p.expression}" inside a text is not an expression`,
    help: (p: { braced: string }) => `write ${p.braced}; a literal dollar sign is $$`,
    explain: `A value that is wholly a reference is an expression; inside a text it needs braces.\n${grammar}`,
  },
} as const satisfies Record<string, Rule>;
