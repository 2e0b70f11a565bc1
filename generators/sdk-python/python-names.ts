import { identifierOf, snakeName, upperFirst } from "../emit/names.js";
import { camelPrefixed, type InputNaming } from "../sdk-shared/input.js";
import { NameTable } from "../sdk-shared/name-table.js";
import { isOldLetter } from "../sdk-shared/old-letters.js";

/** Keywords; soft ones (match, case, type) may be names. */
const keywords: ReadonlySet<string> = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import " +
    "in is lambda nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

/** Built-in names that annotations and code of the package mention. */
const builtins: readonly string[] =
  "list dict str int float bool bytes object tuple set type property super object Exception".split(" ");

/**
 * Python normalises identifiers (NFKC, PEP 3131), and `$` is none of its letters. Letters that an older Python may not know,
 * as each has the Unicode of its day, are written by their number.
 */
function pythonIdentifier(text: string): string {
  const letters = [...text.normalize("NFKC").replace(/\$/g, "")];
  return letters
    .map((char) =>
      /^[\p{ID_Continue}]$/u.test(char) ? (isOldLetter(char) ? char : `u${char.codePointAt(0)?.toString(16)}`) : "",
    )
    .join("");
}

/** `getOrder` → `get_order`; never a keyword, never private. */
export function pythonName(text: string): string {
  const name = pythonIdentifier(snakeName(text.replace(/\$/g, "_"))).replace(/^_+/, "");
  const started = /^\p{ID_Start}/u.test(name) ? name : `n${name}`;
  return keywords.has(started) ? `${started}_` : started;
}

/**
 * `order-line` → `OrderLine`; a name of a class keeps its own capitals. Scripts without capitals get an `N` in front: an
 * attribute of the same name would hide the class from type checkers.
 */
export function pythonClass(text: string): string {
  const bare = upperFirst(pythonIdentifier(identifierOf(text)).replace(/^_+/, ""));
  const safe = /^\p{Lu}/u.test(bare) ? bare : `N${bare}`;
  return keywords.has(safe) || builtins.includes(safe) ? `${safe}_` : safe;
}

/** Inputs: arguments of methods, which are given by name. */
export const pythonInput: InputNaming = {
  taken: [...keywords, "self", "options", "cast", "ops", "accepting"],
  nameOf: ({ name }) => pythonName(name),
  prefixed: (where, name) => pythonName(camelPrefixed(where, upperFirst(name))),
};

/** Names that methods of a client may not have: its own, and what their annotations mention. */
export const takenMethods: readonly string[] = [
  ...keywords,
  ...builtins,
  ..."close cast ops overload models errors ServerEvent USER_AGENT Sequence Literal Union Iterator AsyncIterator CallOptions Body datetime date".split(
    " ",
  ),
];

/** `acme-shop` → `acme_shop`: the module of a distribution. */
export function moduleName(distribution: string): string {
  const name = distribution
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  const started = /^[a-z]/.test(name) ? name : `client_${name}`;
  return keywords.has(started) ? `${started}_client` : started;
}

/** Names of credentials as members of `auth`: one each, and none that of the signer. */
export function credentialArguments(names: readonly string[]): ReadonlyMap<string, string> {
  const table = new NameTable(["iam"]);
  return new Map([...new Set(names)].map((name) => [name, table.take(pythonName(name))]));
}
