import type { ServedApi } from "../../host/host-table.js";
import { planIdOf } from "../../host/stable-ids.js";
import type { PlanEntry } from "../../limits/limits-entry.js";
import { dayMs, dayOf, periodAt } from "../../state/quota-period.js";
import { type AdminRequest, badRequest, bodyObject, conflict, notFound, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { declaredKeys, keyView, putKey, storedKey } from "./keys.js";
import { gatewayOf, programOf } from "./served.js";

interface Plan {
  readonly id: string;
  readonly api: ServedApi;
  readonly entry: PlanEntry;
}

export function plansOf(target: AdminTarget): readonly Plan[] {
  return gatewayOf(target).apis.flatMap((api) =>
    (programOf(api).limits?.plans ?? []).map((entry) => ({ id: planIdOf(api.name, entry.name), api, entry })),
  );
}

/** @throws AdminProblem */
export function planOf(target: AdminTarget, id: string): Plan {
  const plan = plansOf(target).find((candidate) => candidate.id === id);
  if (plan === undefined) throw notFound("Invalid Usage Plan ID specified");
  return plan;
}

export function planView({ id, api, entry }: Plan): object {
  const { name, stages, throttle, quota, routes } = entry;
  const own = Object.fromEntries(
    routes.map(({ key, throttle: limit }) => {
      const [method = "", path = ""] = key.split(" ");
      return [`${path}/${method}`, { rateLimit: limit.rate, burstLimit: limit.burst }];
    }),
  );
  return {
    id,
    name,
    apiStages: stages.map((stage) => ({ apiId: api.apiId, stage, ...(routes.length > 0 && { throttle: own }) })),
    ...(throttle && { throttle: { rateLimit: throttle.rate, burstLimit: throttle.burst } }),
    ...(quota && { quota: { limit: quota.limit, offset: quota.offset, period: quota.period } }),
  };
}

export function planKeys(target: AdminTarget, { entry }: Plan): readonly { readonly id: string }[] {
  const declared = declaredKeys(target).filter(({ plans }) => plans.includes(entry.name));
  const stored = gatewayOf(target)
    .state.keys.all()
    .filter(({ plans }) => plans.includes(entry.name));
  const names = new Set(declared.map(({ name }) => name));
  return [...declared, ...stored.filter(({ name }) => !names.has(name))].map(({ id, name }) => ({
    id,
    type: "API_KEY",
    name,
  }));
}

/** CreateUsagePlanKey: puts a created key into a plan. */
export async function addPlanKey(target: AdminTarget, plan: Plan, request: AdminRequest): Promise<object> {
  const id = textOf(bodyObject(request), "keyId") ?? "";
  const key = storedKey(target, id);
  const other = plansOf(target).find((known) => key.plans.includes(known.entry.name) && shareStage(known, plan));
  // A client is in one plan of each stage (aws-behaviour.md section 17).
  if (other !== undefined) throw conflict(`the API key is in the usage plan ${other.id}, for the same API stage`);
  if (!key.plans.includes(plan.entry.name)) await putKey(target, { ...key, plans: [...key.plans, plan.entry.name] });
  return { id, type: "API_KEY", name: keyView(key).name ?? "" };
}

function shareStage(a: Plan, b: Plan): boolean {
  return a.id !== b.id && a.api === b.api && a.entry.stages.some((stage) => b.entry.stages.includes(stage));
}

export async function removePlanKey(target: AdminTarget, plan: Plan, id: string): Promise<void> {
  const key = storedKey(target, id);
  if (!key.plans.includes(plan.entry.name)) throw notFound("Invalid API Key identifier specified");
  await putKey(target, { ...key, plans: key.plans.filter((name) => name !== plan.entry.name) });
}

/** GetUsage: for each key and day what was used and what was left of the quota. */
export async function usageView(target: AdminTarget, plan: Plan, query: URLSearchParams): Promise<object> {
  const [startDate, endDate] = [dateOf(query, "startDate"), dateOf(query, "endDate")];
  const keyId = query.get("keyId") ?? undefined;
  const { quota, name } = plan.entry;
  const [start, end] = [Date.parse(startDate), Date.parse(endDate)];
  if (end < start || (end - start) / dayMs > 366) throw badRequest("Usage date range is limited to a year");
  const from = quota === undefined ? startDate : dayOf(periodAt(start, quota).startMs);
  const days = await gatewayOf(target).state.readUsage({ from, to: endDate, plan: name, keyId });
  const items: Record<string, (readonly [number, number])[]> = {};
  for (const id of new Set(days.map((day) => day.keyId))) {
    const byDay = new Map(days.filter((day) => day.keyId === id).map(({ day, requests }) => [day, requests]));
    const rows: (readonly [number, number])[] = [];
    let [used, period] = [0, -1];
    for (let at = Date.parse(from); at <= end; at += dayMs) {
      const startMs = quota === undefined ? 0 : periodAt(at, quota).startMs;
      if (startMs !== period) [used, period] = [0, startMs];
      const requests = byDay.get(dayOf(at)) ?? 0;
      used += requests;
      if (at >= start) rows.push([requests, quota === undefined ? 0 : Math.max(0, quota.limit - used)]);
    }
    items[id] = rows;
  }
  return { usagePlanId: plan.id, startDate, endDate, values: items };
}

function dateOf(query: URLSearchParams, name: string): string {
  const text = query.get(name) ?? "";
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw badRequest(`Invalid ${name}: YYYY-MM-DD`);
}
