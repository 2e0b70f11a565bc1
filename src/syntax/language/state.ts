import type { StateSyntax } from "../gateway-syntax.js";
import { choice, key, map, on, type Shape, text } from "../shape/index.js";

export const state = (): Shape<StateSyntax> =>
  map(
    "a shared state",
    {
      redis: key(text("a URL"), "Address of a Redis or Valkey, `redis://` or `rediss://`, best by `${env.NAME}`.", {
        examples: ["${env.REDIS_URL}"],
        on: on.nodeOnly,
        example: 'redis: "${env.REDIS_URL}"',
      }),
      onFailure: key(
        choice(["local", "open", "closed"]),
        "While Redis is away: `local`, each process keeps the limits alone; `open`, nothing is limited; `closed`, what has a limit is refused with 429.",
        { default: "local", on: on.nodeOnly },
      ),
    },
    { required: ["redis"], synonyms: { url: "redis", valkey: "redis", failure: "onFailure" } },
  );
