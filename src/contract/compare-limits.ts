import type { ContractLimits, ContractThrottles } from "../model/contract.js";
import type { Throttle } from "../model/gateway-model.js";
import type { Change, Changes } from "./change.js";

/** How much clients may ask: less than before breaks those that ask for all they may. And who reaches the API at all. */
export function compareLimits(
  older: ContractLimits | undefined,
  newer: ContractLimits | undefined,
  both: Both,
  changes: Changes,
): void {
  if (older === undefined || newer === undefined) return;
  compareEntrance(older.entrance, newer.entrance, changes);
  for (const stage of older.stages) {
    const now = newer.stages.find(({ name }) => name === stage.name);
    if (now) compareThrottles(stage, now, `stage ${stage.name}`, both, changes);
  }
  comparePlans(older.plans, newer.plans, both, changes);
}

/** What both contracts have; what only one of them has is told as gone or new elsewhere. */
export interface Both {
  readonly stages: ReadonlySet<string>;
  readonly routeKeys: ReadonlySet<string>;
}

function compareEntrance(older: ContractLimits["entrance"], newer: ContractLimits["entrance"], changes: Changes): void {
  if (older.executeApi !== newer.executeApi)
    changes.add(
      newer.executeApi ? "compatible" : "breaking",
      "entrance-changed",
      "api",
      "",
      newer.executeApi ? "can be called without a custom domain now" : "can be called at its custom domains only",
    );
  if (older.private !== newer.private)
    changes.add(
      newer.private ? "breaking" : "compatible",
      "entrance-changed",
      "api",
      "",
      newer.private ? "can be called from private networks only" : "can be called from everywhere now",
    );
}

function compareThrottles(
  older: ContractThrottles,
  newer: ContractThrottles,
  where: string,
  both: Both,
  changes: Changes,
): void {
  compareThrottle(older.throttle, newer.throttle, where, "", changes);
  const own = ({ routes }: ContractThrottles) => new Map(routes.map(({ routeKey, throttle }) => [routeKey, throttle]));
  const [before, now] = [own(older), own(newer)];
  // A route without a throttle of its own has the one above it, whose change is told there.
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    if (both.routeKeys.has(key))
      compareThrottle(before.get(key) ?? older.throttle, now.get(key) ?? newer.throttle, where, key, changes);
  }
}

function compareThrottle(
  older: Throttle | undefined,
  newer: Throttle | undefined,
  where: string,
  path: string,
  changes: Changes,
): void {
  if (older?.rate === newer?.rate && older?.burst === newer?.burst) return;
  const isLess = (before = Number.POSITIVE_INFINITY, now = Number.POSITIVE_INFINITY) => now < before;
  const lower = isLess(older?.rate, newer?.rate) || isLess(older?.burst, newer?.burst);
  const message = newer
    ? `takes ${throttleWords(newer)} now (${older ? `was ${throttleWords(older)}` : "had no limit"})`
    : `has no limit of its own any more (was ${throttleWords(older)})`;
  changes.add(kindOf(lower), "throttle-changed", where, path, message);
}

function comparePlans(
  older: ContractLimits["plans"],
  newer: ContractLimits["plans"],
  both: Both,
  changes: Changes,
): void {
  for (const plan of older) {
    const where = `plan ${plan.name}`;
    const now = newer.find(({ name }) => name === plan.name);
    if (now === undefined) {
      changes.add("breaking", "plan-removed", where, "", "is gone, and its keys with it");
      continue;
    }
    compareThrottles(plan, now, where, both, changes);
    compareQuota(plan.quota, now.quota, where, changes);
    for (const stage of plan.stages) {
      if (both.stages.has(stage) && !now.stages.includes(stage))
        changes.add("breaking", "plan-stage-removed", where, "", `its keys no longer open the stage ${stage}`);
    }
    for (const stage of now.stages) {
      if (both.stages.has(stage) && !plan.stages.includes(stage))
        changes.add("compatible", "plan-stage-added", where, "", `its keys open the stage ${stage} now`);
    }
  }
  for (const { name } of newer) {
    if (!older.some((plan) => plan.name === name))
      changes.add("compatible", "plan-added", `plan ${name}`, "", "is new");
  }
}

type Quota = ContractLimits["plans"][number]["quota"];

/** Of different periods, what counts is how much it is a day; the longest month is the one that has to do. */
function compareQuota(older: Quota, newer: Quota, where: string, changes: Changes): void {
  if (older === newer || JSON.stringify(quotaParts(older)) === JSON.stringify(quotaParts(newer))) return;
  const words = (quota: Quota) => (quota ? `${requests(quota.limit)} a ${quota.period.toLowerCase()}` : "no quota");
  const aDay = (quota: Quota) => (quota ? quota.limit / days[quota.period] : Number.POSITIVE_INFINITY);
  // What may be asked at once in a longer period may not be in a shorter one.
  const isShorter = older && newer && days[newer.period] < days[older.period] && newer.limit < older.limit;
  const lower = aDay(newer) < aDay(older) || isShorter === true;
  changes.add(kindOf(lower), "quota-changed", where, "", `has ${words(newer)} now (was ${words(older)})`);
}

const days = { DAY: 1, WEEK: 7, MONTH: 31 } as const;

const quotaParts = (quota: Quota) => quota && [quota.limit, quota.period];

const kindOf = (lower: boolean): Change["kind"] => (lower ? "breaking" : "compatible");

const throttleWords = (throttle: Throttle | undefined) =>
  `${requests(throttle?.rate)} a second, bursts of ${throttle?.burst}`;

const requests = (count: number | undefined) => `${count} ${count === 1 ? "request" : "requests"}`;
