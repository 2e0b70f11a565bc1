import { checkExtensions } from "./aws-options.js";
import type { Checking } from "./checking.js";
import { isFixed } from "./expressions.js";

/** What stands at the top of the file: names, place, media types, and what only this gateway checks. */
export function checkRoot(checking: Checking): void {
  const { syntax, kind, report, targets } = checking;
  const { gateway, aws } = syntax;
  if (gateway && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(gateway.text)) {
    report("bad-gateway-name", gateway.span, { name: gateway.text });
  }
  if (aws?.region && !/^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/.test(aws.region.text)) {
    report("bad-region", aws.region.span, { region: aws.region.text });
  }
  checkBinaryMediaTypes(checking);
  checkExtensions(syntax.awsOptions, checking);
  const strict = [syntax.validate, ...syntax.routes.map((route) => route.validate)].find((v) => v?.value === "strict");
  if (strict && kind === "rest" && targets.has("aws"))
    report("aws-checks-less", strict.span, { feature: "validate: strict" });
}

/** `type/*` and `*\/*` are understood, `*\/type` matches nothing (aws-behaviour.md section 9.2). */
function checkBinaryMediaTypes(checking: Checking): void {
  for (const type of checking.syntax.binaryMediaTypes ?? []) {
    if (!isFixed(type, "a media type", checking)) continue;
    if (!/^(?:\*\/\*|[\w.+!#$&^-]+\/(?:[\w.+!#$&^-]+|\*))$/.test(type.text)) {
      checking.report("bad-media-type", type.span, { type: type.text });
    }
  }
}
