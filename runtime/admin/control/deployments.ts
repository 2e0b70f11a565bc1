import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  bodyObject,
  emptyAnswer,
  jsonAnswer,
  notFound,
  textOf,
} from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { checkDeployment } from "../design/deployment-rules.js";
import { checkDeploymentRemoval } from "../design/stage-rules.js";
import type { DeploymentFacts, DeploymentWish } from "../stage-records.js";
import { operationsOf } from "./keys.js";
import { apiOf, page, seconds } from "./served.js";

export function getDeployments(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(page(target.stages.deployments(apiOf(target, id).name).map(deploymentView), query));
}

export function getDeployment(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(deploymentView(deploymentOf(target, id, wanted)));
}

/** @throws AdminProblem */
function deploymentOf(target: AdminTarget, apiId: string, wanted: string): DeploymentFacts {
  const found = target.stages.deployments(apiOf(target, apiId).name).find((deployment) => deployment.id === wanted);
  if (found === undefined) throw notFound("Invalid Deployment identifier specified");
  return found;
}

/** DeleteDeployment, of one that no stage points to: it cannot be gone back to any more. @throws AdminProblem, DeployError */
export async function deleteDeployment(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): Promise<AdminAnswer> {
  deploymentOf(target, id, wanted);
  const { name, slots } = apiOf(target, id);
  const served = slots.flatMap(({ live, canary }) => [live.deploymentId, canary?.live.deploymentId]);
  checkDeploymentRemoval(served.includes(wanted));
  await target.stages.removeDeployment?.(name, wanted);
  return emptyAnswer(202);
}

/** UpdateDeployment: its description. @throws AdminProblem, DeployError */
export async function updateDeployment(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): Promise<AdminAnswer> {
  const { name } = apiOf(target, id);
  const operations = operationsOf(request);
  const before = deploymentOf(target, id, wanted);
  let { description = "" } = before;
  for (const { op, path, value = "" } of operations) {
    if (path !== "/description") throw badRequest(`Invalid patch path ${path}`);
    if (op !== "replace" && op !== "remove") throw badRequest(`Invalid patch operation ${op} for ${path}`);
    description = op === "remove" ? "" : value;
    if (description.length > 1024) throw badRequest("a description has at most 1,024 characters");
  }
  const { describeDeployment: describe } = target.stages;
  if (describe === undefined) throw badRequest("this gateway serves one build: its deployment has no description");
  await describe(name, wanted, description);
  return jsonAnswer(deploymentView({ ...before, description: description || undefined }));
}

export async function createDeployment(
  target: AdminTarget,
  request: AdminRequest,
  [id = ""]: readonly string[],
): Promise<AdminAnswer> {
  const { name, slots } = apiOf(target, id);
  const { createDeployment: create } = target.stages;
  if (create === undefined)
    throw badRequest("this gateway serves one build: gateway serve follows deployments of a project");
  return jsonAnswer(
    deploymentView(
      await create(
        name,
        deploymentWish(
          request,
          slots.map(({ live }) => live.name),
        ),
      ),
    ),
    201,
  );
}

function deploymentWish(request: AdminRequest, stages: readonly string[]): DeploymentWish {
  const body = bodyObject(request);
  const stage = textOf(body, "stageName");
  const canary = body["canarySettings"];
  if (body["variables"] !== undefined)
    throw badRequest("stage variables stand in gateway.yaml: UpdateStage changes them");
  if (stage !== undefined && !/^[A-Za-z0-9_-]{1,128}$/.test(stage) && stage !== "$default")
    throw badRequest("Invalid stage name");
  const settings =
    typeof canary === "object" && canary !== null ? (canary as Readonly<Record<string, unknown>>) : undefined;
  checkDeployment({ stageName: stage, isCanary: settings !== undefined, stages }, [{ hasIntegration: true }]);
  return { description: textOf(body, "description"), stage, canary: settings && canaryWish(settings) };
}

function canaryWish(settings: Readonly<Record<string, unknown>>): NonNullable<DeploymentWish["canary"]> {
  const percent = settings["percentTraffic"] ?? 0;
  if (typeof percent !== "number" || !(percent >= 0 && percent <= 100))
    throw badRequest("Invalid canary percentTraffic: 0 to 100");
  const overrides = Object.entries((settings["stageVariableOverrides"] ?? {}) as Record<string, unknown>);
  const wrong = overrides.find(([name, value]) => !/^[A-Za-z0-9_]{1,64}$/.test(name) || typeof value !== "string");
  if (wrong !== undefined) throw badRequest(`Invalid stage variable: ${wrong[0]}`);
  return {
    percent,
    variables: Object.fromEntries(overrides) as Record<string, string>,
    useStageCache: settings["useStageCache"] === true,
  };
}

function deploymentView({ id, description, createdAt }: DeploymentFacts): object {
  return { id, ...(description !== undefined && { description }), createdDate: seconds(createdAt) };
}
