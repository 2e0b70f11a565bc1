import type { ServedApi } from "../../host/host-table.js";
import type { RouteEntry } from "../../program.js";
import type { AdminTarget } from "../admin-target.js";
import { patchStage } from "./patch-stage.js";
import { slotOf } from "./served.js";
import type { PatchOperation } from "./stage-patch.js";

/**
 * Carries out patch operations on a stage; all of them or none.
 *
 * @param socketRoutes  of the WebSocket API, where it is its stage that is changed
 * @throws AdminProblem, DeployError, LoadError
 */
export async function updateStage(
  target: AdminTarget,
  { apiId, name }: ServedApi,
  stage: string,
  operations: readonly PatchOperation[],
  socketRoutes?: readonly RouteEntry[],
): Promise<void> {
  const { live, canary } = slotOf(target, apiId, stage);
  const deployments = target.stages.deployments(name).map((deployment) => deployment.id);
  const { program, sampler } = live.program;
  const takesTraces = sampler !== undefined;
  const declared = await target.stages.declaredCanary(name, stage);
  const changes =
    socketRoutes === undefined
      ? ({ routes: program.routes, accessLog: "accessLog" } as const)
      : ({ routes: socketRoutes, accessLog: "socketAccessLog" } as const);
  const patched = { ...changes, entry: live.entry, program, takesTraces, canary: canary?.entry, declared, deployments };
  const now = new Date().toISOString();
  await target.stages.update(name, stage, (record) => patchStage(record, operations, patched, now));
}
