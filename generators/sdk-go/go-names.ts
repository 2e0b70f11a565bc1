import { identifierOf, upperFirst, wordsOf } from "../emit/names.js";
import type { InputNaming } from "../sdk-shared/input.js";
import { isOldLetter } from "../sdk-shared/old-letters.js";

const keywords: ReadonlySet<string> = new Set(
  (
    "break default func interface select case defer go map struct chan else goto package switch const fallthrough if range " +
    "type continue for import return var main internal"
  ).split(" "),
);

/** Words that Go writes in capitals throughout (go.dev/wiki/CodeReviewComments, "Initialisms"). */
const initialisms: ReadonlySet<string> = new Set(
  "api aws cpu csv dns eof guid html http https iam id ip json jwt pdf qps ram sdk sku sql ssh tls ttl tcp udp ui uid uri url utf8 uuid vm xml".split(
    " ",
  ),
);

/** `order-id` → `OrderID`. */
export function goName(text: string): string {
  const words = wordsOf(text.replace(/\$/g, " ")).map((word) => {
    const lower = word.toLowerCase();
    return initialisms.has(lower) ? lower.toUpperCase() : upperFirst(lower);
  });
  return exported(words.join(""));
}

/** The name of a model or operation, which keeps its own capitals. */
export function goTypeName(text: string): string {
  return exported(upperFirst(identifierOf(text)));
}

/** Exported names begin with a capital (Go specification, "Exported identifiers"); scripts without one get an `X` in front. */
function exported(name: string): string {
  const letters = [...name].map((char) => {
    if (!/[\p{L}\p{Nd}_]/u.test(char)) return "";
    return isOldLetter(char) || char === "_" ? char : `u${char.codePointAt(0)?.toString(16)}`;
  });
  const joined = letters.join("").replace(/^_+/, "");
  return /^\p{Lu}/u.test(joined) ? joined : `X${joined}`;
}

/** Inputs: fields of a struct. */
export const goInput: InputNaming = {
  taken: ["Body", "Method"],
  nameOf: ({ name }) => goName(name),
  prefixed: (where, name) => `${upperFirst(where)}${name}`,
};

/** `github.com/acme/shop-go/v2` → `shopgo`: the package of a module. */
export function goPackageName(module: string): string {
  const parts = module.split("/").filter((part) => !/^v\d+$/.test(part));
  const name = (parts.at(-1) ?? "").toLowerCase().replace(/[^a-z0-9]/g, "");
  const started = /^[a-z]/.test(name) ? name : `client${name}`;
  return keywords.has(started) ? `${started}client` : started;
}
