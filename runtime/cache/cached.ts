import type { Exchange } from "../http/exchange.js";
import type { Step } from "../program.js";
import type { RouteCacheEntry } from "./cache-entry.js";
import { type CacheKeyReader, cacheKeyReader } from "./cache-key.js";
import { asksForFresh, ignoredWarning, mayInvalidate } from "./invalidation.js";
import { type KeptHere, lookFor, type Making, share } from "./sharing.js";
import type { Outcome } from "./stage-cache.js";
import { bodyBytesOf, maxAnswerBytes, type StoredAnswer } from "./stored-answer.js";
import { vary } from "./vary.js";

/**
 * Answers from the stage's cache, or by the integration, whose answer is then kept (aws-behaviour.md section 18). What this
 * process does not hold, others may: it looks there first. Requests for the same answer that come while it is made wait
 * for it, and go to the integration themselves only when it turns out not to be one that is kept.
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
    if (mayInvalidate(x, cache.entry)) return make(x, integrate, { store, primary, key, ttlSeconds, isFresh: true });
    warns = cache.entry.unauthorized === "SUCCEED_WITH_RESPONSE_HEADER";
  }
  const known = store.get(key, now);
  if (known !== undefined) return hit(x, known, warns);
  const underWay = store.underWay.get(key);
  if (underWay !== undefined) return underWay.then((outcome) => follow(x, integrate, outcome, key, primary, warns));
  const made = make(x, integrate, { store, primary, key, ttlSeconds, isFresh: false });
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

/** What a request does that has waited for another's answer. */
function follow(
  x: Exchange,
  integrate: Step,
  outcome: Outcome,
  key: string,
  primary: string,
  warns: boolean,
): boolean | Promise<boolean> {
  if (typeof outcome !== "string") return hit(x, outcome, warns);
  const store = x.stage.cache?.store;
  // It has become known that answers vary by a header, and by which: this one's may be there, or be made for several.
  if (outcome === "again" || (store !== undefined && vary.keyOf(x, store, primary) !== key))
    return cached(x, integrate);
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

/** Finds the answer where other processes keep it, or asks the integration and keeps it. Whoever waits is told in every case. */
async function make(x: Exchange, integrate: Step, making: Making): Promise<boolean> {
  const { store, key, isFresh } = making;
  x.cacheResult = "miss";
  const { generation, shelf } = store;
  let tell: (outcome: Outcome) => void = () => undefined;
  const underWay = new Promise<Outcome>((resolve) => {
    tell = resolve;
  });
  store.underWay.set(key, underWay);
  // Another may have been asked for since, as by `max-age=0`: it is the fresher one, and may be there already.
  const isLatest = () => store.underWay.get(key) === underWay && store.generation === generation;
  let outcome: Outcome = "not kept";
  try {
    const looking = shelf && lookFor(x, making, shelf.look(key));
    const shared = isFresh ? undefined : (await looking)?.found;
    if (shared !== undefined) {
      const leftMs = Math.min(shared.leftMs, making.ttlSeconds * 1000);
      if (isLatest()) store.put(shared.key, shared.answer, x.program.clock.monotonic() + leftMs);
      // Followers with other values of what it varies by must not take it.
      if (shared.key === key) outcome = shared.answer;
      return hit(x, shared.answer, false);
    }
    const isAnswered = await integrate(x);
    if (!isLatest()) {
      outcome = "again";
      return isAnswered;
    }
    const answer = isAnswered ? keepable(x) : undefined;
    const kept = answer && keep(x, making, answer);
    if (answer !== undefined && kept?.key === key) outcome = answer;
    if (isAnswered && answer === undefined) store.delete(key);
    if (isAnswered && (isFresh || kept !== undefined)) {
      const shares = looking === undefined ? undefined : share(making, looking, kept);
      // Not before it is shared: whoever is told must not find the old one again.
      if (isFresh) void Promise.resolve(shares).then(() => store.tellReplaced(kept?.key ?? key));
    }
    return isAnswered;
  } finally {
    if (store.underWay.get(key) === underWay) store.underWay.delete(key);
    // One whose client has gone says nothing about the answer: another of those who wait is to ask.
    tell(outcome === "not kept" && x.transport.isClientGone ? "again" : outcome);
  }
}

/** Keeps an answer in this process; undefined when it is not to be kept. */
function keep(x: Exchange, { store, primary, ttlSeconds }: Making, answer: StoredAnswer): KeptHere | undefined {
  const key = vary.remember(x, store, primary, answer);
  if (key === undefined) return undefined;
  return { key, answer, entry: store.put(key, answer, x.program.clock.monotonic() + ttlSeconds * 1000) };
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
