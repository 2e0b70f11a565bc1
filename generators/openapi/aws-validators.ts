import type { Route } from "../../src/model/routes.js";
import { type JsonObject, objectOf } from "../emit/stable-json.js";

const validators = [
  { name: "all", validateRequestBody: true, validateRequestParameters: true },
  { name: "body-only", validateRequestBody: true, validateRequestParameters: false },
  { name: "params-only", validateRequestBody: false, validateRequestParameters: true },
] as const;

/** Name of the request validator of a route of a REST API; undefined when nothing is checked. */
export function validatorOf({ validation }: Route): string | undefined {
  return validators.find(
    (validator) =>
      validator.validateRequestBody === validation.body &&
      validator.validateRequestParameters === validation.parameters,
  )?.name;
}

/** The validators that the routes name, for `x-amazon-apigateway-request-validators`. */
export function usedValidators(routes: readonly Route[]): JsonObject {
  const used = new Set(routes.map(validatorOf));
  return objectOf(validators.filter(({ name }) => used.has(name)).map(({ name, ...checks }) => [name, checks]));
}
