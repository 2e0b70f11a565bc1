import type { Throttle } from "../model/gateway-model.js";
import type { ThrottleSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";

/** Account-wide defaults of AWS, requests a second and requests (aws-behaviour.md section 17). */
const account = { rate: 10_000, burst: 5_000 };

/** A token bucket. Left out, the burst is the rate, rounded up. */
export function checkThrottle(throttle: ThrottleSyntax | undefined, { report }: Checking): Throttle | undefined {
  if (throttle === undefined) return undefined;
  const rate = throttle.rate?.value ?? throttle.burst?.value;
  if (rate === undefined) return undefined;
  const burst = throttle.burst?.value ?? Math.ceil(rate);
  const over =
    rate > account.rate ? throttle.rate : burst > account.burst ? (throttle.burst ?? throttle.rate) : undefined;
  if (over) report("throttle-over-quota", over.span, { value: over.value, ...account });
  return { rate, burst };
}
