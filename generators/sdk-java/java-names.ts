import { camelName, identifierOf, snakeName, upperFirst } from "../emit/names.js";
import type { InputNaming } from "../sdk-shared/input.js";
import { isOldLetter } from "../sdk-shared/old-letters.js";

/** Keywords and literals (JLS 3.9), what records may not have as components (JLS 8.10.1), and methods that ours have. */
const reserved: ReadonlySet<string> = new Set(
  (
    "abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally " +
    "float for goto if implements import instanceof int interface long native new package private protected public return short " +
    "static strictfp super switch synchronized this throw throws transient try void volatile while true false null _ var record " +
    "yield sealed permits clone finalize getClass hashCode notify notifyAll toString wait equals toJson builder build decode arguments"
  ).split(" "),
);

/** Methods that every object has. */
export const objectMethods: readonly string[] =
  "clone finalize getClass hashCode notify notifyAll toString wait equals".split(" ");

function letters(text: string): string {
  return [...text]
    .map((char) => {
      if (!/[\p{L}\p{Nd}_]/u.test(char)) return "";
      return isOldLetter(char) || char === "_" ? char : `u${char.codePointAt(0)?.toString(16)}`;
    })
    .join("");
}

/** `order-id` → `orderId`; never a keyword. */
export function javaName(text: string): string {
  const name = letters(camelName(text.replace(/\$/g, " "))).replace(/^_+/, "");
  const started = /^\p{L}/u.test(name) ? name : `x${name}`;
  return reserved.has(started) ? `${started}_` : started;
}

/**
 * `order` → `Order`; a name of a class keeps its own capitals. Scripts without capitals get an `X` in front, as a member of
 * the same name would hide the class (JLS 6.4.2).
 */
export function javaClass(text: string): string {
  const name = upperFirst(letters(identifierOf(text)).replace(/^_+/, ""));
  return /^\p{Lu}/u.test(name) ? name : `X${name}`;
}

/** `deep blue` → `DEEP_BLUE`. */
export function javaConstant(text: string): string {
  const name = letters(snakeName(text.replace(/\$/g, " ")))
    .toUpperCase()
    .replace(/^_+/, "");
  return /^\p{L}/u.test(name) ? name : `VALUE_${name}`.replace(/_$/, "");
}

/** Inputs: components of a record. */
export const javaInput: InputNaming = {
  taken: ["body", "method"],
  nameOf: ({ name }) => javaName(name),
  prefixed: (where, name) => javaName(`${where}-${name}`),
};

/** Hands out names of classes, which are names of files too: two that differ by case alone are one on some disks. */
export class ClassNames {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set([...taken].map((name) => name.toLowerCase()));
  }

  take(wanted: string, suffix: string): string {
    let name = wanted;
    if (this.#taken.has(name.toLowerCase())) name = `${wanted}${suffix}`;
    while (this.#taken.has(name.toLowerCase())) name += "_";
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** Classes of the JDK that generated code mentions, or that every file sees, and names inside of ours. */
export const takenClasses: readonly string[] = (
  "Object String Long Double Boolean Integer Number Override Deprecated Record Enum Iterable Class Void Math System Thread Error " +
  "Exception RuntimeException IllegalArgumentException CharSequence Comparable Character Byte Short Float Process Runtime Module " +
  "Package StringBuilder FunctionalInterface SuppressWarnings List Map Optional Objects LinkedHashMap OffsetDateTime LocalDate " +
  "InputStream CompletableFuture HttpRequest HttpClient Duration Unknown Builder Stage OfText OfInteger OfNumber OfBoolean OfList OfMap OfTime OfDate OfAny"
).split(" ");
