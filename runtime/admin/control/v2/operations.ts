import { type AdminAnswer, type AdminRequest, badRequest, jsonAnswer, notFound } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { domainOf } from "../domains.js";
import { getTags, tagResource, untagResource } from "../tags.js";
import { getApi, getApis, v2ApiOf, v2Page } from "./apis.js";
import {
  createV2Deployment,
  deleteV2Deployment,
  getV2Deployment,
  getV2Deployments,
  updateV2Deployment,
} from "./deployments.js";
import { getApiMapping, getApiMappings, getV2DomainName, getV2DomainNames } from "./domains.js";
import { getV2Model, getV2Models, getV2ModelTemplate } from "./models.js";
import { v2Refusals } from "./refusals.js";
import {
  getIntegrationResponses,
  getIntegrations,
  getRoute,
  getRouteResponse,
  getRouteResponses,
  getRoutes,
  getV2Authorizer,
  getV2Authorizers,
  getV2Integration,
  getV2IntegrationResponse,
} from "./routes.js";
import {
  createV2Stage,
  deleteAccessLog,
  deleteRouteSettings,
  deleteV2Stage,
  getV2Stage,
  getV2Stages,
  resetAuthorizers,
  updateV2Stage,
} from "./stages.js";

type Operation = (
  target: AdminTarget,
  request: AdminRequest,
  parameters: readonly string[],
) => AdminAnswer | Promise<AdminAnswer>;

type Entry = readonly [method: string, path: string, operation: Operation];

/** API Gateway's second version, for HTTP and WebSocket APIs (API reference, "apigatewayv2"). Entries of the control plane's table. */
export const v2Table: readonly Entry[] = [
  ["GET", "/v2/apis", getApis],
  ["GET", "/v2/apis/{}", getApi],
  ["GET", "/v2/apis/{}/routes", getRoutes],
  ["GET", "/v2/apis/{}/routes/{}", getRoute],
  ["GET", "/v2/apis/{}/routes/{}/routeresponses", getRouteResponses],
  ["GET", "/v2/apis/{}/routes/{}/routeresponses/{}", getRouteResponse],
  ["GET", "/v2/apis/{}/integrations", getIntegrations],
  ["GET", "/v2/apis/{}/integrations/{}", getV2Integration],
  ["GET", "/v2/apis/{}/integrations/{}/integrationresponses", getIntegrationResponses],
  ["GET", "/v2/apis/{}/integrations/{}/integrationresponses/{}", getV2IntegrationResponse],
  ["GET", "/v2/apis/{}/authorizers", getV2Authorizers],
  ["GET", "/v2/apis/{}/authorizers/{}", getV2Authorizer],
  ["GET", "/v2/apis/{}/models", getV2Models],
  ["GET", "/v2/apis/{}/models/{}", getV2Model],
  ["GET", "/v2/apis/{}/models/{}/template", getV2ModelTemplate],
  ["GET", "/v2/apis/{}/stages", getV2Stages],
  ["GET", "/v2/apis/{}/stages/{}", getV2Stage],
  ["POST", "/v2/apis/{}/stages", createV2Stage],
  ["PATCH", "/v2/apis/{}/stages/{}", updateV2Stage],
  ["DELETE", "/v2/apis/{}/stages/{}", deleteV2Stage],
  ["DELETE", "/v2/apis/{}/stages/{}/accesslogsettings", deleteAccessLog],
  ["DELETE", "/v2/apis/{}/stages/{}/routesettings/{}", deleteRouteSettings],
  ["DELETE", "/v2/apis/{}/stages/{}/cache/authorizers", resetAuthorizers],
  ["GET", "/v2/apis/{}/deployments", getV2Deployments],
  ["GET", "/v2/apis/{}/deployments/{}", getV2Deployment],
  ["POST", "/v2/apis/{}/deployments", createV2Deployment],
  ["PATCH", "/v2/apis/{}/deployments/{}", updateV2Deployment],
  ["DELETE", "/v2/apis/{}/deployments/{}", deleteV2Deployment],
  ["GET", "/v2/apis/{}/exports/{}", exportApi],
  ["GET", "/v2/domainnames", getV2DomainNames],
  ["GET", "/v2/domainnames/{}", getV2DomainName],
  ["GET", "/v2/domainnames/{}/apimappings", getApiMappings],
  ["GET", "/v2/domainnames/{}/apimappings/{}", getApiMapping],
  [
    "GET",
    "/v2/domainnames/{}/routingrules",
    (target, request, [name = ""]) => {
      domainOf(target, name);
      return jsonAnswer({ routingRules: v2Page([], request.query)["items"] });
    },
  ],
  ["GET", "/v2/vpclinks", (_, { query }) => jsonAnswer(v2Page([], query))],
  ["GET", "/v2/tags/{}", getTags],
  ["POST", "/v2/tags/{}", (target, request, parameters) => tagResource(target, request, parameters, 201)],
  ["DELETE", "/v2/tags/{}", untagResource],
  ...v2Refusals,
];

/** ExportApi. @throws AdminProblem */
function exportApi(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", specification = ""]: readonly string[],
): AdminAnswer {
  const { protocol, served } = v2ApiOf(target, id);
  if (protocol !== "HTTP")
    throw badRequest("API with protocol type WEBSOCKET is not supported for export; asyncapi.json tells it");
  if (specification !== "OAS30") throw badRequest(`Invalid specification: ${specification}; OAS30`);
  const wanted = query.get("stageName");
  const slot = served.slots.find(({ live }) => wanted === null || live.name === wanted);
  if (slot === undefined) throw notFound("Invalid stage identifier specified");
  const { name: stage, deploymentId: deployment } = slot.live;
  const exported = target.exportApi?.({
    ...{ apiName: served.name, stage, deployment, format: "oas30" },
    extensions: query.get("includeExtensions") === "false" ? [] : ["apigateway"],
    notation: query.get("outputType") === "YAML" ? "yaml" : "json",
  });
  if (exported === undefined) throw notFound("no documents were built beside this gateway; gateway export writes them");
  return { status: 200, headers: { "content-type": exported.contentType }, body: exported.body };
}
