import type { StateSyntax } from "../gateway-syntax.js";
import { choice, key, map, on, type Shape, text } from "../shape/index.js";

export const state = (): Shape<StateSyntax> =>
  map(
    "a shared state",
    {
      redis: key(text("a URL"), "Address of a Redis or Valkey, `redis://` or `rediss://`, best by `${env.NAME}`.", {
        examples: ["${env.REDIS_URL}"],
        on: on.nodeOnly,
      }),
      onFailure: key(
        choice(["local", "open", "closed"]),
        "While Redis is away: `local`, each process keeps the limits alone; `open`, nothing is limited; `closed`, what has a limit is refused with 429.",
        { default: "local", on: on.nodeOnly },
      ),
      caches: key(
        choice(["shared", "local"]),
        "Where the stages' caches keep answers: `shared`, in Redis too, so that what one node has asked for all have; `local`, in each process alone. Flushes and invalidations reach all nodes either way.",
        { default: "shared", on: on.nodeOnly },
      ),
      cacheKey: key(
        text("a secret"),
        "Secret of 32 characters or more that seals the answers of stages whose cache is `encrypted`, by `${env.NAME}`. Left out, their answers are not shared.",
        {
          examples: ["${env.CACHE_KEY}"],
          on: on.nodeOnly,
        },
      ),
    },
    { required: ["redis"], synonyms: { url: "redis", valkey: "redis", failure: "onFailure" } },
  );
