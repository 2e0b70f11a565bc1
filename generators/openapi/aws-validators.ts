import type { Route } from "../../src/model/routes.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";

const validators = [
  { name: "all", validateRequestBody: true, validateRequestParameters: true },
  { name: "body-only", validateRequestBody: true, validateRequestParameters: false },
  { name: "params-only", validateRequestBody: false, validateRequestParameters: true },
] as const;

/**
 * Name of the request validator of a route of a REST API; undefined when there is nothing to check: API Gateway checks the
 * presence of required parameters (those of the path are always there) and the body.
 */
export function validatorOf({ validation, parameters, body }: Route): string | undefined {
  const checksBody = validation.body && body !== undefined;
  const checksParameters = validation.parameters && parameters.some((each) => each.in !== "path" && each.required);
  return validators.find(
    (each) => each.validateRequestBody === checksBody && each.validateRequestParameters === checksParameters,
  )?.name;
}

/** The validators that the routes name, for `x-amazon-apigateway-request-validators`. */
export function usedValidators(routes: readonly Route[]): JsonObject {
  const used = new Set(routes.map(validatorOf));
  return objectOf(validators.filter(({ name }) => used.has(name)).map(({ name, ...checks }) => [name, checks]));
}
