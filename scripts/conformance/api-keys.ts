import { createGateway } from "../../runtime/host/gateway.js";
import { requireApiKey } from "../../runtime/limits/require-api-key.js";
import { usagePlan } from "../../runtime/limits/usage-plan.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, reachProblem } from "./compare.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { answerKey, testProgram, testRoute } from "./program.js";

interface Given {
  readonly apiKeyRequired: boolean;
  readonly keySource?: "HEADER" | "AUTHORIZER";
  /** The key that exists; absent: none does. */
  readonly key?: { readonly enabled?: boolean; readonly inUsagePlanOfStage?: boolean; readonly value?: string };
  /** What the authorizer of the route hands over: here, or in its result. */
  readonly usageIdentifierKey?: string;
  readonly authorizer?: { readonly usageIdentifierKey?: string };
  readonly functionResult?: { readonly usageIdentifierKey?: string };
  readonly request?: {
    readonly headers?: Readonly<Record<string, string>>;
    /** Keys in queries are none. */
    readonly query?: Readonly<Record<string, string>>;
  };
}

const defaultValue = "conformance-key-0123456789";

export const run: AreaRunner = async ({ given: untyped, expect }) => {
  const given = untyped as unknown as Given;
  const { key, keySource = "HEADER" } = given;
  const value = key?.value ?? defaultValue;
  const fill = (text: string) => text.replace("<key>", value);
  const handedOver =
    given.usageIdentifierKey ?? given.functionResult?.usageIdentifierKey ?? given.authorizer?.usageIdentifierKey;
  let reached = false;
  const route = testRoute("GET /x", (x) => {
    if (handedOver !== undefined) {
      x.caller = { usageIdentifierKey: fill(handedOver) } as NonNullable<typeof x.caller>;
    }
    if (given.apiKeyRequired && (requireApiKey(x) || usagePlan(x))) return true;
    reached = true;
    return answerKey(x);
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
  const filled = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, fill(text)]));
  const answer = await createGateway({ program }).inject({
    path: `/dev/x${queryText(filled(given.request?.query))}`,
    headers: flatHeaders(filled(given.request?.headers)),
  });
  return answerProblem(expect, answer) ?? reachProblem(expect, { reached, status: answer.status });
};
