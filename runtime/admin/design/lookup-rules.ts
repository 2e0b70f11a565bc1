import { type AdminProblem, badRequest, notFound, AdminProblem as Problem } from "../admin-message.js";

/** What an operation names that is not there, in AWS's words (recorded, and as the API reference's errors have it). */
const texts = {
  authorizer: "Invalid Authorizer identifier specified",
  basePathMapping: "Invalid base path mapping identifier specified",
  clientCertificate: "Invalid Client Certificate identifier specified",
  contentType: "Content-Type specified was not found",
  deployment: "Invalid Deployment identifier specified",
  documentationVersion: "Invalid Documentation version specified",
  documentationPart: "Invalid Documentation part identifier specified",
  domainName: "Invalid domain name identifier specified",
  gatewayResponse: "Gateway response type not defined on api",
  apiMapping: "Invalid API mapping identifier specified",
  integration: "Invalid Integration identifier specified",
  integrationResponse: "Invalid Integration Response identifier specified",
  key: "Invalid API Key identifier specified",
  method: "Invalid Method identifier specified",
  model: "Invalid Model identifier specified",
  parameter: "Invalid parameter name specified",
  plan: "Invalid Usage Plan ID specified",
  requestValidator: "Invalid Request Validator identifier specified",
  route: "Invalid Route identifier specified",
  routeResponse: "Invalid Route Response identifier specified",
  resource: "Invalid Resource identifier specified",
  responseStatus: "Invalid Response status code specified",
  stage: "Invalid stage identifier specified",
  vpcLink: "Invalid Vpc Link identifier specified",
} as const;

export type Missing = keyof typeof texts;

export function missing(what: Missing): AdminProblem {
  return notFound(texts[what]);
}

export function missingModel(name: string): AdminProblem {
  return notFound(`Invalid model name specified: ${name}`);
}

/**
 * An API that is not there. Three operations have words of their own for it: those that write into an API by another
 * path than the rest (recorded).
 *
 * @param operation  AWS's name of it, such as `createModel`
 */
export function missingApi(apiId: string, account: string, operation?: string): AdminProblem {
  if (operation === "createRequestValidator") return badRequest("Invalid REST API identifier specified");
  if (operation === "createAuthorizer") {
    const text = "Unable to complete operation due to concurrent modification. Please try again later.";
    return new Problem(409, "ConflictException", text);
  }
  return notFound(`Invalid API identifier specified ${account}:${apiId}`);
}
