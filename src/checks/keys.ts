import { places } from "../mapping/expressions/index.js";
import { constantText } from "../model/expressions.js";
import type { ApiKey, UsagePlan } from "../model/gateway-model.js";
import type { Route } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { KeySyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { readText } from "./expressions.js";
import { checkCount } from "./limits.js";
import { checkKeysOfPlans } from "./plans.js";

/** API keys, their plans resolved (aws-behaviour.md section 17). */
export function checkKeys(plans: readonly UsagePlan[], checking: Checking): readonly ApiKey[] {
  const names = plans.map(({ name }) => name);
  return checking.syntax.keys.map((key) => {
    const known = (key.plans ?? []).filter((plan) => {
      if (names.includes(plan.text)) return true;
      checking.report("unknown-plan", plan.span, { name: plan.text, near: nearest(plan.text, names) });
      return false;
    });
    const instead = "put the client's limits into one plan";
    checkCount(known, { most: 10, what: "plans of a key", instead, canBeRaised: true }, checking.report);
    checkKeysOfPlans(key, plans, checking);
    const value = checkKeyValue(key, checking);
    return {
      name: key.name.text,
      description: key.description?.text,
      plans: known.map(({ text }) => text),
      value,
      enabled: key.enabled?.value ?? true,
    };
  });
}

/** 20 to 128 characters; a key written into the file is a secret in its history. */
function checkKeyValue({ value }: KeySyntax, checking: Checking): ApiKey["value"] {
  const text = value && readText(value, places.secret, checking);
  const constant = text && constantText(text);
  if (value === undefined || constant === undefined) return text;
  if (constant.length < 20 || constant.length > 128) {
    checking.report("bad-key-length", value.span, { length: constant.length });
  } else checking.report("key-in-file", value.span, {});
  return text;
}

/** A route that wants a key is closed to everybody until a plan lets some key in. */
export function checkKeyRoutes(routes: readonly Route[], { syntax, kind, report }: Checking): void {
  if (kind === "http" || syntax.plans.length > 0) return;
  const asking = routes.find((route) => route.apiKeyRequired);
  const written = syntax.routes.find((route) => route.apiKey?.value && route.key.text === asking?.key)?.apiKey;
  const place = written ?? syntax.apiKey;
  if (asking && place) report("api-key-without-plan", place.span, {});
}
