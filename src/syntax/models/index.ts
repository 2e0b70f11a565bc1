export { type ModelScope, parseModels, scopeOfModels } from "./scope.js";
