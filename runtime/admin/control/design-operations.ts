import { type AdminAnswer, type AdminRequest, badRequest, bodyObject, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { checkGatewayResponse } from "../design/gateway-response-rules.js";
import { checkIntegration } from "../design/integration-rules.js";
import type { ParameterMap } from "../design/mapping-expression-rules.js";
import { checkMethod } from "../design/method-rules.js";
import { checkModel, firstModels } from "../design/model-rules.js";
import { checkResource } from "../design/resource-rules.js";
import { authorizersOf, resourceOf, resourcesOf } from "./apis.js";
import { apiOf } from "./served.js";

/**
 * Operations that design an API. An API is designed in gateway.yaml, so each is refused: in AWS's words where AWS
 * refuses it too, otherwise with the place to change.
 */
type Refusal = (target: AdminTarget, request: AdminRequest, parameters: readonly string[]) => AdminAnswer;

/** CreateResource. @throws AdminProblem */
export const createResource: Refusal = (target, request, [id = "", parentId = ""]) => {
  const api = apiOf(target, id);
  const parent = resourceOf(api, parentId);
  const children = resourcesOf(api).filter((resource) => resource.parentId === parent.id);
  checkResource({
    parentPathPart: parent.pathPart ?? "",
    siblings: children.flatMap(({ pathPart }) => pathPart ?? []),
    pathPart: textOf(bodyObject(request), "pathPart") ?? "",
  });
  throw standsInFile("a route");
};

/** PutIntegration. The runtime has no list of what a method declares: what is mapped counts as declared. @throws AdminProblem */
export const putIntegration: Refusal = (target, request, [id = "", resource = ""]) => {
  resourceOf(apiOf(target, id), resource);
  const body = bodyObject(request);
  const timeout = body["timeoutInMillis"];
  const requestParameters = mapOf(body, "requestParameters");
  checkIntegration(
    {
      type: textOf(body, "type") ?? "",
      integrationHttpMethod: textOf(body, "httpMethod"),
      uri: textOf(body, "uri"),
      timeoutInMillis: typeof timeout === "number" ? timeout : undefined,
      requestParameters,
    },
    Object.values(requestParameters),
  );
  throw standsInFile("an integration");
};

/** PutMethod; no request validator has an id here. @throws AdminProblem */
export const putMethod: Refusal = (target, request, [id = "", resource = "", httpMethod = ""]) => {
  const api = apiOf(target, id);
  resourceOf(api, resource);
  const body = bodyObject(request);
  checkMethod(
    {
      httpMethod,
      authorizationType: textOf(body, "authorizationType"),
      authorizerId: textOf(body, "authorizerId"),
      requestValidatorId: textOf(body, "requestValidatorId"),
      requestParameters: Object.keys(body["requestParameters"] ?? {}),
    },
    { authorizers: authorizersOf(api).map((authorizer) => authorizer.id), validators: [] },
  );
  throw standsInFile("a route");
};

/** CreateModel. @throws AdminProblem */
export const createModel: Refusal = (target, request, [id = ""]) => {
  apiOf(target, id);
  const body = bodyObject(request);
  checkModel({ name: textOf(body, "name") ?? "", schema: textOf(body, "schema") }, firstModels);
  throw standsInFile("a model");
};

/** PutGatewayResponse. @throws AdminProblem */
export const putGatewayResponse: Refusal = (target, request, [id = "", responseType = ""]) => {
  apiOf(target, id);
  const body = bodyObject(request);
  const responseParameters = mapOf(body, "responseParameters");
  checkGatewayResponse({ responseType, statusCode: textOf(body, "statusCode"), responseParameters });
  throw standsInFile("a gateway response");
};

export function standsInFile(what: string): Error {
  return badRequest(`${what} stands in gateway.yaml: change it there, and build`);
}

export function mapOf(body: Readonly<Record<string, unknown>>, name: string): ParameterMap {
  const value = body[name] ?? {};
  const isMap = typeof value === "object" && Object.values(value).every((text) => typeof text === "string");
  if (!isMap) throw badRequest(`"${name}" has names and texts`);
  return value as ParameterMap;
}
