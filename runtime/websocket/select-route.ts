/** One part of a selection expression: text, or the way to a member of the message. */
export type SelectionPart = string | { readonly path: readonly (string | number)[] };

/** What a selection expression yields for a message (aws-behaviour.md section 29.1). */
export interface Select {
  /** @param message  its JSON; undefined: it is none */
  (message: unknown): string;
  /** Name of the one member that it yields, in UTF-8: a message need not be parsed for that. Undefined: it has to be. */
  readonly member?: Uint8Array;
}

/** A selection expression of parts that were parsed at build time. */
export function selection(parts: readonly SelectionPart[]): Select {
  const [part, ...more] = parts;
  if (typeof part === "object" && more.length === 0) {
    const [name, ...deeper] = part.path;
    if (typeof name === "string" && deeper.length === 0) return memberSelection(name);
    return (message) => selectionText(valueAt(message, part.path));
  }
  if (parts.every((each) => typeof each === "string")) {
    const text = parts.join("");
    return () => text;
  }
  return (message) => {
    let text = "";
    for (const each of parts) text += typeof each === "string" ? each : selectionText(valueAt(message, each.path));
    return text;
  };
}

/** Most APIs choose by one member, which is a string. */
function memberSelection(name: string): Select {
  const member = Buffer.from(name, "utf8");
  return Object.assign((message: unknown) => selectionText(memberOf(message, name)), { member });
}

export function valueAt(message: unknown, path: readonly (string | number)[]): unknown {
  let value = message;
  for (const step of path) value = memberOf(value, step);
  return value;
}

/** Own members only: no message reaches a prototype. */
function memberOf(value: unknown, name: string | number): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  if (Array.isArray(value) !== (typeof name === "number")) return undefined;
  return (value as Record<string | number, unknown>)[name];
}

/** What is absent is the empty text; what has parts is printed as Java prints it (developer guide: `[item1, item2]`). */
export function selectionText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "object" && value !== null ? partsText(value) : "";
}

/** No message is nested so deep that this could not walk it (`maxJsonDepth`). */
function partsText(value: object): string {
  const textOf = (part: unknown) => (part === null ? "null" : selectionText(part));
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  const members = Object.entries(value).map(([name, part]) => `${name}=${textOf(part)}`);
  return `{${members.join(", ")}}`;
}
