import { checkAuthorizer } from "../../runtime/admin/design/authorizer-rules.js";
import { checkDeployment } from "../../runtime/admin/design/deployment-rules.js";
import {
  checkDocumentationPart,
  checkDocumentationPartPatch,
  checkImportedApi,
  checkImportedParts,
} from "../../runtime/admin/design/documentation-rules.js";
import { checkBasePath, checkDomainKnown, checkDomainName } from "../../runtime/admin/design/domain-rules.js";
import { checkGatewayResponse } from "../../runtime/admin/design/gateway-response-rules.js";
import {
  checkHttpAuthorizer,
  checkHttpIntegration,
  checkHttpRoute,
} from "../../runtime/admin/design/http-api-rules.js";
import { checkIntegration } from "../../runtime/admin/design/integration-rules.js";
import { checkKey, checkKeyPatch } from "../../runtime/admin/design/key-rules.js";
import { type Missing, missing, missingApi, missingModel } from "../../runtime/admin/design/lookup-rules.js";
import {
  checkMethodParameters,
  checkResponseMapping,
  checkTemplateTypes,
} from "../../runtime/admin/design/mapping-expression-rules.js";
import { checkMembers, statusMember } from "../../runtime/admin/design/member-rules.js";
import { checkMethod } from "../../runtime/admin/design/method-rules.js";
import { checkModel, checkModelRemoval, firstModels } from "../../runtime/admin/design/model-rules.js";
import {
  checkGatewayResponsePatch,
  checkMethodPatch,
  checkMethodResponsePatch,
  checkModelPatch,
  checkResourcePatch,
  checkRestApiPatch,
  checkValidatorPatch,
} from "../../runtime/admin/design/patch-rules.js";
import { checkPlanPatch, type PlanStage } from "../../runtime/admin/design/plan-rules.js";
import { checkResource } from "../../runtime/admin/design/resource-rules.js";
import { checkRestApi } from "../../runtime/admin/design/rest-api-rules.js";
import { checkStagePatch } from "../../runtime/admin/design/stage-patch-rules.js";
import { checkDeploymentRemoval, checkStage } from "../../runtime/admin/design/stage-rules.js";
import { DesignRequest } from "./design-request.js";

type Check = (request: DesignRequest) => void;

const account = "111111111111";

/** Requests of the control plane by AWS's names of the operations, and by other names that cases may have for them. */
const checks: readonly (readonly [names: string, check: Check])[] = [
  ["createResource create resource", createResource],
  ["updateResource", updateResource],
  ["putIntegrationResponse integrationResponse", putIntegrationResponse],
  ["putIntegration integration", putIntegration],
  ["createDeployment deployment", createDeployment],
  ["deleteDeployment", (it) => checkDeploymentRemoval(it.list("stages", "activeStages", "stage").length > 0)],
  ["createModel model", createModel],
  [
    "updateModel",
    (it) =>
      it.isMissing("models", "name", "modelName")
        ? refuse(missingModel(it.text("name", "modelName")))
        : checkModelPatch(it.operations()),
  ],
  ["deleteModel", deleteModel],
  ["getModel", (it) => refuse(missingModel(it.text("name", "modelName")))],
  [
    "createApiKey apiKey key",
    (it) =>
      checkKey({
        name: it.optional("name"),
        description: it.optional("description"),
        value: it.optional("value") ?? it.scalar(),
      }),
  ],
  [
    "updateApiKey",
    (it) => {
      checkKeyPatch(it.operations());
      checkKey(patched(it));
    },
  ],
  [
    "updateUsagePlan",
    (it) =>
      it.isMissing("plans", "planId", "usagePlanId")
        ? refuse(missing("plan"))
        : checkPlanPatch(it.operations(), {
            planId: it.text("planId", "usagePlanId"),
            stages: it.list("stages", "apiStages") as readonly PlanStage[],
          }),
  ],
  ["updateDocumentationPart", (it) => checkDocumentationPartPatch(it.operations())],
  ["putGatewayResponse gatewayResponse", putGatewayResponse],
  ["updateGatewayResponse", updateGatewayResponse],
  [
    "deleteGatewayResponse getGatewayResponse",
    (it) => {
      checkGatewayResponse({ responseType: it.text("responseType", "type") || it.scalar() });
      throw missing("gatewayResponse");
    },
  ],
  ["updateStage", updateStage],
  [
    "createStage",
    (it) =>
      checkStage(
        { stageName: it.text("stageName", "name") || it.scalar(), deploymentId: it.optional("deploymentId") },
        it.known("stages", "deployments"),
      ),
  ],
  ["createRestApi restApi", createRestApi],
  ["updateRestApi", updateRestApi],
  ["importRestApi putRestApi", (it) => checkImportedApi(document(it))],
  ["importDocumentationParts", (it) => checkImportedParts(document(it))],
  [
    "createDocumentationPart documentationPart",
    (it) => {
      const { type } = it.map("location") as { readonly type?: string };
      checkDocumentationPart({ type: type ?? it.optional("type") });
    },
  ],
  ["createAuthorizer authorizer", (it) => (it.isHttp ? createHttpAuthorizer(it) : createAuthorizer(it))],
  ["createRequestValidator", () => undefined],
  ["updateRequestValidator", (it) => checkValidatorPatch(it.operations())],
  [
    "updateMethodResponse",
    (it) => checkMethodResponsePatch(it.operations(), { ...it.responseNames(), statusCode: it.optional("statusCode") }),
  ],
  ["updateMethod", updateMethod],
  ["putMethod method", putMethod],
  [
    "createBasePathMapping basePathMapping",
    (it) =>
      checkBasePath(
        { basePath: it.text("basePath"), restApiId: it.optional("restApiId"), stage: it.optional("stage") },
        { basePaths: it.list("existing", "basePaths", "mappings"), ...it.known("stages", "apis") },
      ),
  ],
  [
    "createDomainName domainName",
    (it) =>
      checkDomainName(it.text("domainName", "name") || it.scalar(), it.list("existing", "domainNames", "domains")),
  ],
  [
    "getDomainName deleteDomainName updateDomainName",
    (it) =>
      checkDomainKnown(it.text("domainName", "name") || it.scalar(), it.list("existing", "domainNames", "domains")),
  ],
  [
    "createRoute route",
    (it) =>
      checkHttpRoute(
        {
          routeKey: it.text("routeKey", "key") || it.scalar(),
          protocolType: it.optional("protocolType")?.toUpperCase(),
        },
        it.list("existing", "routes", "routeKeys"),
      ),
  ],
  ["createIntegration", (it) => checkHttpIntegration({ integrationType: it.text("integrationType", "type") })],
  ["methodRequestParameters", (it) => checkMethodParameters(it.declared())],
];

/** Things that get, delete and test operations name and that are not there. */
const lookups: readonly (readonly [operation: RegExp, what: Missing])[] = [
  [/authorizer$/, "authorizer"],
  [/basepathmapping$/, "basePathMapping"],
  [/documentationpart$/, "documentationPart"],
  [/(?:integration|method)response$/, "responseStatus"],
  [/integration$/, "integration"],
  [/requestvalidator$/, "requestValidator"],
  [/vpclink$/, "vpcLink"],
  [/apikey$/, "key"],
  [/usageplan$/, "plan"],
  [/deployment$/, "deployment"],
  [/stage$/, "stage"],
  [/(?:method|testinvokemethod)$/, "method"],
  [/resource$/, "resource"],
];

/** The rule that a request belongs to; undefined when there is none. */
export function checkOf(given: Readonly<Record<string, unknown>>): (() => void) | undefined {
  const named = operationOf(given);
  if (named === undefined) return undefined;
  const { operation, request } = named;
  const it = new DesignRequest(operation, request, given);
  const found = checks.find(([names]) => names.toLowerCase().split(" ").includes(operation));
  const lookup = /^(?:get|delete|test|flush)/.test(operation) && lookups.find(([pattern]) => pattern.test(operation));
  const check = found?.[1] ?? (lookup ? () => refuse(missing(lookup[1])) : undefined);
  return (
    check &&
    (() => {
      const api = it.missingApi();
      if (api !== undefined) throw missingApi(api, account, it.apiOperation());
      check(it);
    })
  );
}

interface Named {
  /** In lower case. */
  readonly operation: string;
  readonly request: unknown;
}

function operationOf(given: Readonly<Record<string, unknown>>): Named | undefined {
  const known = new Set(checks.flatMap(([names]) => names.toLowerCase().split(" ")));
  const explicit = given["operation"] ?? given["action"] ?? given["api"];
  if (typeof explicit === "string") {
    const request = given["request"] ?? given["input"] ?? given["parameters"] ?? given;
    return { operation: plain(explicit), request };
  }
  const members = Object.keys(given);
  const isOperation = (name: string) => /^(?:create|update|put|delete|get|import|test|flush)./.test(plain(name));
  const name =
    members.find(
      (member) =>
        isOperation(member) && (known.has(plain(member)) || lookups.some(([pattern]) => pattern.test(plain(member)))),
    ) ?? checks.flatMap(([names]) => names.split(" ")).find((word) => members.includes(word));
  return name === undefined ? undefined : { operation: plain(name), request: given[name] };
}

function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z]/g, "").toLowerCase();
}

function refuse(problem: Error): never {
  throw problem;
}

/** `existing` are the paths of the tree before; parents count as there. */
function createResource(it: DesignRequest): void {
  const path = it.scalar() || joined(it.text("parent", "parentPath"), it.text("pathPart", "path"));
  const parts = partsOf(path);
  const parent = parts.slice(0, -1);
  const siblings = it
    .list("existing", "resources", "siblings")
    .map(partsOf)
    .filter((other) => other.length > parent.length && parent.every((part, at) => part === other[at]))
    .map((other) => other[parent.length] as string);
  checkResource({ parentPathPart: parent.at(-1) ?? "", siblings, pathPart: parts.at(-1) ?? "" });
}

/** `resources` are paths; each is its own id, and the root's is `/`. `path` is the one that is patched. */
function updateResource(it: DesignRequest): void {
  const path = it.flag("root") ? "/" : it.text("path") || "/patched";
  const tree = new Map(["/", path, ...it.list("resources", "existing")].map((each) => [each, each]));
  checkResourcePatch(it.operations(), { path, tree });
}

function joined(parent: string, part: string): string {
  return parent === "" ? part : `${parent}/${part}`;
}

function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "");
}

/** An integration without a type is one that reaches no backend. */
function putIntegration(it: DesignRequest): void {
  if (it.isHttp) {
    checkHttpIntegration({ integrationType: it.text("integrationType", "type") });
    return;
  }
  const timeout = it.number("timeoutInMillis");
  checkIntegration(
    {
      type: it.text("type", "integrationType") || "MOCK",
      integrationHttpMethod: it.optional("integrationHttpMethod") ?? it.optional("httpMethod"),
      uri: it.optional("uri"),
      timeoutInMillis: timeout,
      requestParameters: it.texts("requestParameters"),
    },
    it.declared(),
  );
}

function putIntegrationResponse(it: DesignRequest): void {
  checkMembers([statusMember(it.optional("statusCode"))]);
  checkTemplateTypes(Object.keys(it.map("responseTemplates")));
  const declared = Object.keys(it.around("methodResponseParameters"));
  checkResponseMapping(it.texts("responseParameters"), declared);
}

/** `methods` are those of the API, when the case has a say in them. */
function createDeployment(it: DesignRequest): void {
  const methods = (it.anywhere("methods") ?? [{ integration: {} }]) as readonly Readonly<Record<string, unknown>>[];
  const isCanary = Object.keys(it.map("canarySettings", "canary")).length > 0;
  checkDeployment(
    { stageName: it.optional("stageName"), isCanary, ...it.known("stages") },
    methods.map((method) => ({
      hasIntegration: (method["integration"] ?? method["methodIntegration"] ?? null) !== null,
    })),
  );
}

function createModel(it: DesignRequest): void {
  const schema = it.anywhere("schema");
  const text = schema === undefined || schema === null || typeof schema === "string" ? schema : JSON.stringify(schema);
  const existing = it.list("existingModels", "models", "existing");
  checkModel({ name: it.text("name", "modelName") || it.scalar(), schema: text ?? undefined }, [
    ...firstModels,
    ...existing,
  ]);
}

/** `methods` that use the model: `{ path, method }`, or `ANY /test`. */
function deleteModel(it: DesignRequest): void {
  const name = it.text("name", "modelName") || it.scalar();
  const uses = ((it.anywhere("usedBy", "methods", "references") ?? []) as readonly unknown[]).map((use) => {
    if (typeof use === "string") {
      const [method = "", path = "/"] = use.split(" ");
      return { method, path };
    }
    const { path = "/", method, httpMethod = method } = use as { path?: string; method?: string; httpMethod?: string };
    return { path, method: httpMethod ?? "ANY" };
  });
  if (uses.length === 0) throw missingModel(name);
  checkModelRemoval(name, uses);
}

function patched(it: DesignRequest) {
  const operations = it.operations();
  const value = (path: string) => operations.find((each) => each.path === path)?.value ?? undefined;
  return { name: value("/name"), description: value("/description") };
}

function putGatewayResponse(it: DesignRequest): void {
  const status = it.anywhere("statusCode");
  checkGatewayResponse({
    responseType: it.text("responseType", "type"),
    statusCode: status === undefined ? undefined : String(status),
    responseParameters: it.texts("responseParameters"),
  });
}

function updateGatewayResponse(it: DesignRequest): void {
  const type = it.optional("responseType") ?? it.optional("type");
  if (type !== undefined) checkGatewayResponse({ responseType: type });
  checkGatewayResponsePatch(it.operations(), it.responseNames());
}

function updateStage(it: DesignRequest): void {
  const stage = (it.anywhere("stage", "existing") ?? {}) as Readonly<Record<string, unknown>>;
  const canary = typeof stage === "object" ? stage["canarySettings"] : undefined;
  const deployments = it.anywhere("deployments") as readonly string[] | undefined;
  checkStagePatch(it.operations(), {
    hasCanary: (canary ?? null) !== null || it.flag("canary", "hasCanary"),
    deployments,
  });
}

function createRestApi(it: DesignRequest): void {
  const { types, ipAddressType } = it.map("endpointConfiguration") as { types?: string[]; ipAddressType?: string };
  const size = it.anywhere("minimumCompressionSize");
  checkRestApi({
    description: it.optional("description"),
    minimumCompressionSize: size === undefined ? undefined : Number(size),
    endpointTypes: types,
    ipAddressType,
  });
}

function updateRestApi(it: DesignRequest): void {
  const own = (it.anywhere("restApi", "existing", "endpointConfiguration") ?? {}) as Readonly<Record<string, unknown>>;
  const { types = ["EDGE"], ipAddressType } = (own["endpointConfiguration"] ?? own) as {
    types?: string[];
    ipAddressType?: string;
  };
  checkRestApiPatch(it.operations(), { endpointType: types[0] ?? "EDGE", ipAddressType });
}

function createAuthorizer(it: DesignRequest): void {
  checkAuthorizer({
    name: it.optional("name"),
    type: it.optional("type"),
    identitySource: it.optional("identitySource"),
  });
}

function createHttpAuthorizer(it: DesignRequest): void {
  checkHttpAuthorizer({
    identitySource: it.list("identitySource"),
    authorizerResultTtlInSeconds: it.number("authorizerResultTtlInSeconds"),
  });
}

function updateMethod(it: DesignRequest): void {
  const method = (it.anywhere("method", "existing") ?? {}) as { authorizationType?: string; authorizerId?: string };
  checkMethodPatch(it.operations(), method, surroundings(it));
}

function putMethod(it: DesignRequest): void {
  checkMethod(
    {
      httpMethod: it.optional("httpMethod"),
      authorizationType: it.optional("authorizationType"),
      authorizerId: it.optional("authorizerId"),
      requestValidatorId: it.optional("requestValidatorId"),
      requestParameters: Object.keys(it.map("requestParameters")),
      requestModels: Object.values(it.map("requestModels")).map(String),
    },
    { ...surroundings(it), models: [...firstModels, ...it.list("models")] },
  );
}

function surroundings(it: DesignRequest) {
  return { authorizers: it.list("authorizers"), validators: it.list("validators", "requestValidators") };
}

/** The body of an import: a document, or its text. */
function document(it: DesignRequest): unknown {
  const body = it.anywhere("body", "document", "definition") ?? it.scalar();
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
