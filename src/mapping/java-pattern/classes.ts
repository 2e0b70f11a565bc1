import { printed, readCode, readQuoted, readSet } from "./characters.js";
import type { PatternReader } from "./pattern-reader.js";

/** One character: any of `body`, which stands in brackets, or of the expressions in `others`; or all but those. */
interface ClassParts {
  readonly isNegated: boolean;
  readonly body: string;
  /** Each takes one character. */
  readonly others: readonly string[];
}

/** A class after its `[`: unions with classes inside it, and intersections by `&&`. */
export function readClass(reader: PatternReader): ClassParts {
  const isNegated = reader.take("^");
  const operands = [readUnion(reader)];
  while (reader.take("&&")) operands.push(readUnion(reader));
  if (!reader.take("]")) reader.fail("a character class is not closed");
  const [first] = operands;
  if (first !== undefined && operands.length === 1) return { ...first, isNegated };
  const all = operands.map(classOf);
  const last = all.pop() as string;
  return { isNegated, body: "", others: [`(?:${all.map((operand) => `(?=${operand})`).join("")}${last})`] };
}

/** A class as an expression of JavaScript that takes one character. */
export function classOf({ isNegated, body, others }: ClassParts): string {
  if (others.length === 0) return `[${isNegated ? "^" : ""}${body}]`;
  const any = [...(body === "" ? [] : [`[${body}]`]), ...others];
  if (isNegated) return `(?:(?!${any.join("|")})[^])`;
  return any.length === 1 ? (any[0] as string) : `(?:${any.join("|")})`;
}

function readUnion(reader: PatternReader): ClassParts {
  let body = "";
  const others: string[] = [];
  for (let isFirst = true; ; isFirst = false) {
    reader.skip();
    if (!reader.isMore) reader.fail("a character class is not closed");
    if ((reader.sees("]") && !isFirst) || reader.sees("&&")) break;
    const part = readPart(reader);
    if (typeof part === "string") body += part;
    else if (part.isNegated || part.others.length > 0) others.push(classOf(part));
    else body += part.body;
  }
  return { isNegated: false, body, others };
}

/** A class in the class, or what stands in its brackets. */
function readPart(reader: PatternReader): ClassParts | string {
  if (reader.take("[")) return readClass(reader);
  const set = readSet(reader);
  if (set !== undefined) return { ...set, others: [] };
  const { i } = reader.flags;
  const quoted = readQuoted(reader);
  if (quoted !== undefined) return quoted.map((code) => range(code, code, i)).join("");
  const from = readCode(reader);
  // A hyphen before the end or before a class inside is one itself.
  if (reader.match(/-(?![[\]])/y) === undefined) return range(from, from, i);
  const to = readCode(reader);
  return to < from ? reader.fail("a range goes backwards") : range(from, to, i);
}

/** Without regard to case: and the other case of the ASCII letters in it. */
function range(from: number, to: number, ignoresCase: boolean): string {
  const own = printedRange(from, to);
  if (!ignoresCase) return own;
  const folded = [
    [0x41, 0x5a],
    [0x61, 0x7a],
  ].map(([first = 0, last = 0]) => {
    const low = Math.max(first, from);
    const high = Math.min(last, to);
    return low > high ? "" : printedRange(low ^ 32, high ^ 32);
  });
  return own + folded.join("");
}

function printedRange(from: number, to: number): string {
  return from === to ? printed(from) : `${printed(from)}-${printed(to)}`;
}
