export { type CompileOptions, compilePolicy } from "./compile-policy.js";
export { decide, evaluateAll } from "./decide.js";
export {
  type CompiledPolicy,
  type Decision,
  type PolicyContext,
  PolicyError,
  type PolicyPrincipal,
  type PolicyRequest,
  type PolicyResult,
} from "./policy.js";
