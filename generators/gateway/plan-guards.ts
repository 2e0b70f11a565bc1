import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { WafRules } from "../../src/model/waf.js";
import { patternFlags } from "../../src/syntax/patterns.js";
import { code, type Planned, printPlanned, stringLiteral } from "../emit/code-literal.js";

/** What stands in front of the routes, and the names of the runtime that it is made of. */
export interface GuardsPlan {
  readonly entry: { readonly [name: string]: Planned };
  readonly names: readonly string[];
}

export function planGuards(model: GatewayModel): GuardsPlan | undefined {
  const entry: Record<string, Planned> = {};
  const names: string[] = [];
  if (model.routes.some(({ authorization }) => authorization.kind === "iam")) {
    entry["iam"] = code("iamService");
    names.push("iamService");
  }
  if (model.kind === "rest" && model.policy !== undefined) {
    entry["policy"] = code(`resourcePolicy(${printPlanned(model.policy, "    ")})`);
    names.push("resourcePolicy");
  }
  if (model.waf !== undefined) {
    entry["waf"] = code(`wafRules(${printPlanned(planWaf(model.waf), "    ")})`);
    names.push("wafRules");
  }
  if (model.endpoint === "private") entry["isPrivate"] = true;
  return Object.keys(entry).length === 0 ? undefined : { entry, names };
}

function planWaf({ allow, block, rate, size, patterns }: WafRules): Planned {
  return {
    allow,
    block,
    rate: rate && { limit: rate.limit, windowSeconds: rate.windowSeconds },
    size: { ...size },
    patterns: patterns.map(({ in: place, header, match }) => ({
      in: place,
      header,
      pattern: code(`new RegExp(${stringLiteral(match)}, "i${patternFlags(match) === "u" ? "u" : ""}")`),
    })),
  };
}
