import type { FunctionSyntax, KeySyntax, PlanSyntax } from "../gateway-syntax.js";
import {
  boolean,
  byKind,
  choice,
  entries,
  integer,
  key,
  map,
  mapped,
  on,
  prose,
  type Shape,
  text,
} from "../shape/index.js";
import { namedTexts, texts, throttle, timeout } from "./shared.js";

const functionForm = map(
  "a function",
  {
    file: key(text("a path"), "Module of the handler, beside gateway.yaml. By default handlers/<name>.ts.", {
      examples: ["handlers/orders.ts"],
    }),
    aliases: key(
      namedTexts("a map from aliases to paths", text("a path")),
      "Modules by alias: versions of the function side by side.",
      {
        examples: [{ live: "handlers/getOrder.ts", next: "handlers/getOrder.next.ts" }],
      },
    ),
    alias: key(text("an alias"), "Which of the `aliases` is called, mostly by a stage variable.", {
      examples: ["${stageVariables.alias}"],
    }),
    arn: key(text("an ARN"), "ARN of a function that is deployed already.", {
      examples: ["arn:aws:lambda:eu-west-1:123456789012:function:charge:${stageVariables.alias}"],
    }),
    timeout: key(
      timeout(),
      "How long the function itself may run: milliseconds, or a duration such as 5s. By default as long as its route allows.",
      { examples: ["5s"] },
    ),
  },
  {
    atMostOne: [["file", "aliases", "arn"]],
    needs: { aliases: ["alias"], alias: ["aliases"] },
    synonyms: { handler: "file", path: "file", module: "file" },
  },
);

/** `name: handlers/x.ts`, or a map. */
export const functions = (): Shape<readonly FunctionSyntax[]> =>
  entries(
    byKind(
      {
        scalar: mapped(text("a path"), (file) => ({ ...functionForm.none(file.span), file })),
        map: functionForm,
      },
      "a path, or a map with file, aliases or arn",
    ),
    "a map of functions",
    (name, members, { span }) => ({ ...(members ?? functionForm.none(span)), name }),
  );

const planForm = map("a usage plan", {
  description: key(prose(), "Whom the plan is for.", { examples: ["For trying things out."], on: on.rest }),
  throttle: key(throttle(), "Limit of each client, over all routes.", {
    examples: [{ rate: 5, burst: 10 }],
    on: on.rest,
  }),
  quota: key(
    map(
      "a quota",
      {
        limit: key(integer(0), "Requests in one period.", { examples: [1000], on: on.rest }),
        period: key(
          choice(["day", "week", "month"]),
          "How long a period is: a day from midnight UTC, a week from Sunday, a month from its first day.",
          {
            on: on.rest,
          },
        ),
        offset: key(
          integer(0),
          "Days by which a period begins later: a week by 1 begins on Monday, a month by 14 on the 15th. A day has none.",
          { examples: [1], default: 0, on: on.rest },
        ),
      },
      { required: ["limit", "period"] },
    ),
    "How much each client may call.",
    { examples: [{ limit: 1000, period: "day" }], on: on.rest },
  ),
  stages: key(texts("the name of a stage"), "Stages that the plan opens. By default all.", {
    examples: [["prod"]],
    on: on.rest,
  }),
  routes: key(
    entries(throttle(), "a map from routes to throttles", (name, value) => ({ name, throttle: value })),
    "Limits of each client on single routes.",
    { default: {}, examples: [{ "POST /orders": { rate: 50, burst: 50 } }], on: on.rest },
  ),
});

export const plans = (): Shape<readonly PlanSyntax[]> =>
  entries(planForm, "a map of usage plans", (name, members, { span }) => {
    const { routes, ...rest } = members ?? planForm.none(span);
    return { ...rest, routes: routes ?? [], name };
  });

const keyForm = map(
  "an API key",
  {
    description: key(prose(), "Whose key it is.", { examples: ["Acme Ltd., contact ops@acme.example"], on: on.rest }),
    plan: key(text("the name of a plan"), "The usage plan that the key belongs to.", {
      examples: ["gold"],
      on: on.rest,
    }),
    plans: key(texts("the name of a plan"), "Several usage plans; at most one for each stage.", {
      examples: [["gold", "trial"]],
      on: on.rest,
    }),
    value: key(text("a value"), "Value of the key, by `${env.NAME}`. Left out, AWS and `gateway keys` make one.", {
      examples: ["${env.ACME_KEY}"],
      on: on.rest,
    }),
    enabled: key(boolean(), "Whether the key may be used.", { default: true, on: on.rest }),
  },
  { atMostOne: [["plan", "plans"]] },
);

export const keys = (): Shape<readonly KeySyntax[]> =>
  entries(keyForm, "a map of API keys", (name, members, { span }) => {
    const { plan, plans, ...rest } = members ?? keyForm.none(span);
    return { ...rest, plans: plans ?? (plan && [plan]), name };
  });
