import type { NumberValue } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { isInRange } from "./limits.js";

const least = 50;
const platformDefault = { rest: 29_000, http: 30_000 } as const;
/** Lambda's longest run; the generated gateway waits no longer. */
const mostHere = 900_000;
const what = "the timeout, in milliseconds";

/**
 * Timeout of an integration in milliseconds: 50–29,000 on REST, up to 30,000 on HTTP APIs (aws-behaviour.md section 33). On
 * regional and private REST APIs AWS raises the quota on request; without AWS among the targets it does not hold.
 */
export function checkTimeout(timeout: NumberValue | undefined, { syntax, kind, targets, report }: Checking): number {
  const otherwise = platformDefault[kind];
  if (timeout === undefined) return otherwise;
  const canBeRaised = kind === "rest" && syntax.endpoint?.value !== "edge";
  const isBounded = targets.has("aws") && (!canBeRaised || timeout.value < least);
  const most = isBounded ? otherwise : mostHere;
  const help = timeout.value < least ? `write ${timeout.value}s for seconds` : undefined;
  if (!isInRange(timeout, { least, most, what, help }, report)) return otherwise;
  if (targets.has("aws") && timeout.value > otherwise) {
    report("timeout-over-quota", timeout.span, { value: timeout.value });
  }
  return timeout.value;
}
