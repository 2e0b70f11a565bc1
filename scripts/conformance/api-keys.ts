import { createGateway } from "../../runtime/host/gateway.js";
import { requireApiKey } from "../../runtime/limits/require-api-key.js";
import { usagePlan } from "../../runtime/limits/usage-plan.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { flatHeaders } from "./flat-headers.js";
import { answerKey, testProgram, testRoute } from "./program.js";

interface Given {
  readonly apiKeyRequired: boolean;
  readonly keySource?: "HEADER" | "AUTHORIZER";
  /** The key that exists; absent: none does. */
  readonly key?: { readonly enabled?: boolean; readonly inUsagePlanOfStage?: boolean; readonly value?: string };
  /** What the authorizer of the route hands over. */
  readonly usageIdentifierKey?: string;
  readonly request?: { readonly headers?: Readonly<Record<string, string>> };
}

const defaultValue = "conformance-key-0123456789";

export const run: AreaRunner = async ({ given: untyped, expect }) => {
  const given = untyped as unknown as Given;
  const { key, keySource = "HEADER" } = given;
  const value = key?.value ?? defaultValue;
  const fill = (text: string) => text.replace("<key>", value);
  const route = testRoute("GET /x", (x) => {
    if (given.usageIdentifierKey !== undefined) {
      x.caller = { usageIdentifierKey: fill(given.usageIdentifierKey) } as NonNullable<typeof x.caller>;
    }
    return (given.apiKeyRequired && (requireApiKey(x) || usagePlan(x))) || answerKey(x);
  });
  const plans = key?.inUsagePlanOfStage === false ? [] : ["plan"];
  const program = {
    ...testProgram([route]),
    limits: {
      apiKeySource: keySource,
      plans: [{ name: "plan", stages: ["dev"], routes: [] }],
      keys: key ? [{ id: "abcdefghij", name: "key", value, enabled: key.enabled ?? true, plans }] : [],
    },
  };
  const headers = Object.entries(given.request?.headers ?? {}).map(([name, text]) => [name, fill(text)]);
  const answer = await createGateway({ program }).inject({
    path: "/dev/x",
    headers: flatHeaders(Object.fromEntries(headers)),
  });
  if (expect["outcome"] === undefined) return answerProblem(expect, answer);
  if (expect["outcome"] !== "passes to the integration") return `unknown outcome ${show(expect["outcome"])}`;
  return answer.status === 200 ? undefined : `answers ${answer.status} and does not reach the integration`;
};
