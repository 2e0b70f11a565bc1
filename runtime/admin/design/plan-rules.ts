import { badRequest, notFound } from "../admin-message.js";
import { checkMembers, patchMembers } from "./member-rules.js";
import type { PatchOperation } from "./patch-rules.js";

/** A stage as a plan names it: `api:stage`. */
export type PlanStage = `${string}:${string}`;

/** UpdateUsagePlan: the stages of a plan are there (recorded of removals). @throws AdminProblem */
export function checkPlanPatch(
  operations: readonly PatchOperation[],
  { planId, stages }: { readonly planId: string; readonly stages: readonly PlanStage[] },
): void {
  checkMembers(patchMembers("updateUsagePlanInput", operations));
  for (const { path, value } of operations) {
    if (path !== "/apiStages") continue;
    const [, api, stage] = /^(.+):([^:]+)$/.exec(value ?? "") ?? [];
    if (api === undefined || stage === undefined) throw badRequest("Invalid API Stage specified");
    if (!stages.includes(`${api}:${stage}`))
      throw notFound(`Invalid API Stage {api: ${api}, stage: ${stage}} specified for usageplan ${planId}`);
  }
}
