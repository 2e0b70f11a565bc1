import { type AdminRequest, bodyObject, textOf } from "../../admin-message.js";
import type { AdminTarget } from "../../admin-target.js";
import { checkHttpAuthorizer, checkHttpIntegration, checkHttpRoute } from "../../design/http-api-rules.js";
import { standsInFile } from "../design-operations.js";
import { v2ApiOf } from "./apis.js";

type Check = (target: AdminTarget, request: AdminRequest, parameters: readonly string[]) => void;

const rules: readonly (readonly [operations: string, what: string, check?: Check])[] = [
  ["POST /v2/apis,PUT /v2/apis", "an API"],
  ["PATCH /v2/apis/{},PUT /v2/apis/{},DELETE /v2/apis/{},DELETE /v2/apis/{}/cors", "an API"],
  ["POST /v2/apis/{}/routes", "a route", checkRoute],
  ["PATCH /v2/apis/{}/routes/{},DELETE /v2/apis/{}/routes/{}", "a route"],
  ["DELETE /v2/apis/{}/routes/{}/requestparameters/{}", "a route"],
  ["POST /v2/apis/{}/routes/{}/routeresponses", "a response"],
  [both("/v2/apis/{}/routes/{}/routeresponses/{}"), "a response"],
  ["POST /v2/apis/{}/integrations", "an integration", checkIntegration],
  [both("/v2/apis/{}/integrations/{}"), "an integration"],
  ["POST /v2/apis/{}/integrations/{}/integrationresponses", "a response"],
  [both("/v2/apis/{}/integrations/{}/integrationresponses/{}"), "a response"],
  ["POST /v2/apis/{}/authorizers", "an authorizer", checkAuthorizer],
  [both("/v2/apis/{}/authorizers/{}"), "an authorizer"],
  [`POST /v2/apis/{}/models,${both("/v2/apis/{}/models/{}")}`, "a model"],
  [`POST /v2/domainnames,${both("/v2/domainnames/{}")}`, "a domain"],
  [`POST /v2/domainnames/{}/apimappings,${both("/v2/domainnames/{}/apimappings/{}")}`, "a base path"],
  [
    "POST /v2/domainnames/{}/routingrules,PUT /v2/domainnames/{}/routingrules/{},DELETE /v2/domainnames/{}/routingrules/{}",
    "a base path",
  ],
];

/** What designs an API is refused: in AWS's words where AWS refuses it too, else with the place to change. */
export const v2Refusals = rules.flatMap(([operations, what, check]) =>
  operations.split(",").map((operation) => {
    const [method = "", path = ""] = operation.split(" ");
    const refuse = (target: AdminTarget, request: AdminRequest, parameters: readonly string[]): never => {
      if (path.startsWith("/v2/apis/{}")) v2ApiOf(target, parameters[0] ?? "");
      check?.(target, request, parameters);
      throw standsInFile(what);
    };
    return [method, path, refuse] as const;
  }),
);

function both(path: string): string {
  return `PATCH ${path},DELETE ${path}`;
}

function checkRoute(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  const { protocol, routes } = v2ApiOf(target, id);
  const routeKey = textOf(bodyObject(request), "routeKey") ?? "";
  checkHttpRoute(
    { routeKey, protocolType: protocol },
    routes.map(({ key }) => key),
  );
}

function checkIntegration(target: AdminTarget, request: AdminRequest, [id = ""]: readonly string[]): void {
  const integrationType = textOf(bodyObject(request), "integrationType");
  if (v2ApiOf(target, id).protocol === "HTTP") checkHttpIntegration({ integrationType });
}

function checkAuthorizer(_: AdminTarget, request: AdminRequest): void {
  const { identitySource, authorizerResultTtlInSeconds: ttl } = bodyObject(request);
  checkHttpAuthorizer({
    identitySource: Array.isArray(identitySource) ? (identitySource as string[]) : undefined,
    authorizerResultTtlInSeconds: typeof ttl === "number" ? ttl : undefined,
  });
}
