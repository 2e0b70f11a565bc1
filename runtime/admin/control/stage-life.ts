import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  bodyObject,
  emptyAnswer,
  jsonAnswer,
  textOf,
} from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { checkStage } from "../design/stage-rules.js";
import type { StageWish } from "../stage-records.js";
import { apiOf, slotOf } from "./served.js";
import { stageView } from "./stages.js";

/** CreateStage: points a stage that gateway.yaml declares to a deployment. @throws AdminProblem, DeployError */
export async function createStage(
  target: AdminTarget,
  request: AdminRequest,
  [id = ""]: readonly string[],
): Promise<AdminAnswer> {
  const { name, slots } = apiOf(target, id);
  const wish = stageWish(bodyObject(request));
  const { createStage: create } = target.stages;
  checkStage(
    { stageName: wish.stage, deploymentId: wish.deployment },
    {
      stages: slots.map(({ live }) => live.name),
      ...(create && { deployments: target.stages.deployments(name).map((deployment) => deployment.id) }),
    },
  );
  if (create === undefined)
    throw badRequest("this gateway serves all stages of one build: a stage stands in gateway.yaml");
  await create(name, wish);
  return jsonAnswer(stageView(target, name, slotOf(target, id, wish.stage)), 201);
}

/** What can be said of a stage besides its name and deployment stands in gateway.yaml, or is UpdateStage's. */
const others = ["cacheClusterEnabled", "cacheClusterSize", "canarySettings", "documentationVersion"];

function stageWish(body: Readonly<Record<string, unknown>>): StageWish {
  const other = others.find((name) => body[name] !== undefined && body[name] !== false);
  if (other !== undefined)
    throw badRequest(
      `"${other}" cannot be set when a stage is made: it stands in gateway.yaml, or UpdateStage sets it`,
    );
  const variables = body["variables"] ?? {};
  const isMap = typeof variables === "object" && Object.values(variables).every((text) => typeof text === "string");
  if (!isMap) throw badRequest('"variables" has names and texts');
  const tracing = body["tracingEnabled"];
  return {
    stage: textOf(body, "stageName") ?? "",
    deployment: textOf(body, "deploymentId") ?? "",
    description: textOf(body, "description"),
    overrides: {
      ...(Object.keys(variables).length > 0 && { variables: variables as Record<string, string> }),
      ...(typeof tracing === "boolean" && { tracing }),
    },
  };
}

/** DeleteStage: it is served no more, and what was deployed to it stays. @throws AdminProblem, DeployError */
export async function deleteStage(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", stage = ""]: readonly string[],
): Promise<AdminAnswer> {
  slotOf(target, id, stage);
  const { removeStage } = target.stages;
  if (removeStage === undefined)
    throw badRequest("this gateway serves all stages of one build: a stage stands in gateway.yaml");
  await removeStage(apiOf(target, id).name, stage);
  return emptyAnswer(202);
}
