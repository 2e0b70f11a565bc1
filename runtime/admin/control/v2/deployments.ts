import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  bodyObject,
  emptyAnswer,
  jsonAnswer,
  textOf,
} from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { missing } from "../../design/lookup-rules.js";
import type { DeploymentFacts } from "../../stage-records.js";
import { createDeployment, deleteDeployment } from "../deployments.js";
import type { Members } from "../design.js";
import { isoTime, v2ApiOf, v2Page } from "./apis.js";

/** GetDeployments: a deployment is of all that stands in one gateway.yaml. @throws AdminProblem */
export function getV2Deployments(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  const { served } = v2ApiOf(target, id);
  return jsonAnswer(v2Page(target.stages.deployments(served.name).map(deploymentView), query));
}

/** GetDeployment. @throws AdminProblem */
export function getV2Deployment(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(deploymentView(deploymentOf(target, v2ApiOf(target, id).served.name, wanted)));
}

/** @throws AdminProblem */
function deploymentOf(target: AdminTarget, apiName: string, wanted: string): DeploymentFacts {
  const found = target.stages.deployments(apiName).find((deployment) => deployment.id === wanted);
  if (found === undefined) throw missing("deployment");
  return found;
}

function deploymentView({ id, description, createdAt }: DeploymentFacts): Members {
  return {
    deploymentId: id,
    deploymentStatus: "DEPLOYED",
    autoDeployed: false,
    createdDate: isoTime(createdAt),
    ...(description !== undefined && { description }),
  };
}

/** CreateDeployment. @throws AdminProblem, DeployError */
export async function createV2Deployment(
  target: AdminTarget,
  request: AdminRequest,
  [id = ""]: readonly string[],
): Promise<AdminAnswer> {
  const { served } = v2ApiOf(target, id);
  const made = await createDeployment(target, request, [served.apiId]);
  const { id: wanted } = JSON.parse(String(made.body)) as { readonly id: string };
  return jsonAnswer(deploymentView(deploymentOf(target, served.name, wanted)), 201);
}

/** UpdateDeployment: its description. @throws AdminProblem, DeployError */
export async function updateV2Deployment(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): Promise<AdminAnswer> {
  const { served } = v2ApiOf(target, id);
  deploymentOf(target, served.name, wanted);
  const description = textOf(bodyObject(request), "description");
  const { describeDeployment: describe } = target.stages;
  if (describe === undefined) throw badRequest("this gateway serves one build: its deployment has no description");
  if ((description ?? "").length > 1024) throw badRequest("a description has at most 1,024 characters");
  if (description !== undefined) await describe(served.name, wanted, description);
  return jsonAnswer(deploymentView(deploymentOf(target, served.name, wanted)));
}

/** DeleteDeployment. @throws AdminProblem, DeployError */
export async function deleteV2Deployment(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): Promise<AdminAnswer> {
  await deleteDeployment(target, request, [v2ApiOf(target, id).served.apiId, wanted]);
  return emptyAnswer(204);
}
