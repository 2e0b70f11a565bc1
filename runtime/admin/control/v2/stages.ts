import type { StageSlot } from "../../../host/host-table.js";
import { accessLogText } from "../../../observe/access-log-format.js";
import type { RouteEntry, StageEntry } from "../../../program.js";
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
import { checkRouteSettings } from "../../design/http-api-rules.js";
import { missing } from "../../design/lookup-rules.js";
import { isMembers, type Members, said } from "../design.js";
import { methodKey } from "../method-path.js";
import { gatewayOf } from "../served.js";
import { createStage, deleteStage } from "../stage-life.js";
import type { PatchOperation } from "../stage-patch.js";
import { updateStage } from "../update-stage.js";
import { isoTime, type V2Api, v2ApiOf, v2Page } from "./apis.js";

/** GetStages. @throws AdminProblem */
export function getV2Stages(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const api = v2ApiOf(target, id);
  return jsonAnswer(
    v2Page(
      api.served.slots.map((slot) => stageView(target, api, slot)),
      query,
    ),
  );
}

/** GetStage. @throws AdminProblem */
export function getV2Stage(target: AdminTarget, _: AdminRequest, [id = "", name = ""]: readonly string[]): AdminAnswer {
  const api = v2ApiOf(target, id);
  return jsonAnswer(stageView(target, api, slotOf(api, name)));
}

/** @throws AdminProblem */
function slotOf({ served }: V2Api, name: string): StageSlot {
  const slot = served.slots.find(({ live }) => live.name === name);
  if (slot === undefined) throw missing("stage");
  return slot;
}

function stageView(target: AdminTarget, { served, protocol, routes }: V2Api, { live }: StageSlot): Members {
  const { entry, name, variables, deploymentId } = live;
  const record = target.stages.record(served.name, name);
  const history = record?.history ?? [];
  const [first, last] = [history[0], history.at(-1)];
  const described = history.findLast((step) => step.action === "deploy" && step.description !== undefined);
  const description = record?.description ?? described?.description;
  const log = protocol === "HTTP" ? entry.accessLog : entry.socketAccessLog;
  return {
    stageName: name,
    autoDeploy: false,
    deploymentId,
    defaultRouteSettings: settingsOf(entry, undefined),
    routeSettings: Object.fromEntries(
      routes.flatMap((route) => {
        const own = settingsOf(entry, route);
        return JSON.stringify(own) === JSON.stringify(settingsOf(entry, undefined)) ? [] : [[route.key, own]];
      }),
    ),
    stageVariables: Object.fromEntries(variables),
    ...(log && { accessLogSettings: { format: accessLogText(log) } }),
    ...said({ description: description || undefined }),
    tags: record?.tags ?? {},
    ...(first && { createdDate: isoTime(first.at) }),
    ...(last && { lastUpdatedDate: isoTime(last.at) }),
  };
}

/** @param route  undefined: of the stage */
function settingsOf(entry: StageEntry, route: RouteEntry | undefined): Members {
  const own = route && entry.methods?.[route.key];
  const log = own?.log ?? route?.log ?? entry.log;
  const metrics = own?.metrics ?? entry.metrics;
  const throttle = own?.throttle ?? route?.throttle ?? entry.throttle;
  return {
    detailedMetricsEnabled: metrics === "detailed",
    loggingLevel: log === "debug" ? "INFO" : log.toUpperCase(),
    dataTraceEnabled: log === "debug",
    ...(throttle && { throttlingRateLimit: throttle.rate, throttlingBurstLimit: throttle.burst }),
  };
}

/** UpdateStage: the same settings as the first version changes by patch operations. @throws AdminProblem, DeployError */
export async function updateV2Stage(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", name = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = v2ApiOf(target, id);
  slotOf(api, name);
  await update(target, api, name, operationsOf(api, bodyObject(request)));
  return jsonAnswer(stageView(target, v2ApiOf(target, id), slotOf(v2ApiOf(target, id), name)));
}

/** @throws AdminProblem, DeployError */
function update(target: AdminTarget, api: V2Api, stage: string, operations: readonly PatchOperation[]): Promise<void> {
  return updateStage(target, api.served, stage, operations, api.protocol === "HTTP" ? undefined : api.routes);
}

function operationsOf(api: V2Api, body: Members): readonly PatchOperation[] {
  refuseOthers(body);
  const replaced = (path: string, value: string): PatchOperation => ({ op: "replace", path, value });
  const [description, deploymentId] = [textOf(body, "description"), textOf(body, "deploymentId")];
  return [
    ...(description === undefined ? [] : [replaced("/description", description)]),
    ...(deploymentId === undefined ? [] : [replaced("/deploymentId", deploymentId)]),
    ...Object.entries(mapOf(body, "stageVariables")).map(([name, value]): PatchOperation => {
      if (typeof value !== "string") throw badRequest('"stageVariables" has names and texts');
      const path = `/variables/${name}`;
      return value === "" ? { op: "remove", path } : replaced(path, value);
    }),
    ...accessLogOperations(mapOf(body, "accessLogSettings")),
    ...settingOperations("/*/*", mapOf(body, "defaultRouteSettings")),
    ...routeOperations(api, mapOf(body, "routeSettings")),
  ];
}

function refuseOthers(body: Members): void {
  if (body["autoDeploy"] === true) throw badRequest("a stage is deployed to by gateway deploy, or CreateDeployment");
  if (body["clientCertificateId"] !== undefined) throw badRequest("backends see no certificate of API Gateway's");
}

function accessLogOperations(settings: Members): readonly PatchOperation[] {
  return Object.entries(settings).map(
    ([name, value]): PatchOperation => ({ op: "replace", path: `/accessLogSettings/${name}`, value: String(value) }),
  );
}

/** Paths of the first version by the names of the second. */
const settingPaths: Readonly<Record<string, string>> = {
  loggingLevel: "logging/loglevel",
  dataTraceEnabled: "logging/dataTrace",
  detailedMetricsEnabled: "metrics/enabled",
  throttlingRateLimit: "throttling/rateLimit",
  throttlingBurstLimit: "throttling/burstLimit",
};

function settingOperations(place: string, settings: Members): readonly PatchOperation[] {
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(settingPaths, name));
  if (unknown !== undefined) throw badRequest(`Invalid route setting: ${unknown}`);
  // In the order of the paths: the level comes before what it allows.
  return Object.entries(settingPaths).flatMap(([name, path]) =>
    settings[name] === undefined ? [] : [{ op: "replace", path: `${place}/${path}`, value: String(settings[name]) }],
  );
}

function routeOperations({ routes }: V2Api, settings: Members): readonly PatchOperation[] {
  const keys = Object.keys(settings);
  checkRouteSettings(
    keys,
    routes.map(({ key }) => key),
  );
  return keys.flatMap((key) => settingOperations(`/${methodKey(routeBy(routes, key))}`, mapOf(settings, key)));
}

function routeBy(routes: readonly RouteEntry[], key: string): RouteEntry {
  const found = routes.find((route) => route.key === key);
  if (found === undefined) throw missing("route");
  return found;
}

function mapOf(body: Members, name: string): Members {
  const value = body[name] ?? {};
  if (isMembers(value)) return value;
  throw badRequest(`"${name}" is a map`);
}

/** DeleteAccessLogSettings. @throws AdminProblem, DeployError */
export async function deleteAccessLog(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", name = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = v2ApiOf(target, id);
  slotOf(api, name);
  await update(target, api, name, [{ op: "remove", path: "/accessLogSettings" }]);
  return emptyAnswer(204);
}

/** DeleteRouteSettings. @throws AdminProblem, DeployError */
export async function deleteRouteSettings(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", name = "", key = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = v2ApiOf(target, id);
  slotOf(api, name);
  await update(target, api, name, [{ op: "remove", path: `/${methodKey(routeBy(api.routes, key))}` }]);
  return emptyAnswer(204);
}

/** ResetAuthorizersCache. @throws AdminProblem */
export function resetAuthorizers(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", name = ""]: readonly string[],
): AdminAnswer {
  const api = v2ApiOf(target, id);
  slotOf(api, name);
  gatewayOf(target).flushAuthorizers(api.served.name, name);
  return emptyAnswer(204);
}

/** CreateStage. @throws AdminProblem, DeployError */
export async function createV2Stage(
  target: AdminTarget,
  request: AdminRequest,
  [id = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = v2ApiOf(target, id);
  const body = bodyObject(request);
  refuseOthers(body);
  const others = ["accessLogSettings", "defaultRouteSettings", "routeSettings", "tags"].filter((key) => body[key]);
  if (others[0] !== undefined)
    throw badRequest(`"${others[0]}" cannot be set when a stage is made: UpdateStage sets it`);
  const { stageVariables: variables, ...rest } = body;
  const sent = { ...request, body: Buffer.from(JSON.stringify({ ...rest, variables })) };
  await createStage(target, sent, [api.served.apiId]);
  const made = v2ApiOf(target, id);
  return jsonAnswer(stageView(target, made, slotOf(made, textOf(body, "stageName") ?? "")), 201);
}

/** DeleteStage. @throws AdminProblem, DeployError */
export async function deleteV2Stage(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", name = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = v2ApiOf(target, id);
  slotOf(api, name);
  await deleteStage(target, request, [api.served.apiId, name]);
  return emptyAnswer(204);
}
