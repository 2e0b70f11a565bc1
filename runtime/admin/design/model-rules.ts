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

/** Methods that name a model, by path and method (`/`, `ANY`). */
export interface ModelUse {
  readonly path: string;
  readonly method: string;
}

/** DeleteModel (recorded). @throws AdminProblem */
export function checkModelRemoval(name: string, uses: readonly ModelUse[]): void {
  const [use] = uses;
  if (use) throw conflict(`Cannot delete model '${name}', is referenced in method request: ${use.path}/${use.method}`);
}
