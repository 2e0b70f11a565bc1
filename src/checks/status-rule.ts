import type { Place } from "../mapping/expressions/index.js";
import type { Value } from "../model/expressions.js";
import type { ScalarNode } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { type OnReference, readValue } from "./expressions.js";

/** `status:` of a response: what is constant in it is a status that API Gateway takes (aws-behaviour.md section 12.3). */
export function checkStatusRule(
  node: ScalarNode,
  place: Place,
  checking: Checking,
  found: OnReference,
): Value | undefined {
  const rule = readValue(node, { ...place, where: "the status of a response" }, checking, found);
  const constant = rule && lastOf(rule);
  if (constant === undefined || /^[1-5]\d\d$/.test(String(constant))) return rule;
  checking.report("status-not-possible", node.span, { value: String(constant) });
  return undefined;
}

/** The constant that a rule comes to in the end; undefined where it has none. */
function lastOf(rule: Value): string | number | boolean | null | undefined {
  if (rule.kind === "default") return lastOf(rule.otherwise);
  return rule.kind === "constant" ? rule.value : undefined;
}
