import { badRequest } from "../admin-message.js";
import { checkMethodParameters } from "./mapping-expression-rules.js";

/** PutMethod, as far as there are rules. */
export interface MethodRequest {
  readonly authorizationType?: string | undefined;
  readonly authorizerId?: string | undefined;
  readonly requestValidatorId?: string | undefined;
  readonly requestParameters?: readonly string[] | undefined;
}

/** What the API has that a method can refer to, by id. */
export interface MethodSurroundings {
  readonly authorizers: readonly string[];
  readonly validators: readonly string[];
}

/** Rules of methods (recorded). @throws AdminProblem */
export function checkMethod(request: MethodRequest, { authorizers, validators }: MethodSurroundings): void {
  const { authorizationType, authorizerId, requestValidatorId, requestParameters = [] } = request;
  const needsAuthorizer = authorizationType === "CUSTOM" || authorizationType === "COGNITO_USER_POOLS";
  if (needsAuthorizer && !authorizers.includes(authorizerId ?? "")) {
    throw badRequest(
      "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
    );
  }
  if (requestValidatorId !== undefined && !validators.includes(requestValidatorId))
    throw badRequest("Invalid Request Validator identifier specified");
  checkMethodParameters(requestParameters);
}
