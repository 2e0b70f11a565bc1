import { badRequest, conflict } from "../admin-message.js";
import { missing } from "./lookup-rules.js";

/** CreateStage, as far as there are rules. */
export interface StageRequest {
  readonly stageName: string;
  readonly deploymentId?: string | undefined;
}

/** Rules of stages of REST APIs (quoted from live answers). Lists are left out where they are not known. @throws AdminProblem */
export function checkStage(
  { stageName, deploymentId }: StageRequest,
  { stages, deployments }: { readonly stages?: readonly string[]; readonly deployments?: readonly string[] },
): void {
  if (!/^[A-Za-z0-9_-]+$/.test(stageName)) throw badRequest("Stage name only allows a-zA-Z0-9_");
  if (stages?.includes(stageName)) throw conflict("Stage already exists");
  if (deployments && !deployments.includes(deploymentId ?? "")) throw missing("deployment");
}

/** DeleteDeployment (recorded). @throws AdminProblem */
export function checkDeploymentRemoval(hasStages: boolean): void {
  if (hasStages) throw badRequest("Active stages pointing to this deployment must be moved or deleted");
}
