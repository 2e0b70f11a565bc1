import type { ContractRoute } from "../model/contract.js";
import type { ContractHandling } from "../model/contract-guards.js";
import type { Changes } from "./change.js";
import { type RouteChange, type RoutePair, tellOnce } from "./tell-once.js";

/** How routes take and answer what their types do not tell: checks, patience, media types that are refused, bytes as text. */
export function compareHandling(pairs: readonly RoutePair[], changes: Changes): void {
  tellOnce(pairs, handlingChanges, changes);
}

function handlingChanges(older: ContractRoute, newer: ContractRoute): readonly RouteChange[] {
  const [before, now] = [older.handling, newer.handling];
  return [
    ...checks(older, newer),
    ...(before && now
      ? [...waits(before.timeoutMs, now.timeoutMs), ...mediaTypes(before, now), ...conversions(before, now)]
      : []),
  ];
}

/** A request that is not as the file has it was let through, so that its client may work. What is new is told as that. */
function checks(older: ContractRoute, newer: ContractRoute): readonly RouteChange[] {
  const [before, now] = [checked(older), checked(newer)];
  if (before === undefined || now === undefined) return [];
  const has = {
    "that its parameters are there": [older, newer].every(requiresParameters),
    "the types of its parameters": older.parameters.length > 0 && newer.parameters.length > 0,
    "its body": older.body !== undefined && newer.body !== undefined,
  };
  const without = (all: readonly Check[], others: readonly Check[]) =>
    all.filter((what) => has[what] && !others.includes(what)).join(" and ");
  const [added, removed] = [without(now, before), without(before, now)];
  return [
    ...(added === "" ? [] : [{ kind: "breaking", code: "validation-added", message: `checks ${added} now` } as const]),
    ...(removed === ""
      ? []
      : [{ kind: "compatible", code: "validation-removed", message: `checks ${removed} no more` } as const]),
  ];
}

type Check = "that its parameters are there" | "the types of its parameters" | "its body";

/** Undefined: an older format, which does not say what is checked. */
function checked({ handling, validates, strict }: ContractRoute): readonly Check[] | undefined {
  if (handling === undefined) return validates ? undefined : [];
  return [
    ...(handling.checksParameters ? (["that its parameters are there"] as const) : []),
    ...(handling.checksParameters && strict === true ? (["the types of its parameters"] as const) : []),
    ...(handling.checksBody ? (["its body"] as const) : []),
  ];
}

function requiresParameters({ parameters }: ContractRoute): boolean {
  return parameters.some((parameter) => parameter.required && parameter.in !== "path");
}

/** An answer that took longer is 504 now; a shorter wait can break what worked, a longer one cannot. */
export function waits(before: number | undefined, now: number | undefined): readonly RouteChange[] {
  if (before === undefined || now === undefined || before === now) return [];
  const message = `waits ${now} ms for its backend now (was ${before} ms)`;
  return [{ kind: now < before ? "breaking" : "compatible", code: "timeout-changed", message }];
}

function mediaTypes(
  { mediaTypes: before }: ContractHandling,
  { mediaTypes: now }: ContractHandling,
): readonly RouteChange[] {
  const code = "media-types-refused";
  if (now === undefined)
    return before === undefined
      ? []
      : [{ kind: "compatible", code, message: "refuses no bodies by their media types any more" }];
  const only = now.length === 0 ? "any body" : `bodies that are not ${now.join(", ")}`;
  if (before === undefined) return [{ kind: "breaking", code, message: `refuses ${only}, with 415` }];
  const gone = before.filter((type) => !now.includes(type));
  const added = now.filter((type) => !before.includes(type));
  return [
    ...(gone.length > 0
      ? [{ kind: "breaking", code, message: `refuses ${gone.join(", ")} now, with 415` } as const]
      : []),
    ...(added.length > 0
      ? [{ kind: "compatible", code, message: `refuses ${added.join(", ")} no more` } as const]
      : []),
  ];
}

function conversions(
  { conversions: before }: ContractHandling,
  { conversions: now }: ContractHandling,
): readonly RouteChange[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  const words = (list: readonly string[]) => (list.length === 0 ? "none" : list.join(", "));
  const message = `converts bodies of answers otherwise: ${words(now)} (was ${words(before)})`;
  return [{ kind: "breaking", code: "conversion-changed", message }];
}
