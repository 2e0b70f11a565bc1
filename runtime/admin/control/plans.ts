import type { ServedApi } from "../../host/host-table.js";
import { planIdOf } from "../../host/stable-ids.js";
import { quotaKey } from "../../limits/admission.js";
import type { PlanEntry } from "../../limits/limits-entry.js";
import { dayMs, dayOf, periodAt } from "../../state/quota-period.js";
import { type AdminRequest, badRequest, bodyObject, conflict, notFound, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { declaredKeys, keyView, type Operation, putKey, storedKey } from "./keys.js";
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

/** @param keyId  null: all; else those that the key is in */
export function plansFor(target: AdminTarget, keyId: string | null): readonly Plan[] {
  const all = plansOf(target);
  return keyId === null ? all : all.filter((plan) => planKeys(target, plan).some(({ id }) => id === keyId));
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

/**
 * GetUsage: for each key and day what was used and what was left of the quota.
 *
 * @param unused  ids of keys that are told of although they may not have been used
 */
export async function usageView(
  target: AdminTarget,
  plan: Plan,
  query: URLSearchParams,
  unused: readonly string[] = [],
): Promise<object> {
  const [startDate, endDate] = [dateOf(query, "startDate"), dateOf(query, "endDate")];
  const keyId = query.get("keyId") ?? undefined;
  const { quota, name } = plan.entry;
  const [start, end] = [Date.parse(startDate), Date.parse(endDate)];
  if (end < start || (end - start) / dayMs > 366) throw badRequest("Usage date range is limited to a year");
  const from = quota === undefined ? startDate : dayOf(periodAt(start, quota).startMs);
  const { state } = gatewayOf(target);
  const days = await state.readUsage({ from, to: endDate, plan: name, keyId });
  const items: Record<string, (readonly [number, number])[]> = {};
  for (const id of new Set([...days.map((day) => day.keyId), ...unused])) {
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
    // What is left today may have been set by hand.
    if (quota !== undefined && endDate === today(plan)) {
      const left = await state.remaining(quotaKey(plan.api.apiId, name, id), quota);
      rows.push([rows.pop()?.[0] ?? 0, left]);
    }
    items[id] = rows;
  }
  return { usagePlanId: plan.id, startDate, endDate, values: items };
}

/** UpdateUsage: so much is left to a client for the rest of the period. @returns its usage of today */
export async function extendUsage(
  target: AdminTarget,
  plan: Plan,
  keyId: string,
  operations: readonly Operation[],
): Promise<object> {
  const { quota, name } = plan.entry;
  if (!planKeys(target, plan).some(({ id }) => id === keyId)) throw notFound("Invalid API Key identifier specified");
  if (quota === undefined) throw badRequest(`the usage plan "${name}" has no quota`);
  const { state } = gatewayOf(target);
  for (const { op, path, value = "" } of operations) {
    if (op !== "replace" || path !== "/remaining") throw badRequest(`Invalid patch path ${path}: replace /remaining`);
    const remaining = Number(value);
    if (!/^\d{1,15}$/.test(value) || remaining > quota.limit)
      throw badRequest(`Invalid remaining: a whole number up to the limit of the plan, ${quota.limit}`);
    await state.setRemaining(quotaKey(plan.api.apiId, name, keyId), quota, remaining);
  }
  const day = today(plan);
  return usageView(target, plan, new URLSearchParams({ startDate: day, endDate: day, keyId }), [keyId]);
}

/** By the clock of the gateway, whose periods they are. */
function today({ api }: Plan): string {
  return dayOf(api.slots[0]?.live.program.clock.now() ?? Date.now());
}

function dateOf(query: URLSearchParams, name: string): string {
  const text = query.get(name) ?? "";
  if (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw badRequest(`Invalid ${name}: YYYY-MM-DD`);
}
