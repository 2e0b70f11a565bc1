/**
 * Names for generated code, made from any text. Every function here is pure and total: the same text gives the same name
 * whatever stands beside it, and the result is always a legal name of its kind.
 */

/** Words of a text: letters, marks and digits of any script, split at everything else and at `aB` and `ABc`. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize("NFC")
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .split(/[^\p{ID_Continue}]+|_+/u)
    .filter((word) => word !== "");
}

/** `X-Partner id` → `xPartnerId`. */
export function camelName(text: string): string {
  const [first = "", ...rest] = wordsOf(text);
  return identifierOf(first.toLowerCase() + rest.map(capitalised).join(""));
}

/** `getOrder` → `get_order`, for languages that write names so. */
export function snakeName(text: string): string {
  const words = wordsOf(text).map((word) => word.toLowerCase());
  return identifierOf(words.join("_"));
}

/** `getOrder` → `GetOrder`, all else as it is: for names derived from an identifier. */
export function upperFirst(name: string): string {
  const [first = ""] = name;
  return first.toUpperCase() + name.slice(first.length);
}

/**
 * The nearest thing that has the shape of a JavaScript identifier: what cannot stand in one is dropped, a leading digit
 * gets a `_` in front, and a text without any usable character is `_`. It may be a reserved word, as properties may.
 */
export function identifierOf(text: string): string {
  const kept = text.normalize("NFC").replace(/[^\p{ID_Continue}$]/gu, "");
  const started = /^[\p{ID_Start}$_]/u.test(kept) ? kept : `_${kept}`;
  return started === "__proto__" ? "proto" : started;
}

/** A name for a function, class or type of an ES module: reserved words get a `_` behind. */
export function bindingName(text: string): string {
  const name = identifierOf(text);
  return reservedWords.has(name) ? `${name}_` : name;
}

/** A name for a property that is read without quotes: the text itself where it can be, otherwise in camel case. */
export function memberName(text: string): string {
  return identifierOf(text) === text ? text : camelName(text);
}

/**
 * A name that is free: the wanted one, the wanted one with the suffix that says what it is, and only then one with
 * underscores. The choice depends on which names are taken, never on a count, so that it is the same tomorrow.
 */
export function freeName(wanted: string, suffix: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  let name = `${wanted}${suffix}`;
  while (isTaken(name)) name += "_";
  return name;
}

/** A name that npm takes: lower case, `a–z 0–9 - . _ ~`, beginning and ending with a letter or digit, not overlong. */
export function packageName(text: string): string {
  const name = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9._~]+/g, "-")
    .slice(0, 200)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  if (name === "") return "gateway-client";
  return refusedPackages.has(name) ? `${name}-client` : name;
}

function capitalised(word: string): string {
  return upperFirst(word.toLowerCase());
}

/** Words that no binding of an ES module may have (ECMA-262 12.7.2, strict), and TypeScript's own type names. */
const reservedWords: ReadonlySet<string> = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield undefined NaN Infinity " +
    "any bigint boolean never number object string symbol unknown"
  ).split(" "),
);

const refusedPackages: ReadonlySet<string> = new Set(["node_modules", "favicon.ico"]);
