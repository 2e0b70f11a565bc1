import { parseFilter } from "./parse-filter.js";
import { type FunctionName, functionNames, type JsonPath, JsonPathError, type Operand, type Step } from "./path.js";

const maxDepth = 30;
const arrayPattern = /\[([0-9,: -]*)\]/y;

/**
 * Parses a JSONPath as Jayway's PathCompiler does. A path without `$` gets `$.` before it.
 *
 * @throws JsonPathError where Jayway throws InvalidPathException
 */
export function parsePath(text: string, depth = 0): JsonPath {
  if (depth > maxDepth) throw new JsonPathError("nested too deeply", 0);
  const trimmed = text.trim();
  const rooted = trimmed.startsWith("$") || trimmed.startsWith("@");
  const shift = rooted ? text.indexOf(trimmed) : text.indexOf(trimmed) - 2;
  try {
    return new PathParser(rooted ? trimmed : `$.${trimmed}`, depth).path();
  } catch (error) {
    if (error instanceof JsonPathError) throw new JsonPathError(error.message, Math.max(0, error.offset + shift));
    throw error;
  }
}

class PathParser {
  #at = 1;
  readonly #steps: Step[] = [];

  constructor(
    readonly text: string,
    readonly depth: number,
  ) {}

  path(): JsonPath {
    if (this.text.endsWith(".")) this.#fail("a path must not end with a dot", this.text.length - 1);
    if (this.#at < this.text.length && !".[".includes(this.text[this.#at] ?? "")) this.#fail('expected "." or "["');
    while (this.#at < this.text.length) this.#step();
    const last = this.#steps[this.#steps.length - 1];
    if (last?.kind === "scan") this.#fail('a path must not end with ".."', this.text.length - 1);
    const steps = functionOverScan(this.#steps);
    return { steps, definite: steps.every((step, index) => isDefinite(step, index === steps.length - 1)) };
  }

  #fail(message: string, offset = this.#at): never {
    throw new JsonPathError(message, offset);
  }

  #step(): void {
    const char = this.text[this.#at];
    if (char === "[") this.#bracket();
    else if (char === ".") this.#dot();
    else if (char === "*") this.#wildcard();
    else this.#name();
  }

  #dot(): void {
    if (this.text[this.#at + 1] === ".") {
      this.#steps.push({ kind: "scan" });
      this.#at += 2;
    } else this.#at++;
    if (this.#at >= this.text.length) this.#fail("a path must not end with a dot", this.#at - 1);
    if (this.text[this.#at] === ".") this.#fail('unexpected "."');
    this.#step();
  }

  #wildcard(): void {
    this.#steps.push({ kind: "wildcard" });
    this.#at++;
  }

  #name(): void {
    const start = this.#at;
    let end = start;
    while (end < this.text.length && !".[(".includes(this.text[end] ?? "")) {
      if (this.text[end] === " ") this.#fail("a name with a blank must stand in brackets: ['my name']", end);
      end++;
    }
    const name = this.text.slice(start, end);
    if (this.text[end] === "(") {
      this.#function(name, end);
      return;
    }
    this.#steps.push({ kind: "names", names: [name] });
    this.#at = end;
  }

  #function(name: string, open: number): void {
    if (!functionNames.includes(name as FunctionName)) this.#fail(`there is no function "${name}"`);
    const close = closing(this.text, open, "(", ")");
    if (close < 0) this.#fail(`the arguments of "${name}" are not closed`, open);
    const args = this.#arguments(this.text.slice(open + 1, close), open + 1);
    this.#steps.push({ kind: "function", name: name as FunctionName, args });
    this.#at = close + 1;
  }

  #arguments(text: string, offset: number): Operand[] {
    const args: Operand[] = [];
    for (const part of splitTop(text)) {
      const arg = part.trim();
      if (arg === "") continue;
      if (arg[0] === "$" || arg[0] === "@")
        args.push({ kind: "path", from: arg[0], path: parsePath(arg, this.depth + 1) });
      else if (/^[{"\-0-9[]/.test(arg)) args.push({ kind: "json", text: arg });
      else this.#fail("an argument must be a path or JSON", offset);
    }
    return args;
  }

  #bracket(): void {
    const start = this.#at;
    const inside = /\S/g;
    inside.lastIndex = start + 1;
    const first = inside.exec(this.text)?.[0];
    if (first === "'" || first === '"') {
      this.#quoted(first);
      return;
    }
    if (first === "*") {
      this.#bracketWildcard();
      return;
    }
    if (first === "?") {
      this.#filter();
      return;
    }
    arrayPattern.lastIndex = start;
    const match = arrayPattern.exec(this.text);
    const body = match?.[1]?.trim();
    if (match === null || body === undefined || body === "")
      this.#fail("expected a quoted name, an index, a slice, * or a filter", start + 1);
    this.#steps.push(body.includes(":") ? this.#slice(body) : this.#indexes(body));
    this.#at = arrayPattern.lastIndex;
  }

  #slice(body: string): Step {
    if (/[, ]/.test(body)) this.#fail("failed to parse the slice");
    const [from = "", to = ""] = body.split(":");
    if (from === "" && to === "") this.#fail("a slice needs a start or an end");
    return { kind: "slice", from: from === "" ? null : this.#integer(from), to: to === "" ? null : this.#integer(to) };
  }

  #indexes(body: string): Step {
    return { kind: "indexes", indexes: body.split(/\s*,\s*/).map((index) => this.#integer(index)) };
  }

  #integer(digits: string): number {
    const value = Number(digits);
    if (!/^-?\d+$/.test(digits) || value > 2147483647 || value < -2147483648) this.#fail(`"${digits}" is no index`);
    return value + 0;
  }

  #bracketWildcard(): void {
    const match = /^\[\s*\*\s*\]/.exec(this.text.slice(this.#at, this.#at + 200));
    if (match === null) this.#fail('expected "]" after "*"');
    this.#steps.push({ kind: "wildcard" });
    this.#at += match[0].length;
  }

  #filter(): void {
    const close = closing(this.text, this.#at, "[", "]");
    if (close < 0) this.#fail("the filter is not closed");
    const body = this.text.slice(this.#at + 1, close).trim();
    const test = /^\?\s*\((.*)\)$/s.exec(body)?.[1];
    if (test === undefined) this.#fail("a filter is written [?(…)]");
    this.#steps.push({ kind: "filter", test: parseFilter(test, this.#at, this.depth + 1) });
    this.#at = close + 1;
  }

  /** `['a']` and `['a', 'b']`. */
  #quoted(quote: string): void {
    const names: string[] = [];
    let at = this.#at + 1;
    for (;;) {
      at = skipSpace(this.text, at);
      if (this.text[at] !== quote) this.#fail("expected a quoted name", at);
      const end = quoteEnd(this.text, at);
      if (end < 0) this.#fail(`missing ${quote}`, at);
      names.push(unescapeText(this.text.slice(at + 1, end)));
      at = skipSpace(this.text, end + 1);
      if (this.text[at] === "]") break;
      if (this.text[at] !== ",") this.#fail('expected "," or "]"', at);
      at++;
    }
    this.#steps.push({ kind: "names", names });
    this.#at = at + 1;
  }
}

/** CompiledPath.invertScannerFunctionRelationship: a function after a scan takes all that was found. */
function functionOverScan(steps: readonly Step[]): readonly Step[] {
  const at = steps.findIndex((step) => step.kind === "function");
  const call = steps[at];
  if (call?.kind !== "function" || steps[0]?.kind !== "scan") return steps;
  const before = steps.slice(0, at);
  return [
    { ...call, args: [{ kind: "path", from: "$", path: { steps: before, definite: false } }] },
    ...steps.slice(at + 1),
  ];
}

function isDefinite(step: Step, last: boolean): boolean {
  switch (step.kind) {
    case "names":
      return step.names.length === 1 || last;
    case "indexes":
      return step.indexes.length === 1;
    case "function":
      return true;
    default:
      return false;
  }
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (text[end] === " " || text[end] === "\t" || text[end] === "\n" || text[end] === "\r") end++;
  return end;
}

/** Offset of the quote that closes the one at `at`; a backslash takes the next character. */
export function quoteEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === text[at]) return i;
  }
  return -1;
}

/** Offset of the bracket that closes the one at `at`, past strings and patterns; -1 where there is none. */
export function closing(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (char === "'" || char === '"' || (char === "/" && /[~(,\s]\s*$/.test(text.slice(Math.max(0, i - 3), i)))) {
      i = quoteEnd(text, i);
      if (i < 0) return -1;
    } else if (char === open) depth++;
    else if (char === close && --depth === 0) return i;
  }
  return -1;
}

/** Parts between commas that stand in no bracket and no string. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === '"' || char === "'") {
      const end = quoteEnd(text, i);
      if (end < 0) break;
      i = end;
    } else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth--;
    else if (char === "," && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Jayway's Utils.unescapeText: the escapes of Java, `\x` for any other x is x. */
export function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (_whole, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const known: Partial<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
    return Object.hasOwn(known, code) ? (known[code] ?? code) : code;
  });
}
