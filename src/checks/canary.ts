import { places } from "../mapping/expressions/index.js";
import type { Canary } from "../model/gateway-model.js";
import type { CanarySyntax, TextValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readExpression } from "./expressions.js";
import { checkVariables } from "./stage-variables.js";

/** A canary beside a stage's deployment (aws-behaviour.md section 19). */
export function checkCanary(canary: CanarySyntax | undefined, checking: Checking): Canary | undefined {
  if (canary?.percent === undefined) return undefined;
  return {
    percent: canary.percent.value,
    variables: checkVariables(canary.variables, checking),
    useStageCache: canary.useStageCache?.value ?? false,
    sticky: canary.sticky && checkSticky(canary.sticky, checking),
    header: canary.header && checkHeader(canary.header, checking),
  };
}

function checkSticky(text: TextValue, checking: Checking): Canary["sticky"] {
  const read = readExpression(text, places.canary, checking);
  if (read?.kind === "header") return { from: "header", name: read.name.toLowerCase() };
  if (read?.kind === "querystring") return { from: "querystring", name: read.name };
  if (read?.kind !== "context") return undefined;
  const name = read.path.join(".");
  if (name === "identity.sourceIp") return { from: "sourceIp" };
  checking.report("bad-sticky-key", text.span, { expression: `$context.${name}` });
  return undefined;
}

/** RFC 9110 section 5.1: a token. */
function checkHeader(name: TextValue, { report }: Checking): string | undefined {
  if (/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/.test(name.text)) return name.text.toLowerCase();
  report("bad-canary-header", name.span, { name: name.text });
  return undefined;
}
