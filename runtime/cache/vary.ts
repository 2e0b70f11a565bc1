import type { Exchange } from "../http/exchange.js";
import { headerValues } from "./cache-key.js";
import type { StageCache } from "./stage-cache.js";
import type { StoredAnswer } from "./stored-answer.js";

/** Far above any real answer's; one that names more is not kept. */
const maxNames = 8;

/**
 * Answers that say `Vary` are kept once for each set of values of the headers they name, so that a browser never gets the
 * CORS headers of another origin. The names are kept beside the answers, under the request's own key.
 */
export const vary = {
  /** The key of this request, with the values of the headers that earlier answers vary by. */
  keyOf(x: Exchange, store: StageCache, primary: string): string {
    const names = store.varies.get(primary);
    return names === undefined ? primary : keyWith(x, primary, names);
  },

  /** The key to keep an answer under; undefined when it is not to be kept. */
  remember(x: Exchange, store: StageCache, primary: string, { headers }: StoredAnswer): string | undefined {
    const names = namesIn(headers);
    if (names === undefined) return undefined;
    if (names.length === 0) {
      store.varies.delete(primary);
      return primary;
    }
    store.rememberVary(primary, names);
    return keyWith(x, primary, names);
  },
};

function keyWith(x: Exchange, primary: string, names: readonly string[]): string {
  let key = `${primary}v`;
  for (const name of names) {
    key += `${name.length}:${name}${headerValues(x, name)}`;
  }
  return key;
}

/** Names in lower case, sorted; undefined for `*` and for too many. */
function namesIn(headers: readonly string[]): readonly string[] | undefined {
  const names = new Set<string>();
  const isCoded = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === "content-encoding");
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== 4 || name.toLowerCase() !== "vary") continue;
    for (const item of (headers[at + 1] as string).split(",")) {
      const lower = item.trim().toLowerCase();
      if (lower === "*") return undefined;
      // Compression is the gateway's own, after the cache, unless the integration has compressed.
      if (lower !== "" && (lower !== "accept-encoding" || isCoded)) names.add(lower);
    }
  }
  return names.size > maxNames ? undefined : [...names].sort();
}
