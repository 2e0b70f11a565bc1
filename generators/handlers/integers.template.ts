/** JSON whose whole numbers are exact. */
export interface ExactJson {
  parse(text: string): unknown;
  stringify(value: unknown): string;
}

/**
 * Where a value has an `int64`: `true` is one, `"any"` may be anything, an object tells of items or members, a function leads to the shape of a
 * model.
 */
export type IntegerShape = undefined | boolean | "any" | IntegerParts | (() => IntegerShape);

export interface IntegerParts {
  readonly isInteger?: boolean;
  readonly oneOf?: readonly IntegerShape[];
  /** Members of one value, by which a member of a union is known. */
  readonly when?: Readonly<Record<string, readonly unknown[]>>;
  readonly items?: IntegerShape;
  readonly first?: readonly IntegerShape[];
  readonly members?: Readonly<Record<string, IntegerShape>>;
  readonly others?: IntegerShape;
}

/** JSON in which what is declared as `int64` is a bigint, and what is declared as unknown where a number would be another one. */
export function exactJson(shape?: IntegerShape): ExactJson {
  return { parse: (text) => integersIn(parseExact(text), shape), stringify: writeExact };
}

/** The same for answers, whose shapes depend on their status. */
export function answersBy(shapes: Readonly<Record<string, IntegerShape>>): (text: string, status: number) => unknown {
  return (text, status) => integersIn(parseExact(text), shapes[status]);
}

/** JSON whose integers of any size are exact: those that a number cannot hold come as bigint. */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(marked(text), (_, value: unknown) => {
    if (typeof value !== "string" || value[0] !== "\0") return value;
    return value[1] === "\0" ? value.slice(1) : exact(value.slice(1));
  });
}

/** Large integers as texts that begin with NUL; a text that does so already gets another. Broken JSON stays broken. */
function marked(text: string): string {
  const tokens = /"|-?\d[\d.eE+-]*/g;
  let out = "";
  let from = 0;
  const put = (until: number, more: string, next: number) => {
    out += text.slice(from, until) + more;
    from = next;
  };
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [token] = found;
    const { index } = found;
    if (/^-?\d{16,}$/.test(token)) put(index, `"\\u0000${token}"`, index + token.length);
    if (token !== '"') continue;
    const end = endOfString(text, index);
    if (end < 0) break;
    tokens.lastIndex = end + 1;
    if (text.startsWith("\\u0000", index + 1) && !isName(text, end)) put(index + 1, "\\u0000", index + 1);
  }
  return out + text.slice(from);
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let at = end;
    while (text[at - 1] === "\\") at--;
    if ((end - at) % 2 === 0) return end;
  }
  return -1;
}

function isName(text: string, end: number): boolean {
  const colon = /[ \t\r\n]*:/y;
  colon.lastIndex = end + 1;
  return colon.test(text);
}

function exact(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** JSON of a value that may hold bigints. */
export function writeExact(value: unknown): string {
  return written(value) ?? "null";
}

/** Undefined: JSON has nothing for it. */
function written(value: unknown): string | undefined {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("toJSON" in value && typeof value.toJSON === "function") return written(value.toJSON());
  if (Array.isArray(value)) return `[${value.map(writeExact).join(",")}]`;
  const members = Object.entries(value).flatMap(([name, item]) => {
    const text = written(item);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${members.join(",")}}`;
}

/**
 * Makes what is declared as `int64` a bigint wherever it stands in a parsed value, and all other integers numbers. What is declared as
 * unknown stays as it was parsed.
 */
export function integersIn(value: unknown, shape: IntegerShape): unknown {
  if (shape === "any") return value;
  if (typeof shape === "function") return integersIn(value, shape());
  const parts = typeof shape === "object" ? shape : {};
  const isInteger = shape === true || parts.isInteger;
  if (typeof value === "number") return isInteger && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value === "bigint") return isInteger ? value : Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (parts.oneOf) {
    const fitting = parts.oneOf.find((part) => fits(value, part));
    return integersIn(value, fitting);
  }
  const { items, first, members, others } = parts;
  const whole = value as Record<string, unknown>;
  for (const name of Object.keys(whole)) {
    const ofMember = members && Object.hasOwn(members, name) ? members[name] : others;
    const before = whole[name];
    const after = integersIn(before, Array.isArray(value) ? (first?.[Number(name)] ?? items) : ofMember);
    if (after !== before) whole[name] = after;
  }
  return value;
}

/** Whether a member of a union may be what a value is: by its kind, and by its members of one value. */
function fits(value: object, shape: IntegerShape): boolean {
  if (typeof shape === "function") return fits(value, shape());
  if (typeof shape !== "object") return false;
  if (Array.isArray(value)) return (shape.items ?? shape.first) !== undefined;
  const { when } = shape;
  const whole = value as Record<string, unknown>;
  return when !== undefined && Object.entries(when).every(([name, values]) => values.includes(whole[name]));
}
