import { primitive } from "../../../src/model/type-builders.js";
import type { PrimitiveType } from "../../../src/model/types.js";

export { array, enumeration, object, primitive, property, reference } from "../../../src/model/type-builders.js";

export function integer(): PrimitiveType {
  return primitive("integer");
}
