import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import type { Planned } from "../emit/code-literal.js";

export interface ValidatorPlan {
  readonly name: string;
  readonly code: string;
}

export interface ValidatorPlans {
  readonly all: readonly ValidatorPlan[];
  readonly byRoute: ReadonlyMap<Route, Planned>;
}

/** One validator function for each distinct body type. */
export async function planValidators(_model: GatewayModel): Promise<ValidatorPlans> {
  return { all: [], byRoute: new Map() };
}
