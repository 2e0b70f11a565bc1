import { places } from "../mapping/expressions/index.js";
import { constantText } from "../model/expressions.js";
import type { SharedState } from "../model/gateway-model.js";
import type { Checking } from "./checking.js";
import { readText } from "./expressions.js";

/** Where nodes share what they count. A URL with a password in the file is a secret in its history. */
export function checkState(checking: Checking): SharedState | undefined {
  const { redis, onFailure, caches, cacheKey } = checking.syntax.state ?? {};
  const url = redis && readText(redis, places.secret, checking);
  if (redis === undefined || url === undefined) return undefined;
  const constant = constantText(url);
  if (constant !== undefined && !/^rediss?:\/\/\S+$/.test(constant)) {
    checking.report("bad-redis-url", redis.span, { url: constant });
  } else if (constant !== undefined && /^rediss?:\/\/[^/@]*:[^/@]+@/.test(constant)) {
    checking.report("key-in-file", redis.span, {});
  }
  const secret = cacheKey && readText(cacheKey, places.secret, checking);
  if (cacheKey !== undefined && secret !== undefined && constantText(secret) !== undefined)
    checking.report("key-in-file", cacheKey.span, {});
  const sharesAnswers = caches?.value !== "local";
  return { redis: url, onFailure: onFailure?.value ?? "local", sharesAnswers, cacheKey: secret };
}
