import type { GatewayModel, Throttle } from "../../src/model/gateway-model.js";
import { code, type Planned } from "../emit/code-literal.js";
import { keyIdOf } from "./ids.js";
import { envText } from "./plan-texts.js";

/** API keys and usage plans as the runtime's `LimitsEntry`; undefined when the file has neither. */
export function planLimits(model: GatewayModel): Planned | undefined {
  const { name, plans, keys, apiKeySource } = model;
  if (plans.length + keys.length === 0) return undefined;
  return {
    apiKeySource,
    plans: plans.map((plan) => ({
      name: plan.name,
      stages: plan.stages,
      throttle: plan.throttle && planThrottle(plan.throttle),
      quota: plan.quota && { limit: plan.quota.limit, period: plan.quota.period, offset: plan.quota.offset },
      routes: plan.routes.map(({ routeKey, throttle }) => ({ key: routeKey, throttle: planThrottle(throttle) })),
    })),
    keys: keys.map((key) => ({
      id: keyIdOf(name, key.name),
      name: key.name,
      value: key.value && envText(key.value),
      enabled: key.enabled,
      plans: key.plans,
    })),
  };
}

/** What nodes share, as the runtime's `StateEntry`; the client of Redis is linked only here. */
export function planState({ state }: GatewayModel): Planned | undefined {
  if (state === undefined) return undefined;
  const { redis, onFailure, sharesAnswers, cacheKey } = state;
  return {
    url: envText(redis),
    onFailure,
    sharesAnswers,
    cacheKey: cacheKey && envText(cacheKey),
    open: code("redisState"),
  };
}

function planThrottle({ rate, burst }: Throttle): Planned {
  return { rate, burst };
}
