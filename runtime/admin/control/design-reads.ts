import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { type Missing, missing } from "../design/lookup-rules.js";
import { authorizersOf, integrationView, methodOf, methodView, resourceOf, resourcesOf, resourceView } from "./apis.js";
import { designOf, type Members, membersOf } from "./design.js";
import { getDocumentationPart, getDocumentationParts } from "./documentation.js";
import { getModel, getModels, getModelTemplate } from "./models.js";
import { apiOf, page } from "./served.js";
import {
  getGatewayResponse,
  getGatewayResponses,
  getRequestValidator,
  getRequestValidators,
} from "./stored-objects.js";

type Read = (target: AdminTarget, request: AdminRequest, parameters: readonly string[]) => AdminAnswer;

/** How an API is designed, told as API Gateway tells it. Entries of the control plane's table. */
export const designReads: readonly (readonly [method: "GET", path: string, read: Read])[] = [
  ["GET", "/restapis/{}/authorizers", getAuthorizers],
  ["GET", "/restapis/{}/authorizers/{}", getAuthorizer],
  ["GET", "/restapis/{}/resources", getResources],
  ["GET", "/restapis/{}/resources/{}", getResource],
  ["GET", "/restapis/{}/resources/{}/methods/{}", getMethod],
  ["GET", "/restapis/{}/resources/{}/methods/{}/responses/{}", getMethodResponse],
  ["GET", "/restapis/{}/resources/{}/methods/{}/integration", getIntegration],
  ["GET", "/restapis/{}/resources/{}/methods/{}/integration/responses/{}", getIntegrationResponse],
  ["GET", "/restapis/{}/models", getModels],
  ["GET", "/restapis/{}/models/{}", getModel],
  ["GET", "/restapis/{}/models/{}/default_template", getModelTemplate],
  ["GET", "/restapis/{}/gatewayresponses", getGatewayResponses],
  ["GET", "/restapis/{}/gatewayresponses/{}", getGatewayResponse],
  ["GET", "/restapis/{}/requestvalidators", getRequestValidators],
  ["GET", "/restapis/{}/requestvalidators/{}", getRequestValidator],
  ["GET", "/restapis/{}/documentation/parts", getDocumentationParts],
  ["GET", "/restapis/{}/documentation/parts/{}", getDocumentationPart],
  ["GET", "/restapis/{}/documentation/versions", noneOfApi],
  ["GET", "/restapis/{}/documentation/versions/{}", noneSuch("documentationVersion")],
  ["GET", "/vpclinks/{}", noneSuch("vpcLink")],
  ["GET", "/clientcertificates/{}", noneSuch("clientCertificate")],
  ["GET", "/v2/vpclinks/{}", noneSuch("vpcLink")],
  ["GET", "/vpclinks", none],
  ["GET", "/clientcertificates", none],
  ["GET", "/domainnameaccessassociations", none],
];

/** Here is none of these: integrations reach private networks directly, and backends see no certificate of API Gateway's. */
function none(_: AdminTarget, { query }: AdminRequest): AdminAnswer {
  return jsonAnswer(page([], query));
}

function noneSuch(what: Missing): Read {
  return () => {
    throw missing(what);
  };
}

function noneOfApi(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  apiOf(target, id);
  return jsonAnswer(page([], query));
}

function getResources(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const api = apiOf(target, id);
  const embeds = query.getAll("embed").includes("methods");
  const design = embeds ? designOf(target, api) : undefined;
  const views = resourcesOf(api).map((resource) => resourceView(resource, api, embeds, design));
  return jsonAnswer(page(views, query));
}

function getResource(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = "", resource = ""]: readonly string[],
): AdminAnswer {
  const api = apiOf(target, id);
  const embeds = query.getAll("embed").includes("methods");
  return jsonAnswer(resourceView(resourceOf(api, resource), api, embeds, designOf(target, api)));
}

function getMethod(target: AdminTarget, _: AdminRequest, parameters: readonly string[]): AdminAnswer {
  return jsonAnswer(methodAt(target, parameters));
}

function getMethodResponse(target: AdminTarget, _: AdminRequest, parameters: readonly string[]): AdminAnswer {
  return jsonAnswer(responseAt(methodAt(target, parameters)["methodResponses"], parameters[3]));
}

function getIntegration(target: AdminTarget, _: AdminRequest, parameters: readonly string[]): AdminAnswer {
  return jsonAnswer(integrationAt(target, parameters));
}

function getIntegrationResponse(target: AdminTarget, _: AdminRequest, parameters: readonly string[]): AdminAnswer {
  return jsonAnswer(responseAt(integrationAt(target, parameters)["integrationResponses"], parameters[3]));
}

function responseAt(responses: unknown, status = ""): unknown {
  const byStatus = membersOf(responses);
  if (!Object.hasOwn(byStatus, status)) throw missing("responseStatus");
  return byStatus[status];
}

function methodAt(target: AdminTarget, [id = "", resource = "", method = ""]: readonly string[]): Members {
  const api = apiOf(target, id);
  return methodView(methodOf(resourceOf(api, resource), method), api, designOf(target, api));
}

function integrationAt(target: AdminTarget, [id = "", resource = "", method = ""]: readonly string[]): Members {
  const api = apiOf(target, id);
  return integrationView(methodOf(resourceOf(api, resource), method), designOf(target, api));
}

function getAuthorizers(target: AdminTarget, { query }: AdminRequest, [id = ""]: readonly string[]): AdminAnswer {
  const api = apiOf(target, id);
  return jsonAnswer(page(authorizersOf(api, designOf(target, api)), query));
}

function getAuthorizer(target: AdminTarget, _: AdminRequest, [id = "", wanted = ""]: readonly string[]): AdminAnswer {
  const api = apiOf(target, id);
  const found = authorizersOf(api, designOf(target, api)).find((authorizer) => authorizer.id === wanted);
  if (found === undefined) throw missing("authorizer");
  return jsonAnswer(found);
}
