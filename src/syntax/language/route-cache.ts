import type { RouteCacheSyntax } from "../route-syntax.js";
import { boolean, byKind, byType, duration, key, map, mapped, on, type Shape, text } from "../shape/index.js";
import { texts } from "./shared.js";

const cacheForm = map("cache settings", {
  ttl: key(
    duration("s", { min: 0 }),
    "Seconds that an answer is kept; 0 keeps none. AWS allows up to 3600. By default the stage's.",
    {
      examples: [60],
      on: on.rest,
    },
  ),
  keys: key(
    texts("an expression"),
    "What the key is made of, beside the path: names of parameters, or expressions. By default all declared parameters, and the caller's identity where there is an authorizer.",
    { examples: [["$request.querystring.status"]], on: on.rest },
  ),
  namespace: key(
    text("a name"),
    "What stands for the route's path in the key. Routes of one namespace share their answers where their keys are equal. By default each path has its own.",
    { examples: ["orders"], on: on.rest },
  ),
  shared: key(
    boolean(),
    "Whether callers share answers although the route has an authorizer. AWS shares them always.",
    {
      default: false,
      on: on.rest,
    },
  ),
});

export const routeCache = (): Shape<RouteCacheSyntax> =>
  byKind<RouteCacheSyntax>(
    {
      scalar: byType<RouteCacheSyntax>(
        {
          boolean: mapped(boolean(), (enabled, { span }) => ({ ...cacheForm.none(span), enabled })),
          other: mapped(duration("s", { min: 0 }), (ttl, { span }) => ({
            ...cacheForm.none(span),
            ttl,
            enabled: undefined,
          })),
        },
        "true, false or seconds",
      ),
      map: mapped(cacheForm, (members) => ({ enabled: undefined, ...members })),
    },
    "true, false, seconds, or a map with ttl and keys",
  );
