import { apigMethod, apigRoutes } from "../../src/model/apig-methods.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { NamedOperation } from "./plan.js";

/** Names that the entry exports: no model has them. */
export const apigNames = "ApigClient ApigConfig ApigError ApigMore ApigNothing ApigResult apigClientFactory".split(" ");

/** A method of the client that is called as AWS's. */
export interface ApigOperation {
  /** `petsPetIdGet`. */
  readonly method: string;
  readonly operation: NamedOperation;
}

/** Operations by their methods; undefined: the file asks for no such client. */
export function apigOperations(
  model: GatewayModel,
  operations: readonly NamedOperation[],
): readonly ApigOperation[] | undefined {
  if (!model.sdk.typescript.apigClient) return undefined;
  const named = apigRoutes(model.routes);
  return model.routes.flatMap((route, at) => {
    const method = apigMethod(route);
    const operation = operations[at];
    return method !== undefined && operation && named.get(method) === route ? [{ method, operation }] : [];
  });
}
