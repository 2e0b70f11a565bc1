export { type CheckOptions, checkGateway } from "./check-gateway.js";
export type { Target } from "./checking.js";
