import type { ParameterMapping } from "../../src/model/integrations.js";
import type { Planned } from "../emit/code-literal.js";

/** Parameter mappings as calls of the runtime's sources. */
export function planMappings(mappings: readonly ParameterMapping[]): readonly Planned[] {
  return mappings.map(({ name }) => ({ name }));
}
