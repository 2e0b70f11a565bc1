import { anyType } from "../../src/model/type-builders.js";
import { elementOf, type ModelLookup, memberOf } from "../../src/model/type-questions.js";
import type { Type } from "../../src/model/types.js";
import type { SdkOperation } from "./operation.js";

/** Type of what a paged route lists; undefined when the route is not paged. */
export function itemTypeOf({ pagination, successes }: SdkOperation, lookup: ModelLookup): Type | undefined {
  if (pagination === undefined) return undefined;
  const body = successes.find(({ status }) => status >= 200 && status < 300)?.body;
  let type: Type | undefined = typeof body === "object" ? body : anyType;
  for (const name of pagination.items) type = type && memberOf(type, name, lookup)?.type;
  return (type && elementOf(type, undefined, lookup)) ?? anyType;
}
