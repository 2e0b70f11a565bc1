import { AdminProblem } from "../../runtime/admin/admin-message.js";
import { checkDeployment } from "../../runtime/admin/design/deployment-rules.js";
import { checkGatewayResponse } from "../../runtime/admin/design/gateway-response-rules.js";
import { checkIntegration, type IntegrationRequest } from "../../runtime/admin/design/integration-rules.js";
import { checkKey, type KeyRequest } from "../../runtime/admin/design/key-rules.js";
import {
  checkMethodParameters,
  checkResponseMapping,
  type ParameterMap,
} from "../../runtime/admin/design/mapping-expression-rules.js";
import { checkMembers, statusMember } from "../../runtime/admin/design/member-rules.js";
import { checkMethod } from "../../runtime/admin/design/method-rules.js";
import { checkModel, firstModels } from "../../runtime/admin/design/model-rules.js";
import { checkResource } from "../../runtime/admin/design/resource-rules.js";
import { checkRestApi } from "../../runtime/admin/design/rest-api-rules.js";
import { checkStagePatch, type StageOperation } from "../../runtime/admin/design/stage-patch-rules.js";
import type { AreaRunner } from "./case.js";
import { show } from "./compare.js";

type Given = Readonly<Record<string, unknown>>;

/** A request of the control plane to which a rule belongs, by the member of `given` that holds it. */
const requests: readonly (readonly [member: string, check: (given: Given) => void])[] = [
  ["create", createResource],
  ["createResource", createResource],
  ["integrationResponse", putIntegrationResponse],
  ["integration", putIntegration],
  ["putIntegration", (given) => putIntegration({ ...given, integration: given["putIntegration"] })],
  ["createDeployment", createDeployment],
  ["createModel", createModel],
  ["model", (given) => createModel({ ...given, createModel: given["model"] })],
  ["createApiKey", ({ createApiKey }) => createKey(createApiKey as string | KeyRequest)],
  ["apiKey", ({ apiKey }) => createKey(apiKey as string | KeyRequest)],
  ["gatewayResponse", ({ gatewayResponse }) => putGatewayResponse(gatewayResponse as Given)],
  ["putGatewayResponse", ({ putGatewayResponse: request }) => putGatewayResponse(request as Given)],
  ["updateStage", updateStage],
  ["createRestApi", createRestApi],
  ["method", ({ method }) => putMethod(method as Given)],
  ["putMethod", ({ putMethod: request }) => putMethod(request as Given)],
  ["methodRequestParameters", (given) => checkMethodParameters(declaredBy(given))],
];

/** Errors of the control plane when an API is designed: the rules of `runtime/admin/design`, with AWS's status and text. */
export const run: AreaRunner = ({ given, expect }) => {
  const check = requests.find(([member]) => given[member] !== undefined)?.[1];
  if (check === undefined) return `no rule for a request with ${Object.keys(given).join(", ")}`;
  const answer = answerOf(() => check(given));
  for (const name of ["status", "message", "code"] as const) {
    const wanted = expect[name];
    if (wanted !== undefined && wanted !== answer[name]) return `${name} ${show(answer[name])}, wanted ${show(wanted)}`;
  }
  return undefined;
};

function answerOf(check: () => void): { readonly status: number; readonly code?: string; readonly message?: string } {
  try {
    check();
    return { status: 201 };
  } catch (error) {
    if (!(error instanceof AdminProblem)) throw error;
    return { status: error.status, code: error.type, message: error.message };
  }
}

/** `existing` are the paths of the tree before; parents count as there. */
function createResource(given: Given): void {
  const path = (given["create"] ?? given["createResource"]) as string;
  const parts = partsOf(path);
  const parent = parts.slice(0, -1);
  const siblings = ((given["existing"] ?? []) as string[])
    .map(partsOf)
    .filter((other) => other.length > parent.length && parent.every((part, at) => part === other[at]))
    .map((other) => other[parent.length] as string);
  checkResource({ parentPathPart: parent.at(-1) ?? "", siblings, pathPart: parts.at(-1) ?? "" });
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

/** An integration without a type is one that reaches no backend. */
function putIntegration(given: Given): void {
  checkIntegration({ type: "MOCK", ...(given["integration"] as Partial<IntegrationRequest>) }, declaredBy(given));
}

function declaredBy(given: Given): readonly string[] {
  return Object.keys((given["methodRequestParameters"] ?? {}) as object);
}

function putIntegrationResponse(given: Given): void {
  const { statusCode, responseParameters = {} } = given["integrationResponse"] as {
    readonly statusCode?: string;
    readonly responseParameters?: ParameterMap;
  };
  checkMembers([statusMember(statusCode)]);
  checkResponseMapping(responseParameters, Object.keys((given["methodResponseParameters"] ?? {}) as object));
}

/** `methods` are those of the API, when the case has a say in them. */
function createDeployment(given: Given): void {
  const { stageName, canarySettings } = given["createDeployment"] as Given;
  const methods = (given["methods"] ?? [{ integration: {} }]) as readonly Given[];
  checkDeployment(
    { stageName: (stageName ?? undefined) as string | undefined, isCanary: (canarySettings ?? null) !== null },
    methods.map(({ integration }) => ({ hasIntegration: (integration ?? null) !== null })),
  );
}

function createModel(given: Given): void {
  const { name = "", schema } = given["createModel"] as { readonly name?: string; readonly schema?: unknown };
  const existing = (given["existingModels"] ?? given["models"] ?? given["existing"] ?? []) as readonly string[];
  const text = schema === undefined || typeof schema === "string" ? schema : JSON.stringify(schema);
  checkModel({ name, schema: text }, [...firstModels, ...existing]);
}

function createKey(request: string | KeyRequest): void {
  checkKey(typeof request === "string" ? { value: request } : request);
}

function putGatewayResponse({ type, responseType = type, statusCode, responseParameters }: Given): void {
  checkGatewayResponse({
    responseType: String(responseType),
    statusCode: statusCode === undefined ? undefined : String(statusCode),
    responseParameters: responseParameters as ParameterMap | undefined,
  });
}

function updateStage(given: Given): void {
  const request = given["updateStage"] as { readonly patchOperations: readonly StageOperation[] };
  const { canarySettings } = (given["stage"] ?? {}) as Given;
  checkStagePatch(request.patchOperations, { hasCanary: (canarySettings ?? null) !== null });
}

function createRestApi(given: Given): void {
  const { endpointConfiguration = {}, description, minimumCompressionSize } = given["createRestApi"] as Given;
  const { types, ipAddressType } = endpointConfiguration as { types?: string[]; ipAddressType?: string };
  checkRestApi({
    description: description as string | undefined,
    minimumCompressionSize: minimumCompressionSize as number | undefined,
    endpointTypes: types,
    ipAddressType,
  });
}

function putMethod({ requestParameters, ...request }: Given): void {
  const none = { authorizers: [], validators: [] };
  checkMethod({ ...request, requestParameters: Object.keys((requestParameters ?? {}) as object) }, none);
}
