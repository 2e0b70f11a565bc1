import type { Parameter, Route } from "../../src/model/routes.js";
import type { Planned } from "../emit/code-literal.js";

/** Whether a request body is checked against a model before the integration. Bytes have no model, on AWS neither. */
export function validatesBody({ validation, body }: Route): boolean {
  return validation.body && body !== undefined && !(body.type.kind === "primitive" && body.type.name === "binary");
}

const order = { header: 0, path: 1, query: 2 } as const;

/**
 * Parameters whose presence is checked, in the order in which AWS names the missing ones: headers, path, query
 * (aws-behaviour.md section 15: sorted by their full `method.request.…` name).
 */
export function requiredParametersOf(route: Route): readonly Planned[] {
  if (!route.validation.parameters) return [];
  const required = route.parameters.filter((parameter) => parameter.required && parameter.in !== "path");
  return [...required]
    .sort((a, b) => order[a.in] - order[b.in] || (a.name < b.name ? -1 : 1))
    .map((parameter: Parameter) => ({
      in: parameter.in,
      name: parameter.in === "header" ? parameter.name.toLowerCase() : parameter.name,
      label: parameter.name,
    }));
}
