/** How a language breaks lines. */
export interface LineStyle {
  /** One step of indentation. */
  readonly unit: string;
  /** `brackets`: arguments stand in lines of their own, each ended by a comma. `builders`: so do the setters behind `builder()`. */
  readonly by: "brackets" | "builders";
  /** Whether a last argument with brackets of its own opens them in the line of the call. */
  readonly hugs?: boolean;
  /** Whether the values of named members stand below each other, as gofmt has them. */
  readonly aligns?: boolean;
}

/** How the samples in the READMEs and on the pages are broken. */
export const lineStyles = {
  python: { unit: "    ", by: "brackets" },
  go: { unit: "\t", by: "brackets", hugs: true, aligns: true },
  java: { unit: "        ", by: "builders" },
} as const satisfies Readonly<Record<string, LineStyle>>;

const widest = 100;

/** Code whose lines are no longer than they have to be. */
export function brokenCode(code: string, style: LineStyle): string {
  return code.replace(
    /^([ \t]*)(.*)$/gm,
    (_, indent: string, line: string) => `${indent}${brokenLines(line, style, indent)}`,
  );
}

/** Markdown whose blocks of a language are so. */
export function brokenBlocks(markdown: string, language: keyof typeof lineStyles): string {
  const block = new RegExp(`(^\`\`\`${language}\\n)(.*?)(^\`\`\`$)`, "gms");
  return markdown.replace(
    block,
    (_, head: string, code: string, foot: string) => `${head}${brokenCode(code, lineStyles[language])}${foot}`,
  );
}

/** The route of a call as a comment above it; empty where it has letters that may mean something else in a README. */
export function routeComment(route: string, mark: string): string {
  return /^[A-Z]+ [\w/{}+.$@:%~-]+$/.test(route) ? `${mark} ${route}\n` : "";
}

/** A line in several where it is too long for one. Each part is ended by a comma, or begins with a setter. */
function brokenLines(code: string, style: LineStyle, indent: string): string {
  if (indent.length + code.length <= widest) return code;
  return style.by === "brackets" ? brokenBrackets(code, style, indent) : brokenBuilder(code, style, indent);
}

/** At the brackets that hold most. */
function brokenBrackets(code: string, style: LineStyle, indent: string): string {
  const held = largest(code, style);
  if (held === undefined || held.to === held.from) return code;
  const inner = `${indent}${style.unit}`;
  const parts = split(code.slice(held.from, held.to)).map((part) => brokenLines(part, style, inner));
  const lines = (style.aligns ? aligned(parts) : parts).map((part) => `${inner}${part},\n`);
  return `${code.slice(0, held.from)}\n${lines.join("")}${indent}${code.slice(held.to)}`;
}

/** Neighbours of one line each have their values below each other. */
function aligned(parts: readonly string[]): readonly string[] {
  const nameOf = (part: string) => (part.includes("\n") ? undefined : /^\w+:(?= )/.exec(part)?.[0]);
  return parts.map((part, at) => {
    const name = nameOf(part);
    if (name === undefined) return part;
    let [first, last] = [at, at];
    while (nameOf(parts[first - 1] ?? "") !== undefined) first--;
    while (nameOf(parts[last + 1] ?? "") !== undefined) last++;
    const widest = Math.max(...parts.slice(first, last + 1).map((other) => nameOf(other)?.length ?? 0));
    return `${name.padEnd(widest)}${part.slice(name.length)}`;
  });
}

function largest(code: string, style: LineStyle): Group | undefined {
  const held = groups(code).reduce<Group | undefined>(
    (most, group) => (most && most.to - most.from >= group.to - group.from ? most : group),
    undefined,
  );
  if (held === undefined || style.hugs !== true) return held;
  const last = split(code.slice(held.from, held.to)).at(-1) ?? "";
  const inner = /[)\]}]$/.test(last) ? groups(last).at(-1) : undefined;
  if (inner === undefined || inner.to !== last.length - 1) return held;
  const from = held.to - last.length + inner.from;
  return from > widest ? held : { from, to: held.to - 1 };
}

function brokenBuilder(code: string, style: LineStyle, indent: string): string {
  const start = code.indexOf("builder()");
  if (start < 0) return code;
  const from = start + "builder()".length;
  const inner = `${indent}${style.unit}`;
  const lines: string[] = [];
  let at = from;
  for (let [call] = groups(code.slice(at)); code[at] === "." && call; [call] = groups(code.slice(at))) {
    lines.push(`\n${inner}${brokenLines(code.slice(at, at + call.to + 1), style, inner)}`);
    at += call.to + 1;
  }
  return `${code.slice(0, from)}${lines.join("")}${code.slice(at)}`;
}

/** What stands between two brackets. */
interface Group {
  readonly from: number;
  readonly to: number;
}

/** The outermost brackets of a line; texts have none. */
function groups(code: string): readonly Group[] {
  const found: Group[] = [];
  let from = 0;
  walk(code, (char, at, depth) => {
    if (/[([{]/.test(char) && depth === 0) from = at + 1;
    if (/[)\]}]/.test(char) && depth === 1) found.push({ from, to: at });
  });
  return found;
}

/** At the commas outside of brackets and texts. */
function split(code: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  walk(code, (char, at, depth) => {
    if (char !== "," || depth > 0) return;
    parts.push(code.slice(from, at));
    from = at + 1;
  });
  return [...parts, code.slice(from)].map((part) => part.trim()).filter((part) => part !== "");
}

/** @param see  told of each character outside of texts, and of how many brackets stand around it */
function walk(code: string, see: (char: string, at: number, depth: number) => void): void {
  let depth = 0;
  for (let at = 0; at < code.length; at++) {
    const char = code.charAt(at);
    if (char === '"') {
      at = endOfText(code, at);
      continue;
    }
    see(char, at, depth);
    if (/[([{]/.test(char)) depth++;
    if (/[)\]}]/.test(char)) depth--;
  }
}

function endOfText(code: string, start: number): number {
  let at = start + 1;
  while (at < code.length && code.charAt(at) !== '"') at += code.charAt(at) === "\\" ? 2 : 1;
  return at;
}
