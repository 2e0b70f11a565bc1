import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { JsonObject } from "../emit/stable-json.js";
import { planAwsDocument } from "./plan-aws.js";
import { planCleanDocument } from "./plan-clean.js";

/** The two OpenAPI documents of a gateway, as data. */
export interface OpenApiPlan {
  /** What API Gateway imports. */
  readonly aws: JsonObject;
  /** What consumers of the API read: no extensions, no technical methods. */
  readonly clean: JsonObject;
}

export function planOpenApi(model: GatewayModel): OpenApiPlan {
  return { aws: planAwsDocument(model), clean: planCleanDocument(model) };
}
