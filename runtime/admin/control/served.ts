import type { Gateway } from "../../host/gateway.js";
import type { ServedApi, StageSlot } from "../../host/host-table.js";
import type { Program } from "../../program.js";
import { AdminProblem, notFound } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";

/** @throws AdminProblem while nothing is served */
export function gatewayOf(target: AdminTarget): Gateway {
  const gateway = target.gateway();
  if (gateway === undefined) throw new AdminProblem(503, "ServiceUnavailableException", "nothing is served yet");
  return gateway;
}

/** @throws AdminProblem in AWS's words */
export function apiOf(target: AdminTarget, apiId: string): ServedApi {
  const api = gatewayOf(target).apis.find((candidate) => candidate.apiId === apiId);
  if (api === undefined) throw notFound(`Invalid API identifier specified ${account}:${apiId}`);
  return api;
}

const account = "000000000000";

export function slotOf(target: AdminTarget, apiId: string, stage: string): StageSlot {
  const slot = apiOf(target, apiId).slots.find(({ live }) => live.name === stage);
  if (slot === undefined) throw notFound("Invalid stage identifier specified");
  return slot;
}

/** A Program of the API: that of its first stage. */
export function programOf({ slots }: ServedApi): Program {
  return (slots[0] as StageSlot).live.program.program;
}

/** Seconds, as API Gateway's answers have times. */
export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** `position` and `limit` of a list. */
export function page<T>(items: readonly T[], query: URLSearchParams, name = "item"): Readonly<Record<string, unknown>> {
  const from = Number(query.get("position") ?? 0) || 0;
  const limit = Math.min(500, Math.max(1, Number(query.get("limit") ?? 500) || 500));
  const some = items.slice(from, from + limit);
  return { [name]: some, ...(from + limit < items.length && { position: String(from + limit) }) };
}
