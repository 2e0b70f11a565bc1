import type { Model, Type } from "../../src/model/types.js";
import { jsonSchemaOf, jsonSchemaOfModel } from "./json-schema.js";
import { type OpenApiFlavour, openApiSchemaOf, openApiSchemaOfModel } from "./openapi-schema.js";
import type { JsonSchema, SchemaNames } from "./schema-walk.js";

export type { JsonSchema, SchemaNames } from "./schema-walk.js";

export interface SchemaOptions extends SchemaNames {
  readonly dialect: "draft04" | "openapi30";
  /** OpenAPI only; `clean` when it is left out. */
  readonly flavour?: OpenApiFlavour;
}

/** Schema of a type in the wanted dialect. Models are referred to by `ref`, never written out. */
export function schemaOf(type: Type, options: SchemaOptions): JsonSchema {
  if (options.dialect === "draft04") return jsonSchemaOf(type, options);
  return openApiSchemaOf(type, { ...options, flavour: options.flavour ?? "clean" });
}

/** Schema of a model with its own documentation. */
export function schemaOfModel(model: Model, options: SchemaOptions): JsonSchema {
  if (options.dialect === "draft04") return jsonSchemaOfModel(model, options);
  return openApiSchemaOfModel(model, { ...options, flavour: options.flavour ?? "clean" });
}
