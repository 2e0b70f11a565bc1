import { badRequest, conflict } from "../admin-message.js";

/** CreateModel. */
export interface ModelRequest {
  readonly name: string;
  readonly schema?: string | undefined;
}

/** Models that every REST API starts with. */
export const firstModels: readonly string[] = ["Empty", "Error"];

/** Rules of models (aws-behaviour 15, 36). @throws AdminProblem */
export function checkModel({ name, schema }: ModelRequest, existing: readonly string[]): void {
  if (name === "") throw badRequest("Model name must be non-empty");
  if (!/^[A-Za-z0-9]+$/.test(name)) throw badRequest(`Model name must be alphanumeric: ${name}`);
  if (existing.includes(name)) throw conflict("Model name already exists for this REST API");
  if (!schema) throw badRequest("Model schema must have at least 1 property or array items defined");
}
