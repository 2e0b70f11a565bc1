export { modelsFromSchemas, type SchemaModel, type SchemaPath } from "./from-json-schema.js";
export { type ModelScope, parseModels, scopeOfModels } from "./scope.js";
