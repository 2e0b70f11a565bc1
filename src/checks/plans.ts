import type { UsagePlan } from "../model/gateway-model.js";
import type { Route } from "../model/routes.js";
import { nearest } from "../nearest.js";
import type { KeySyntax, Name, PlanSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { checkCount, isInRange, numberOr } from "./limits.js";
import { checkThrottle } from "./throttles.js";

const periods = { day: "DAY", week: "WEEK", month: "MONTH" } as const;
const longestOffset = { day: 0, week: 6, month: 27 } as const;
const most = 2_147_483_647;

/** Usage plans, their stages and routes resolved. A plan without stages is for all of them (section 17). */
export function checkPlans(
  routes: readonly Route[],
  stages: readonly string[],
  checking: Checking,
): readonly UsagePlan[] {
  const keys = new Set(routes.map((route) => route.key));
  return checking.syntax.plans.map((plan) => ({
    name: plan.name.text,
    description: plan.description?.text,
    throttle: checkThrottle(plan.throttle, checking),
    quota: checkQuota(plan, checking),
    stages: plan.stages?.filter((stage) => isStage(stage, stages, checking)).map(({ text }) => text) ?? stages,
    routes: checkPlanRoutes(plan, keys, checking),
  }));
}

/** Whether a stage is declared: of plans, and of base paths of domains. */
export function isStage(stage: Name, names: readonly string[], { report }: Checking): boolean {
  if (names.includes(stage.text)) return true;
  report("unknown-stage", stage.span, { name: stage.text, near: nearest(stage.text, names) });
  return false;
}

function checkQuota({ quota }: PlanSyntax, { report }: Checking): UsagePlan["quota"] {
  if (quota?.limit === undefined) return undefined;
  const period = quota.period?.value ?? "day";
  isInRange(quota.limit, { least: 1, most, what: "the quota's limit" }, report);
  const range = { least: 0, most: longestOffset[period], what: `the offset of a quota by ${period}` };
  return { limit: quota.limit.value, offset: numberOr(quota.offset, 0, range, report), period: periods[period] };
}

function checkPlanRoutes(plan: PlanSyntax, keys: ReadonlySet<string>, checking: Checking): UsagePlan["routes"] {
  const names = plan.routes.map(({ name }) => name);
  const instead = "set the throttle on the routes, or ask AWS to raise the quota";
  checkCount(
    names,
    { most: 20, what: "routes with a throttle in a plan", instead, canBeRaised: true },
    checking.report,
  );
  return plan.routes.flatMap(({ name, throttle }) => {
    const routeKey = name.text.trim().replace(/\s+/g, " ");
    if (!keys.has(routeKey)) {
      const wasBroken = checking.syntax.routes.some(({ key }) => key.text === name.text);
      if (!wasBroken) checking.report("unknown-route", name.span, { name: name.text, near: nearest(name.text, keys) });
      return [];
    }
    const checked = checkThrottle(throttle, checking);
    return checked ? [{ routeKey, throttle: checked }] : [];
  });
}

/** A client is in one plan of each stage: AWS refuses a key in two (section 17). */
export function checkKeysOfPlans(key: KeySyntax, plans: readonly UsagePlan[], { report }: Checking): void {
  const planOf = new Map<string, string>();
  for (const name of key.plans ?? []) {
    const plan = plans.find((candidate) => candidate.name === name.text);
    const clash = plan?.stages.find((stage) => planOf.has(stage));
    if (clash !== undefined) {
      report("key-in-two-plans", name.span, { plan: name.text, other: planOf.get(clash) ?? "", stage: clash });
      continue;
    }
    for (const stage of plan?.stages ?? []) planOf.set(stage, name.text);
  }
}
