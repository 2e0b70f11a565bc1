import type { GatewayModel } from "../../src/model/gateway-model.js";

/** A plan that several outputs begin with, made once for each model: models do not change, nor do plans. */
export function oncePerModel<Plan>(plan: (model: GatewayModel) => Plan): (model: GatewayModel) => Plan {
  const made = new WeakMap<GatewayModel, { readonly plan: Plan }>();
  return (model) => {
    const known = made.get(model);
    if (known !== undefined) return known.plan;
    const entry = { plan: plan(model) };
    made.set(model, entry);
    return entry.plan;
  };
}
