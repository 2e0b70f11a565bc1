import type { Rule } from "./rule.js";

type Near = { readonly near: string | undefined };

const didYouMean = ({ near }: Near): string | undefined => (near === undefined ? undefined : `did you mean "${near}"?`);

export const mappingRules = {
  "template-syntax": {
    severity: "error",
    message: (p: { problem: string }) => p.problem,
    help: () => "the template is Velocity 1.7, as API Gateway runs it",
    explain: `Velocity cannot parse this template, so API Gateway would refuse it or answer 500.

Often it is a directive without its "#end", an "#else" too many, a quote that is not closed, or "3-1" where blanks are
needed ("3 - 1"). A double quote inside a double-quoted text is written twice: "say ""hi""". A text that ends with "$" or
"#" is refused too.`,
  },
  "template-too-long": {
    severity: "error",
    message: (p: { bytes: number; most: number }) => `the template has ${p.bytes} bytes, API Gateway takes ${p.most}`,
    explain: "API Gateway limits a mapping template to 300 KB.",
  },
  "unknown-context-variable": {
    severity: "error",
    message: (p: { name: string } & Near) => `"$context" has no variable "${p.name}"`,
    help: didYouMean,
    explain: `API Gateway documents the variables of "$context"; a name that is not among them prints nothing.

Variables that exist in access logs only ("$context.integration.latency", "$context.status" …) have no value in a
mapping template, and "$context.error" has one in gateway responses only.`,
  },
  "context-variable-elsewhere": {
    severity: "error",
    message: (p: { name: string; where: string }) => `"$context.${p.name}" has a value in ${p.where} only`,
    help: () => "in a mapping template it prints nothing",
    explain: `Some variables of "$context" come into being after the templates have run: latencies and statuses are for
access logs, "$context.error" is for gateway responses.`,
  },
  "context-variable-of-rest": {
    severity: "warning",
    message: (p: { name: string }) => `"$context.${p.name}" is listed for REST APIs, not for WebSocket APIs`,
    help: () => "on AWS it may print nothing; the generated gateway has it where an event has it",
    explain: `API Gateway's reference of WebSocket mapping templates has a list of variables of its own, without the request that a message
lacks: no method, path or resource, and no overrides. Its page on parameter mapping of WebSocket APIs refers to the list of REST APIs.
What stands in both lists, and $context.connectionId, eventType, messageId, routeKey and status, is there for certain.`,
  },
  "unknown-input-member": {
    severity: "error",
    message: (p: { name: string } & Near) => `"$input" has no member "${p.name}"`,
    help: (p: Near) => didYouMean(p) ?? '"$input" has body, json(path), path(path) and params(name)',
    explain: `"$input" offers "body", "json('$.path')", "path('$.path')", "params()" and "params('name')". Anything else
prints nothing.`,
  },
  "unknown-util-function": {
    severity: "error",
    message: (p: { name: string } & Near) => `"$util" has no function "${p.name}"`,
    help: (p: Near) =>
      didYouMean(p) ?? '"$util" has escapeJavaScript, parseJson, urlEncode, urlDecode, base64Encode and base64Decode',
    explain: `API Gateway's "$util" is small: escapeJavaScript, parseJson, urlEncode, urlDecode, base64Encode and
base64Decode. What AppSync adds ("$util.toJson", "$util.error" …) does not exist here.`,
  },
  "template-variable-never-set": {
    severity: "warning",
    message: (p: { name: string } & Near) => `nothing sets "$${p.name}": it prints nothing`,
    help: (p: Near) => didYouMean(p) ?? 'a literal dollar sign is written with #[[$]]#, or comes from #set($d = "$")',
    explain: `A reference that no "#set", "#foreach", "#define" or macro parameter gives a value prints nothing in API
Gateway. If the text is meant to hold a dollar sign ("$schema"), write #[[$schema]]#.`,
  },
  "unknown-directive": {
    severity: "warning",
    message: (p: { name: string } & Near) => `"#${p.name}" is no directive: it is printed as text`,
    help: didYouMean,
    explain: `A word after "#" that is neither a directive nor a macro of the template is text. Where it is nearly the name
of a directive it is probably a slip.`,
  },
  "invalid-json-path": {
    severity: "error",
    message: (p: { path: string; problem: string }) => `"${p.path}" is no JSONPath: ${p.problem}`,
    explain: `The argument of "$input.path" and "$input.json" is a JSONPath as Jayway's JsonPath reads it. Names with
blanks or dots stand in brackets: $['my name'].`,
  },
  "path-not-in-model": {
    severity: "error",
    message: (p: { name: string; where: string } & Near) => `${p.where} has no "${p.name}"`,
    help: didYouMean,
    explain: `The template reads a field that the declared type of the payload does not have, so it always finds nothing.
Correct the name, or declare the field in the model.`,
  },
  "template-regex": {
    severity: "error",
    message: (p: { pattern: string; problem: string }) => `the pattern "${p.pattern}" cannot run here: ${p.problem}`,
    help: () => "write it without look-around, back references and possessive quantifiers",
    explain: `Patterns of templates run on an engine whose time is linear in the text, so that no request can hold the
gateway. It has no look-ahead, look-behind, back references, possessive quantifiers, atomic groups and class
intersections.`,
  },
  "template-not-json": {
    severity: "error",
    message: (p: { problem: string }) => `this can never be JSON: ${p.problem}`,
    help: () => "the declared type of the payload is JSON; check quotes, commas and brackets",
    explain: `What the template prints is declared to be JSON, and whatever its references print, it is not. Only
templates for which that is certain are reported.`,
  },
  "json-single-quote": {
    severity: "warning",
    message: () => "a value with a single quote would make this no JSON: escapeJavaScript writes it as \\'",
    help: () => `append .replaceAll("\\\\'","'")`,
    explain: `$util.escapeJavaScript makes the inside of a JavaScript string, in which a single quote is written \\'. JSON has no such
escape, so that a parser refuses the text. The developer guide's remedy: $util.escapeJavaScript($x).replaceAll("\\\\'","'").
Rules (map:) do it by themselves, and $input.json('$.x') gives JSON as it is.`,
  },
  "status-not-possible": {
    severity: "error",
    message: (p: { value: string }) => `"${p.value}" is no status from 100 to 599`,
    help: () => "give a whole number such as 404, or an expression: status: $response.body.error.status ?? 502",
    explain: `"status" of a response gives the status that is sent instead of the response's own. API Gateway takes whole
numbers from 100 to 599 ("$context.responseOverride.status"), and ignores anything else.`,
  },
  "overridden-twice": {
    severity: "error",
    message: (p: { name: string }) => `"$context.${p.name}" is overridden a second time`,
    help: () => "build its value in a variable, and override it once at the end",
    explain: `An override of a parameter, a header or the status is final: API Gateway answers 5XX when a template overrides the same one
twice, and the generated gateway does too. Templates of the request and of the response each override for themselves.`,
  },
  "status-set-twice": {
    severity: "error",
    message: () => 'the response has a rule for its status: its template cannot handle "responseOverride.status" too',
    help: () => 'take out "status" of the response, or the line of the template',
    explain: `API Gateway answers 5XX when a template overrides the same value twice. "status" of a response is such an
override: on AWS it stands before the template.`,
  },
} as const satisfies Record<string, Rule>;
