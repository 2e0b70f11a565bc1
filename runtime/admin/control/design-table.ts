import { type AdminAnswer, type AdminRequest, badRequest, bodyObject, textOf } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { checkAuthorizer } from "../design/authorizer-rules.js";
import {
  checkDocumentationPart,
  checkDocumentationPartPatch,
  checkImportedApi,
  checkImportedParts,
} from "../design/documentation-rules.js";
import { missingApi, missingModel } from "../design/lookup-rules.js";
import { checkResponseMapping, checkTemplateTypes } from "../design/mapping-expression-rules.js";
import { checkMembers, statusMember } from "../design/member-rules.js";
import { firstModels } from "../design/model-rules.js";
import {
  checkGatewayResponsePatch,
  checkMethodPatch,
  checkMethodResponsePatch,
  checkModelPatch,
  checkResourcePatch,
  checkRestApiPatch,
  checkValidatorPatch,
  type PatchOperation,
} from "../design/patch-rules.js";
import { checkPlanPatch, type PlanStage } from "../design/plan-rules.js";
import { checkRestApi } from "../design/rest-api-rules.js";
import { authorizersOf, methodOf, resourceOf, resourcesOf } from "./apis.js";
import { mapOf, standsInFile } from "./design-operations.js";
import { hasModel } from "./models.js";
import { planOf } from "./plans.js";
import { apiOf, gatewayOf, programOf } from "./served.js";

type Check = (target: AdminTarget, request: AdminRequest, parameters: readonly string[]) => void;

/**
 * The rest of the operations that design an API: what AWS refuses is refused in its words, and what it takes is referred to
 * gateway.yaml, as in `design-operations.ts`. Method, path, what stands in the file, the rule.
 */
const rules: readonly (readonly [method: string, path: string, what: string, check: Check])[] = [
  ["POST", "/restapis", "an API", createApi],
  [
    "PUT",
    "/restapis/{}",
    "an API",
    (target, { body }, [id = ""]) => {
      apiOf(target, id);
      checkImportedApi(parsed(body));
    },
  ],
  ["PATCH", "/restapis/{}", "an API", patchApi],
  ["POST", "/restapis/{}/authorizers", "an authorizer", createAuthorizer],
  [
    "POST",
    "/restapis/{}/requestvalidators",
    "a request validator",
    (target, _, [id = ""]) => known(target, id, "createRequestValidator"),
  ],
  [
    "PATCH",
    "/restapis/{}/requestvalidators/{}",
    "a request validator",
    (target, request, [id = ""]) => {
      apiOf(target, id);
      checkValidatorPatch(operationsIn(request));
    },
  ],
  [
    "POST",
    "/restapis/{}/documentation/parts",
    "documentation",
    (target, request, [id = ""]) => {
      apiOf(target, id);
      const { type } = (bodyObject(request)["location"] ?? {}) as { type?: string };
      checkDocumentationPart({ type });
    },
  ],
  [
    "PUT",
    "/restapis/{}/documentation/parts",
    "documentation",
    (target, { body }, [id = ""]) => {
      apiOf(target, id);
      checkImportedParts(parsed(body));
    },
  ],
  ["POST", "/domainnames", "a domain", () => undefined],
  ["PATCH", "/domainnames/{}", "a domain", () => undefined],
  ["DELETE", "/domainnames/{}", "a domain", () => undefined],
  ["POST", "/domainnames/{}/basepathmappings", "a base path", () => undefined],
  ["PATCH", "/domainnames/{}/basepathmappings/{}", "a base path", () => undefined],
  ["DELETE", "/domainnames/{}/basepathmappings/{}", "a base path", () => undefined],
  [
    "PATCH",
    "/restapis/{}/models/{}",
    "a model",
    (target, request, [id = "", name = ""]) => {
      modelOf(target, id, name);
      checkModelPatch(operationsIn(request));
    },
  ],
  ["DELETE", "/restapis/{}/models/{}", "a model", (target, _, [id = "", name = ""]) => modelOf(target, id, name)],
  ["PATCH", "/restapis/{}/gatewayresponses/{}", "a gateway response", patchGatewayResponse],
  [
    "PATCH",
    "/restapis/{}/resources/{}",
    "a route",
    (target, request, [id = "", resource = ""]) => {
      const api = apiOf(target, id);
      const { path } = resourceOf(api, resource);
      const tree = new Map(resourcesOf(api).map((each) => [each.id, each.path]));
      checkResourcePatch(operationsIn(request), { path, tree });
    },
  ],
  [
    "DELETE",
    "/restapis/{}/resources/{}",
    "a route",
    (target, _, [id = "", resource = ""]) => {
      resourceOf(apiOf(target, id), resource);
    },
  ],
  ["PATCH", "/restapis/{}/resources/{}/methods/{}", "a route", patchMethod],
  [
    "DELETE",
    "/restapis/{}/resources/{}/methods/{}",
    "a route",
    (target, _, parameters) => {
      routeOf(target, parameters);
    },
  ],
  [
    "PATCH",
    "/restapis/{}/resources/{}/methods/{}/responses/{}",
    "a response",
    (target, request, parameters) => {
      routeOf(target, parameters);
      checkMethodResponsePatch(operationsIn(request), {
        parameters: [],
        contentTypes: [],
        statusCode: parameters[3],
      });
    },
  ],
  [
    "PUT",
    "/restapis/{}/resources/{}/methods/{}/responses/{}",
    "a response",
    (target, _, parameters) => {
      checkMembers([statusMember(parameters[3])]);
      routeOf(target, parameters);
    },
  ],
  ["PUT", "/restapis/{}/resources/{}/methods/{}/integration/responses/{}", "a response", putIntegrationResponse],
  ["DELETE", "/restapis/{}", "an API", ofApi],
  ["PATCH", "/restapis/{}/authorizers/{}", "an authorizer", ofApi],
  ["DELETE", "/restapis/{}/authorizers/{}", "an authorizer", ofApi],
  ["DELETE", "/restapis/{}/requestvalidators/{}", "a request validator", ofApi],
  ["DELETE", "/restapis/{}/gatewayresponses/{}", "a gateway response", ofApi],
  [
    "PATCH",
    "/restapis/{}/documentation/parts/{}",
    "documentation",
    (target, request, [id = ""]) => {
      apiOf(target, id);
      checkDocumentationPartPatch(operationsIn(request));
    },
  ],
  ["DELETE", "/restapis/{}/documentation/parts/{}", "documentation", ofApi],
  ["DELETE", "/restapis/{}/resources/{}/methods/{}/responses/{}", "a response", ofMethod],
  ["PATCH", "/restapis/{}/resources/{}/methods/{}/integration", "an integration", ofMethod],
  ["DELETE", "/restapis/{}/resources/{}/methods/{}/integration", "an integration", ofMethod],
  ["PATCH", "/restapis/{}/resources/{}/methods/{}/integration/responses/{}", "a response", ofMethod],
  ["DELETE", "/restapis/{}/resources/{}/methods/{}/integration/responses/{}", "a response", ofMethod],
  ["POST", "/usageplans", "a usage plan", () => undefined],
  ["PATCH", "/usageplans/{}", "a usage plan", patchPlan],
  ["DELETE", "/usageplans/{}", "a usage plan", ofPlan],
];

/** What this gateway has no use for: what would be kept would do nothing. Method, path, why. */
const useless: readonly (readonly [method: string, path: string, why: string])[] = [
  [
    "PATCH",
    "/account",
    "limits of the account stand in --account-throttle, and nobody has to be allowed to write logs",
  ],
  ...["POST /restapis/{}/documentation/versions", ...changes("/restapis/{}/documentation/versions/{}")].map(
    refused("documentation has the version of its gateway.yaml: a deployment keeps it"),
  ),
  ...["POST /clientcertificates", ...changes("/clientcertificates/{}")].map(
    refused("backends see no certificate of API Gateway's"),
  ),
  ...["POST /vpclinks", "POST /v2/vpclinks", ...changes("/vpclinks/{}"), ...changes("/v2/vpclinks/{}")].map(
    refused("a gateway reaches private networks by itself"),
  ),
  ...[
    ...["POST /domainnameaccessassociations", "POST /rejectdomainnameaccessassociations"],
    "DELETE /domainnameaccessassociations/{}",
  ].map(refused("domains of this gateway are not shared between accounts")),
];

function changes(path: string): readonly string[] {
  return [`PATCH ${path}`, `DELETE ${path}`];
}

function refused(why: string) {
  return (operation: string) => {
    const [method = "", path = ""] = operation.split(" ");
    return [method, path, why] as const;
  };
}

/** Entries of the control plane's table. */
export const uselessTable = useless.map(
  ([method, path, why]) =>
    [
      method,
      path,
      (): AdminAnswer => {
        throw badRequest(`this gateway has no use for it: ${why}`);
      },
    ] as const,
);

/** Entries of the control plane's table. */
export const designTable = rules.map(
  ([method, path, what, check]) =>
    [
      method,
      path,
      (target: AdminTarget, request: AdminRequest, parameters: readonly string[]): AdminAnswer => {
        check(target, request, parameters);
        throw standsInFile(what);
      },
    ] as const,
);

function createApi(_: AdminTarget, request: AdminRequest): void {
  if (request.query.get("mode") === "import") {
    checkImportedApi(parsed(request.body));
    return;
  }
  const body = bodyObject(request);
  const { types, ipAddressType } = (body["endpointConfiguration"] ?? {}) as {
    types?: string[];
    ipAddressType?: string;
  };
  checkRestApi({
    description: textOf(body, "description"),
    minimumCompressionSize: body["minimumCompressionSize"] as number | undefined,
    endpointTypes: types,
    ipAddressType,
  });
}

function patchApi(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  const { endpoint = "regional" } = programOf(apiOf(target, id)).api;
  const ipAddressType = endpoint === "private" ? "dualstack" : "ipv4";
  checkRestApiPatch(operationsIn(request), { endpointType: endpoint.toUpperCase(), ipAddressType });
}

function createAuthorizer(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  known(target, id, "createAuthorizer");
  const body = bodyObject(request);
  checkAuthorizer({
    name: textOf(body, "name"),
    type: textOf(body, "type"),
    identitySource: textOf(body, "identitySource"),
  });
}

function patchGatewayResponse(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  apiOf(target, id);
  checkGatewayResponsePatch(operationsIn(request), { parameters: [], contentTypes: [] });
}

function patchMethod(target: AdminTarget, request: AdminRequest, parameters: readonly string[]): void {
  const api = apiOf(target, parameters[0] ?? "");
  const route = routeOf(target, parameters);
  const authorizers = authorizersOf(api).map(({ id }) => id);
  const authorizationType = route.authorizer === undefined ? "NONE" : undefined;
  checkMethodPatch(operationsIn(request), { authorizationType }, { authorizers, validators: [] });
}

function putIntegrationResponse(target: AdminTarget, request: AdminRequest, parameters: readonly string[]): void {
  checkMembers([statusMember(parameters[3])]);
  routeOf(target, parameters);
  const body = bodyObject(request);
  const mapping = mapOf(body, "responseParameters");
  checkTemplateTypes(Object.keys(mapOf(body, "responseTemplates")));
  checkResponseMapping(mapping, Object.keys(mapping));
}

/** What has its place in an API, whatever is said of it. */
function ofApi(target: AdminTarget, _: AdminRequest, [id = ""]: readonly string[]): void {
  apiOf(target, id);
}

function ofMethod(target: AdminTarget, _: AdminRequest, parameters: readonly string[]): void {
  routeOf(target, parameters);
}

function patchPlan(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  planOf(target, id);
  const stages = gatewayOf(target).apis.flatMap((api) =>
    api.slots.map(({ live }): PlanStage => `${api.apiId}:${live.name}`),
  );
  checkPlanPatch(operationsIn(request), { planId: id, stages });
}

function ofPlan(target: AdminTarget, _: AdminRequest, [id = ""]: readonly string[]): void {
  planOf(target, id);
}

function routeOf(target: AdminTarget, [id = "", resource = "", method = ""]: readonly string[]) {
  return methodOf(resourceOf(apiOf(target, id), resource), method);
}

/** Models of the file have no list in the runtime: those of every API are all that is known. */
function modelOf(target: AdminTarget, id: string, name: string): void {
  apiOf(target, id);
  if (!firstModels.includes(name) && !hasModel(target, id, name)) throw missingModel(name);
}

/** The API, or the words that this operation has for one that is not there. */
function known(target: AdminTarget, id: string, operation: string): void {
  if (!gatewayOf(target).apis.some(({ apiId }) => apiId === id)) throw missingApi(id, "000000000000", operation);
}

function operationsIn(request: AdminRequest): readonly PatchOperation[] {
  const operations = bodyObject(request)["patchOperations"] ?? [];
  const isList = Array.isArray(operations) && operations.every((each) => typeof each === "object" && each !== null);
  if (!isList) throw badRequest('"patchOperations" is a list');
  return (operations as readonly Record<string, unknown>[]).map((each) => ({
    op: textOf(each, "op") ?? "",
    path: textOf(each, "path"),
    value: textOf(each, "value"),
  }));
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
