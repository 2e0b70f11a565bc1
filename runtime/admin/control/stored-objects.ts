import { validatorIdOf } from "../../host/stable-ids.js";
import type { GatewayErrorType } from "../../http/gateway-error.js";
import { restResponses } from "../../http/gateway-error-table.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { responseTypes } from "../design/gateway-response-rules.js";
import { missing } from "../design/lookup-rules.js";
import { checkMembers, enumMember } from "../design/member-rules.js";
import { type Design, designOf, type Members, membersOf, said } from "./design.js";
import { apiOf, page } from "./served.js";

/** GetGatewayResponses: those of the file, and API Gateway's own for the other types. @throws AdminProblem */
export function getGatewayResponses(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  const design = designOf(target, apiOf(target, id));
  return jsonAnswer(
    page(
      [...responseTypes].sort().map((type) => gatewayResponse(type, design)),
      query,
    ),
  );
}

/** GetGatewayResponse. @throws AdminProblem */
export function getGatewayResponse(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", type = ""]: readonly string[],
): AdminAnswer {
  const api = apiOf(target, id);
  checkMembers([enumMember("responseType", type, responseTypes)]);
  return jsonAnswer(gatewayResponse(type, designOf(target, api)));
}

const usual = { "application/json": '{"message":$context.error.messageString}' };

function gatewayResponse(responseType: string, design: Design | undefined): Members {
  const own = membersOf(design?.extension("gateway-responses"))[responseType];
  const { statusCode, responseParameters = {}, responseTemplates } = membersOf(own);
  // The two defaults have no status: each failure keeps its own.
  const status = statusCode ?? restResponses[responseType as GatewayErrorType]?.status;
  return {
    responseType,
    ...(status !== undefined && { statusCode: String(status) }),
    responseParameters,
    responseTemplates: responseTemplates ?? usual,
    defaultResponse: own === undefined,
  };
}

/** GetRequestValidators. @throws AdminProblem */
export function getRequestValidators(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  return jsonAnswer(page(validatorsOf(target, id), query));
}

/** GetRequestValidator. @throws AdminProblem */
export function getRequestValidator(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const found = validatorsOf(target, id).find((validator) => validator["id"] === wanted);
  if (found === undefined) throw missing("requestValidator");
  return jsonAnswer(found);
}

function validatorsOf(target: AdminTarget, id: string): readonly Members[] {
  const design = designOf(target, apiOf(target, id));
  return Object.entries(membersOf(design?.extension("request-validators"))).map(([name, validator]) => {
    const { validateRequestBody, validateRequestParameters } = membersOf(validator);
    return {
      id: validatorIdOf(id, name),
      name,
      validateRequestBody: validateRequestBody === true,
      validateRequestParameters: validateRequestParameters === true,
    };
  });
}

/** What the document says of an authorizer beside what the runtime knows. */
export function storedAuthorizer(design: Design | undefined, name: string): Members {
  const extension = membersOf(membersOf(design?.schemes[name])["x-amazon-apigateway-authorizer"]);
  const { providerARNs, authorizerUri, authorizerCredentials, identitySource } = extension;
  const { identityValidationExpression, authorizerResultTtlInSeconds } = extension;
  return said({
    ...{ providerARNs, authorizerUri, authorizerCredentials, identitySource },
    ...{ identityValidationExpression, authorizerResultTtlInSeconds },
  });
}
