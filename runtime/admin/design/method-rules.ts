import { badRequest } from "../admin-message.js";
import { checkMethodParameters } from "./mapping-expression-rules.js";

/** PutMethod, as far as there are rules. */
export interface MethodRequest {
  readonly httpMethod?: string | undefined;
  readonly authorizationType?: string | undefined;
  readonly authorizerId?: string | undefined;
  readonly requestValidatorId?: string | undefined;
  readonly requestParameters?: readonly string[] | undefined;
  /** Names of the models of its bodies. */
  readonly requestModels?: readonly string[] | undefined;
}

/** What the API has that a method can refer to, by id. */
export interface MethodSurroundings {
  readonly authorizers: readonly string[];
  readonly validators: readonly string[];
  /** Names; left out where nobody knows them all. */
  readonly models?: readonly string[];
}

const methods = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"];

/** Rules of methods (recorded). @throws AdminProblem */
export function checkMethod(request: MethodRequest, { authorizers, validators, models }: MethodSurroundings): void {
  const { httpMethod, authorizationType, authorizerId, requestValidatorId } = request;
  const { requestParameters = [], requestModels = [] } = request;
  if (httpMethod !== undefined && !methods.includes(httpMethod))
    throw badRequest(`Invalid HttpMethod specified. Valid options are ${methods.join(",")}`);
  const needsAuthorizer = authorizationType === "CUSTOM" || authorizationType === "COGNITO_USER_POOLS";
  if (needsAuthorizer && !authorizers.includes(authorizerId ?? "")) {
    throw badRequest(
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  }
  if (requestValidatorId !== undefined && !validators.includes(requestValidatorId))
    throw badRequest("Invalid Request Validator identifier specified");
  checkMethodParameters(requestParameters);
  const unknown = models && requestModels.find((name) => !models.includes(name));
  if (unknown !== undefined) throw badRequest(`Invalid model identifier specified: ${unknown}`);
}
