const codeText = Symbol("code");

/** A piece of code inside planned data: printed as it stands. No data of the user's can look like it. */
export interface Code {
  readonly [codeText]: string;
}

/** Only generators call this, with code that they have made; a user's text goes in as a string. */
export function code(text: string): Code {
  return { [codeText]: text };
}

/** Plain data with pieces of code in it. Members that are undefined are left out. */
export type Planned =
  | null
  | undefined
  | boolean
  | number
  | string
  | Code
  | readonly Planned[]
  | { readonly [name: string]: Planned };

const lineWidth = 118;

/** Planned data as a TypeScript expression: on one line where it fits, otherwise a line for each member. */
export function printPlanned(value: Planned, indent = ""): string {
  const flat = printFlat(value);
  if (flat.length + indent.length <= lineWidth && !flat.includes("\n")) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: Planned) => `${inner}${printPlanned(item, inner)},\n`);
    return `[\n${items.join("")}${indent}]`;
  }
  if (isPlannedObject(value)) {
    const members = membersOf(value).map(
      ([name, member]) => `${inner}${propertyName(name)}: ${printPlanned(member, inner)},\n`,
    );
    return `{\n${members.join("")}${indent}}`;
  }
  return flat;
}

function printFlat(value: Planned): string {
  if (value === undefined) return "undefined";
  if (typeof value === "string") return stringLiteral(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(printFlat).join(", ")}]`;
  if (isCode(value)) return value[codeText];
  if (!isPlannedObject(value)) return "{}";
  const members = membersOf(value).map(([name, member]) => `${propertyName(name)}: ${printFlat(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function isCode(value: object): value is Code {
  return codeText in value;
}

function isPlannedObject(value: Planned): value is { readonly [name: string]: Planned } {
  return value !== null && typeof value === "object" && !Array.isArray(value) && !isCode(value);
}

function membersOf(value: { readonly [name: string]: Planned }): [string, Planned][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** A property's name in an object literal or interface; `__proto__` is a plain name there. */
export function propertyName(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : stringLiteral(name);
}

/** A JavaScript string literal in double quotes; line separators and `</script` cannot end or break what is around it. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text)
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029")
    .replace(/<\/(script)/gi, "<\\/$1");
}
