import type { Exchange } from "../http/exchange.js";
import type { ShelfLook } from "./shared-shelf.js";
import type { Entry, StageCache } from "./stage-cache.js";
import type { StoredAnswer } from "./stored-answer.js";
import { vary } from "./vary.js";

/** An answer that is being made. */
export interface Making {
  readonly store: StageCache;
  readonly primary: string;
  readonly key: string;
  readonly ttlSeconds: number;
  /** What is kept is not wanted, here or elsewhere. */
  readonly isFresh: boolean;
}

/** An answer that has been kept in this process. */
export interface KeptHere {
  readonly key: string;
  readonly answer: StoredAnswer;
  readonly entry: Entry | undefined;
}

/** What other processes have to say of an answer. */
export interface Shared {
  readonly ticket: string | undefined;
  /** Whether an answer is to take the place of what stands there. */
  readonly replaces: boolean;
  readonly found: { readonly key: string; readonly answer: StoredAnswer; readonly leftMs: number } | undefined;
}

/** An answer that another process has kept, and a ticket to keep one there. */
export async function lookFor(
  x: Exchange,
  { store, primary, key, isFresh }: Making,
  first: Promise<ShelfLook | undefined>,
): Promise<Shared> {
  const look = await first;
  const nothing = { ticket: look?.ticket, replaces: isFresh || look?.isUnreadable === true, found: undefined };
  if (isFresh || look?.found === undefined) return nothing;
  const { kept, leftMs } = look.found;
  if (!("varies" in kept)) return { ...nothing, found: { key, answer: kept, leftMs } };
  store.rememberVary(primary, kept.varies);
  const ownKey = vary.keyOf(x, store, primary);
  const own = await store.shelf?.look(ownKey);
  const replaces = own?.isUnreadable === true;
  if (own?.found === undefined || "varies" in own.found.kept) return { ...nothing, replaces };
  return { ...nothing, replaces, found: { key: ownKey, answer: own.found.kept, leftMs: own.found.leftMs } };
}

/** Gives an answer to the other processes; where a fresh one is none to keep, theirs goes. Requests do not wait for it. */
export async function share(
  { store, primary, key, ttlSeconds }: Making,
  looking: Promise<Shared>,
  kept: KeptHere | undefined,
): Promise<void> {
  const { ticket, replaces } = await looking;
  const { shelf, maxBytes } = store;
  if (ticket === undefined || shelf === undefined) return;
  if (kept === undefined) return shelf.drop(key, ticket);
  const wish = { ticket, ttlMs: ttlSeconds * 1000, maxBytes };
  const names = store.varies.get(primary);
  if (kept.key !== primary && names !== undefined)
    await shelf.put(primary, { varies: names }, { ...wish, replaces: true });
  // Where several have asked at once the first answer is everybody's: the next request finds it there.
  const isOurs = await shelf.put(kept.key, kept.answer, { ...wish, replaces });
  if (!isOurs && kept.entry !== undefined) store.deleteEntry(kept.key, kept.entry);
}
