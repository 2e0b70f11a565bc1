import type { Exchange } from "../http/exchange.js";
import { configurationError } from "./failures.js";

/** MOCK with a constant answer: nothing is left to do but to give it (aws-behaviour.md 6.1). */
export function mock(x: Exchange): true {
  const { mock: target } = x.route;
  if (target === undefined) throw configurationError("the route has no MOCK integration");
  return x.answer(target.status, target.headers.slice(), target.body);
}
