import { DeployError } from "../../deploy/deploy-error.js";
import { LoadError } from "../../host/load-error.js";
import {
  type AdminAnswer,
  type AdminRequest,
  badRequest,
  emptyAnswer,
  jsonAnswer,
  notFound,
} from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { methodOf, resourceOf, restApi, restApis } from "./apis.js";
import { createDeployment, deleteDeployment, getDeployment, getDeployments, updateDeployment } from "./deployments.js";
import { createModel, createResource, putGatewayResponse, putIntegration, putMethod } from "./design-operations.js";
import { designReads } from "./design-reads.js";
import { designTable, uselessTable } from "./design-table.js";
import { getBasePathMapping, getBasePathMappings, getDomainName, getDomainNames } from "./domains.js";
import { importKeys } from "./import-keys.js";
import { createKey, keyViewOf, keyViews, operationsOf, storedKey, updateKey } from "./keys.js";
import { addPlanKey, extendUsage, planKeys, planOf, plansFor, planView, removePlanKey, usageView } from "./plans.js";
import { getSdk, getSdkType, getSdkTypes } from "./sdks.js";
import { apiOf, gatewayOf, page, slotOf } from "./served.js";
import { createStage, deleteStage } from "./stage-life.js";
import type { PatchOperation } from "./stage-patch.js";
import { stageView } from "./stages.js";
import { getTags, tagResource, untagResource } from "./tags.js";
import { testInvokeAuthorizer, testInvokeMethod } from "./test-invoke.js";
import { updateStage } from "./update-stage.js";
import { v2Table } from "./v2/operations.js";

/** What one operation of API Gateway's control plane does here; path parameters come decoded. */
type Operation = (
  target: AdminTarget,
  request: AdminRequest,
  parameters: readonly string[],
) => AdminAnswer | Promise<AdminAnswer>;

/** Methods and paths of API Gateway's REST API (API reference, "Operations"), for what exists here. */
const table: readonly (readonly [method: string, path: string, operation: Operation])[] = [
  [
    "GET",
    "/account",
    () =>
      jsonAnswer({
        throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
        features: ["UsagePlans"],
        apiKeyVersion: "4",
      }),
  ],
  [
    "GET",
    "/restapis",
    (target, { query }) =>
      jsonAnswer(
        page(
          restApis(target).map((api) => restApi(target, api)),
          query,
        ),
      ),
  ],
  ["GET", "/restapis/{}", (target, _, [id = ""]) => jsonAnswer(restApi(target, apiOf(target, id)))],
  ["POST", "/restapis/{}/authorizers/{}", testAuthorizer],
  ["POST", "/restapis/{}/resources/{}", createResource],
  ["PUT", "/restapis/{}/resources/{}/methods/{}", putMethod],
  ["PUT", "/restapis/{}/resources/{}/methods/{}/integration", putIntegration],
  ["POST", "/restapis/{}/models", createModel],
  ["GET", "/domainnames", getDomainNames],
  ["GET", "/domainnames/{}", getDomainName],
  ["GET", "/domainnames/{}/basepathmappings", getBasePathMappings],
  ["GET", "/domainnames/{}/basepathmappings/{}", getBasePathMapping],
  ["PUT", "/restapis/{}/gatewayresponses/{}", putGatewayResponse],
  ...designReads,
  ...designTable,
  ...uselessTable,
  ...v2Table,
  ["POST", "/restapis/{}/resources/{}/methods/{}", testMethod],
  ["GET", "/restapis/{}/stages", getStages],
  ["GET", "/restapis/{}/stages/{}", (target, _, [id = "", stage = ""]) => jsonAnswer(stageOf(target, id, stage))],
  ["POST", "/restapis/{}/stages", createStage],
  ["PATCH", "/restapis/{}/stages/{}", patchStageOf],
  ["DELETE", "/restapis/{}/stages/{}", deleteStage],
  ["DELETE", "/restapis/{}/stages/{}/cache/data", flushCache],
  ["DELETE", "/restapis/{}/stages/{}/cache/authorizers", flushAuthorizers],
  ["GET", "/restapis/{}/stages/{}/exports/{}", getExport],
  ["GET", "/restapis/{}/stages/{}/sdks/{}", getSdk],
  ["GET", "/sdktypes", getSdkTypes],
  ["GET", "/sdktypes/{}", getSdkType],
  ["GET", "/tags/{}", getTags],
  ["PUT", "/tags/{}", (target, request, parameters) => tagResource(target, request, parameters)],
  ["DELETE", "/tags/{}", untagResource],
  ["GET", "/restapis/{}/deployments", getDeployments],
  ["POST", "/restapis/{}/deployments", createDeployment],
  ["GET", "/restapis/{}/deployments/{}", getDeployment],
  ["PATCH", "/restapis/{}/deployments/{}", updateDeployment],
  ["DELETE", "/restapis/{}/deployments/{}", deleteDeployment],
  ["GET", "/apikeys", (target, { query }) => jsonAnswer(page(keyViews(target, query.get("name") ?? ""), query))],
  [
    "POST",
    "/apikeys",
    async (target, request) => {
      const imports = request.query.get("mode") === "import";
      return jsonAnswer(await (imports ? importKeys(target, request) : createKey(target, request)), 201);
    },
  ],
  ["GET", "/apikeys/{}", (target, _, [id = ""]) => jsonAnswer(keyViewOf(target, id))],
  ["PATCH", "/apikeys/{}", async (target, request, [id = ""]) => jsonAnswer(await updateKey(target, id, request))],
  ["DELETE", "/apikeys/{}", deleteKey],
  [
    "GET",
    "/usageplans",
    (target, { query }) => jsonAnswer(page(plansFor(target, query.get("keyId")).map(planView), query)),
  ],
  ["GET", "/usageplans/{}", (target, _, [id = ""]) => jsonAnswer(planView(planOf(target, id)))],
  [
    "GET",
    "/usageplans/{}/keys",
    (target, { query }, [id = ""]) => jsonAnswer(page(planKeys(target, planOf(target, id)), query)),
  ],
  [
    "POST",
    "/usageplans/{}/keys",
    async (target, request, [id = ""]) => jsonAnswer(await addPlanKey(target, planOf(target, id), request), 201),
  ],
  ["GET", "/usageplans/{}/keys/{}", getPlanKey],
  ["DELETE", "/usageplans/{}/keys/{}", deletePlanKey],
  [
    "GET",
    "/usageplans/{}/usage",
    async (target, { query }, [id = ""]) => jsonAnswer(await usageView(target, planOf(target, id), query)),
  ],
  [
    "PATCH",
    "/usageplans/{}/keys/{}/usage",
    async (target, request, [id = "", key = ""]) =>
      jsonAnswer(await extendUsage(target, planOf(target, id), key, operationsOf(request))),
  ],
];

const routes = table.map(([method, path, operation]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll("{}", "([^/]{1,512})")}/?$`),
  operation,
}));

/** Answers an operation of the control plane. @throws AdminProblem, in AWS's words where it has any */
export async function controlPlane(target: AdminTarget, request: AdminRequest): Promise<AdminAnswer> {
  for (const { method, pattern, operation } of routes) {
    const match = method === request.method ? pattern.exec(request.path) : null;
    if (match === null) continue;
    try {
      return await operation(target, request, match.slice(1).map(decoded));
    } catch (error) {
      throw error instanceof DeployError || error instanceof LoadError ? badRequest(error.message) : error;
    }
  }
  throw notFound(`this gateway has no operation ${request.method} ${request.path}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badRequest("the path is not percent-encoded");
  }
}

async function testMethod(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", resource = "", method = ""]: readonly string[],
): Promise<AdminAnswer> {
  const api = apiOf(target, id);
  return jsonAnswer(await testInvokeMethod(target, api, methodOf(resourceOf(api, resource), method), request));
}

async function testAuthorizer(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", authorizer = ""]: readonly string[],
): Promise<AdminAnswer> {
  return jsonAnswer(await testInvokeAuthorizer(target, apiOf(target, id), authorizer, request));
}

function getStages(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const { name, slots } = apiOf(target, id);
  const wanted = query.get("deploymentId");
  const stages = slots.filter(({ live }) => wanted === null || live.deploymentId === wanted);
  return jsonAnswer({ item: stages.map((slot) => stageView(target, name, slot)) });
}

function stageOf(target: AdminTarget, id: string, stage: string): object {
  return stageView(target, apiOf(target, id).name, slotOf(target, id, stage));
}

async function patchStageOf(
  target: AdminTarget,
  request: AdminRequest,
  [id = "", stage = ""]: readonly string[],
): Promise<AdminAnswer> {
  await updateStage(target, apiOf(target, id), stage, operationsOf(request) as readonly PatchOperation[]);
  return jsonAnswer(stageOf(target, id, stage));
}

function flushCache(target: AdminTarget, _: AdminRequest, [id = "", stage = ""]: readonly string[]): AdminAnswer {
  const { name } = apiOf(target, id);
  slotOf(target, id, stage);
  gatewayOf(target).flushCache(name, stage);
  return emptyAnswer(202);
}

function flushAuthorizers(target: AdminTarget, _: AdminRequest, [id = "", stage = ""]: readonly string[]): AdminAnswer {
  const { name } = apiOf(target, id);
  slotOf(target, id, stage);
  gatewayOf(target).flushAuthorizers(name, stage);
  return emptyAnswer(202);
}

function getExport(
  target: AdminTarget,
  { query, headers }: AdminRequest,
  [id = "", stage = "", format = ""]: readonly string[],
): AdminAnswer {
  const { name } = apiOf(target, id);
  const { live } = slotOf(target, id, stage);
  if (format === "postman")
    throw badRequest("Invalid export type: postman; gateway export --format postman writes the collection");
  if (format !== "oas30" && format !== "swagger") throw badRequest(`Invalid export type: ${format}; oas30 or swagger`);
  const extensions = extensionsOf(query.get("extensions") ?? "");
  const notation = /yaml/.test(headers.accept ?? "") ? "yaml" : "json";
  const wish = { apiName: name, stage, deployment: live.deploymentId, format, extensions, notation } as const;
  const exported = target.exportApi?.(wish);
  if (exported === undefined) throw notFound("no documents were built beside this gateway; gateway export writes them");
  const { contentType, body, fileName } = exported;
  return {
    status: 200,
    headers: { "content-type": contentType, "content-disposition": `attachment; filename="${fileName}"` },
    body,
  };
}

/** `apigateway` has what the others have; with `postman` the document is for Postman, which reads it as it is. @throws AdminProblem */
function extensionsOf(text: string): readonly string[] {
  const names = [...new Set(text.split(",").map((part) => part.trim()))].filter(
    (part) => part !== "" && part !== "none" && part !== "postman",
  );
  const wrong = names.find((part) => !["apigateway", "authorizers", "integrations"].includes(part));
  if (wrong !== undefined) throw badRequest(`Invalid extensions: ${wrong}; apigateway, authorizers or integrations`);
  return names.includes("apigateway") ? ["apigateway"] : names;
}

async function deleteKey(target: AdminTarget, _: AdminRequest, [id = ""]: readonly string[]): Promise<AdminAnswer> {
  await gatewayOf(target).state.keys.remove(storedKey(target, id).id);
  return emptyAnswer(202);
}

function getPlanKey(target: AdminTarget, _: AdminRequest, [id = "", key = ""]: readonly string[]): AdminAnswer {
  const found = planKeys(target, planOf(target, id)).find((candidate) => candidate.id === key);
  if (found === undefined) throw notFound("Invalid API Key identifier specified");
  return jsonAnswer(found);
}

async function deletePlanKey(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", key = ""]: readonly string[],
): Promise<AdminAnswer> {
  await removePlanKey(target, planOf(target, id), key);
  return emptyAnswer(202);
}
