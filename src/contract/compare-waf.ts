import type { WafPattern, WafRules } from "../model/waf.js";
import { outsideOf } from "./address-ranges.js";
import type { Change, Changes } from "./change.js";

const none: WafRules = {
  allow: [],
  block: [],
  rate: undefined,
  size: { path: undefined, query: undefined, headers: undefined, cookies: undefined, body: undefined },
  patterns: [],
};

/** Rules of the firewall: whoever is refused now, and was not, is broken. */
export function compareWaf(older: WafRules = none, newer: WafRules = none, changes: Changes): void {
  const tell = (kind: Change["kind"], message: string) => changes.add(kind, "waf-changed", "api", "firewall", message);
  const list = (names: readonly string[]) => names.join(", ");
  const blocked = outsideOf(newer.block, older.block);
  const unblocked = outsideOf(older.block, newer.block);
  if (blocked.length > 0) tell("breaking", `refuses ${list(blocked)} now`);
  if (unblocked.length > 0) tell("compatible", `refuses ${list(unblocked)} no more`);
  const stopped = outsideOf(older.allow, newer.allow);
  const passed = outsideOf(newer.allow, older.allow);
  if (stopped.length > 0 && hasRules(newer)) tell("breaking", `asks ${list(stopped)} for its other rules now`);
  if (passed.length > 0 && hasRules(older)) tell("compatible", `lets ${list(passed)} pass its other rules`);
  compareRate(older.rate, newer.rate, tell);
  for (const part of ["path", "query", "headers", "cookies", "body"] as const) {
    const [before, now] = [older.size[part], newer.size[part]];
    if (before === now) continue;
    const isLess = (now ?? Number.POSITIVE_INFINITY) < (before ?? Number.POSITIVE_INFINITY);
    tell(isLess ? "breaking" : "compatible", `takes ${sizeWords(now, part)} now (was ${sizeWords(before, part)})`);
  }
  const has = (patterns: readonly WafPattern[], pattern: WafPattern) =>
    patterns.some((other) => JSON.stringify(other) === JSON.stringify(pattern));
  const isCovered = (patterns: readonly WafPattern[], pattern: WafPattern) =>
    has(patterns, pattern) || (pattern.in === "header" && has(patterns, { ...pattern, header: undefined }));
  for (const pattern of newer.patterns)
    if (!isCovered(older.patterns, pattern)) tell("breaking", `refuses ${patternWords(pattern)} now`);
  for (const pattern of older.patterns)
    if (!isCovered(newer.patterns, pattern)) tell("compatible", `refuses ${patternWords(pattern)} no more`);
}

function hasRules({ block, rate, size, patterns }: WafRules): boolean {
  return (
    block.length > 0 ||
    rate !== undefined ||
    Object.values(size).some((bytes) => bytes !== undefined) ||
    patterns.length > 0
  );
}

type Rate = WafRules["rate"];

/** As many in a longer time is less; more in a longer time may still be less at once. */
function compareRate(older: Rate, newer: Rate, tell: (kind: Change["kind"], message: string) => void): void {
  if (older?.limit === newer?.limit && older?.windowSeconds === newer?.windowSeconds) return;
  const words = (rate: Rate) => (rate ? `${rate.limit} requests in ${rate.windowSeconds} s` : "any number of requests");
  const isAsMuch =
    newer === undefined ||
    (older !== undefined &&
      newer.limit >= older.limit * Math.max(1, Math.ceil(newer.windowSeconds / older.windowSeconds)));
  tell(isAsMuch ? "compatible" : "breaking", `takes ${words(newer)} of one address now (was ${words(older)})`);
}

const sizeWords = (bytes: number | undefined, part: string) =>
  bytes === undefined ? `a ${part} of any size` : `at most ${bytes} bytes of ${part}`;

function patternWords({ in: place, header, match }: WafPattern): string {
  return `/${match}/ in ${place === "header" ? (header === undefined ? "any header" : `the header ${header}`) : `the ${place}`}`;
}
