import type { Exchange } from "../http/exchange.js";
import type { Step } from "../program.js";
import type { RouteCacheEntry } from "./cache-entry.js";
import { type CacheKeyReader, cacheKeyReader } from "./cache-key.js";
import { asksForFresh, ignoredWarning, mayInvalidate } from "./invalidation.js";
import type { StageCache } from "./stage-cache.js";
import { bodyBytesOf, maxAnswerBytes, type StoredAnswer } from "./stored-answer.js";
import { vary } from "./vary.js";

/**
 * Answers from the stage's cache, or by the integration, whose answer is then kept (aws-behaviour.md section 18).
 * Requests for the same answer that come while it is made wait for it, and go to the integration themselves only when
 * it turns out not to be one that is kept.
 */
export function cached(x: Exchange, integrate: Step): boolean | Promise<boolean> {
  const { cache } = x.stage;
  const { cache: settings } = x.route;
  if (cache === undefined || settings === undefined) return integrate(x);
  const ttlSeconds = settings.ttlSeconds ?? cache.entry.ttlSeconds;
  if (ttlSeconds === 0) return integrate(x);
  const { store } = cache;
  const primary = keyReaderOf(x, settings)(x);
  const key = vary.keyOf(x, store, primary);
  const now = x.program.clock.monotonic();
  let warns = false;
  if (asksForFresh(x)) {
    if (mayInvalidate(x, cache.entry)) return make(x, integrate, store, primary, key, ttlSeconds);
    warns = cache.entry.unauthorized === "SUCCEED_WITH_RESPONSE_HEADER";
  }
  const known = store.get(key, now);
  if (known !== undefined) return hit(x, known, warns);
  const underWay = store.underWay.get(key);
  if (underWay !== undefined) {
    return underWay.then((answer) => (answer === undefined ? miss(x, integrate) : hit(x, answer, warns)));
  }
  const made = make(x, integrate, store, primary, key, ttlSeconds);
  return warns ? made.then((isAnswered) => warn(x, isAnswered)) : made;
}

function keyReaderOf({ program, route }: Exchange, settings: RouteCacheEntry): CacheKeyReader {
  let reader = program.cacheKeys.get(route);
  if (reader === undefined) {
    reader = cacheKeyReader(route, settings);
    program.cacheKeys.set(route, reader);
  }
  return reader;
}

/** What followers of an answer that is not kept do. */
function miss(x: Exchange, integrate: Step): boolean | Promise<boolean> {
  x.cacheResult = "miss";
  return integrate(x);
}

function hit(x: Exchange, { status, headers, body }: StoredAnswer, warns: boolean): true {
  x.cacheResult = "hit";
  x.answer(status, headers.slice(), body);
  return warn(x, true, warns);
}

function warn<T extends boolean>(x: Exchange, isAnswered: T, warns = true): T {
  if (warns && !x.isStreaming) x.responseHeaders.push("Warning", ignoredWarning);
  return isAnswered;
}

/** Asks the integration, and keeps what it answers. Whoever waits is told in every case. */
async function make(
  x: Exchange,
  integrate: Step,
  store: StageCache,
  primary: string,
  key: string,
  ttlSeconds: number,
): Promise<boolean> {
  x.cacheResult = "miss";
  const { generation } = store;
  let tell: (answer: StoredAnswer | undefined) => void = () => undefined;
  const underWay = new Promise<StoredAnswer | undefined>((resolve) => {
    tell = resolve;
  });
  store.underWay.set(key, underWay);
  let kept: StoredAnswer | undefined;
  try {
    const isAnswered = await integrate(x);
    const answer = isAnswered ? keepable(x) : undefined;
    // Another may have been asked for since, as by `max-age=0`: it is the fresher one, and may be there already.
    const isLatest = store.underWay.get(key) === underWay;
    if (!isLatest || store.generation !== generation) return isAnswered;
    if (answer !== undefined) {
      const ownKey = vary.remember(x, store, primary, answer);
      if (ownKey !== undefined) {
        store.put(ownKey, answer, x.program.clock.monotonic() + ttlSeconds * 1000);
        // Followers with other values of what it varies by must not take it.
        kept = ownKey === key ? answer : undefined;
      }
    } else if (isAnswered) store.delete(key);
    return isAnswered;
  } finally {
    if (store.underWay.get(key) === underWay) store.underWay.delete(key);
    tell(kept);
  }
}

/**
 * The answer to keep; undefined when it is none: a failure, a part (206), one that is streamed or too large, one with a
 * cookie (it is meant for one client), one whose Cache-Control says `no-store` or `private`.
 */
function keepable(x: Exchange): StoredAnswer | undefined {
  const { status, responseHeaders: headers, responseBody: body } = x;
  if (x.isStreaming || x.error !== undefined || status < 200 || status > 299 || status === 206) return undefined;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length === 10 && name.toLowerCase() === "set-cookie") return undefined;
    if (name.length !== 13 || name.toLowerCase() !== "cache-control") continue;
    if (/(?:^|[\s,])(?:no-store|private)(?=$|[\s,=])/i.test(headers[at + 1] as string)) return undefined;
  }
  const answer: StoredAnswer = { status, headers: headers.slice(), body };
  return bodyBytesOf(answer) > maxAnswerBytes ? undefined : answer;
}
