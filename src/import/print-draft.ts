import { type Draft, type DraftEntry, DraftMap } from "./draft.js";

/** Where an entry stands in what was printed, for taking it out again. */
export interface PrintedEntry {
  readonly entry: DraftEntry;
  readonly parent: DraftMap;
  readonly depth: number;
  /** Offsets of the entry's text, its comments left out. */
  readonly start: number;
  readonly end: number;
}

export interface Printed {
  readonly text: string;
  readonly entries: readonly PrintedEntry[];
}

/** A draft as YAML: blocks for what is long, flow for what fits a line. */
export function printDraft(draft: DraftMap, head: string): Printed {
  const printer = new DraftPrinter(head);
  printer.map(draft, "", 0);
  return { text: printer.text, entries: printer.entries };
}

/** Columns that a line may have before a map is written as a block. */
const width = 120;

class DraftPrinter {
  readonly entries: PrintedEntry[] = [];
  readonly #parts: string[];
  #length: number;

  constructor(head: string) {
    this.#parts = [head];
    this.#length = head.length;
  }

  get text(): string {
    return this.#parts.join("");
  }

  map(map: DraftMap, indent: string, depth: number): void {
    for (const [index, entry] of map.entries.entries()) {
      if (index > 0 && needsSpace(map, entry, depth)) this.#write("\n");
      for (const comment of entry.comments) this.#comment(comment, indent);
      const start = this.#length;
      this.#write(`${indent}${key(entry.name)}:`);
      this.#value(entry.value, `${indent}  `, depth + 1, indent.length + key(entry.name).length + 2);
      this.entries.push({ entry, parent: map, depth, start, end: this.#length });
    }
    for (const note of map.notes) this.#comment(note, indent);
  }

  #value(value: Draft, indent: string, depth: number, column: number): void {
    // Entries of a section stand on lines of their own, so that one of them can be taken out.
    const isSection =
      depth === 1 && value instanceof DraftMap && value.entries.some((entry) => entry.value instanceof DraftMap);
    const inline = isSection ? undefined : flow(value, width - column);
    if (inline !== undefined) {
      this.#write(` ${inline}\n`);
    } else if (typeof value === "string") {
      this.#write(` ${block(value, indent)}`);
    } else if (value instanceof DraftMap) {
      this.#write("\n");
      this.map(value, indent, depth);
    } else if (Array.isArray(value)) {
      this.#write("\n");
      for (const item of value as readonly Draft[]) this.#item(item, indent, depth);
    }
  }

  #item(item: Draft, indent: string, depth: number): void {
    const inline = flow(item, width - indent.length);
    if (inline !== undefined) this.#write(`${indent}- ${inline}\n`);
    else if (typeof item === "string") this.#write(`${indent}- ${block(item, `${indent}  `)}`);
    else if (item instanceof DraftMap) {
      this.#write(`${indent}-\n`);
      this.map(item, `${indent}  `, depth);
    } else this.#write(`${indent}- ${flow(item, Number.POSITIVE_INFINITY) ?? "null"}\n`);
  }

  #comment(text: string, indent: string): void {
    // A file that has the mark of what could not be decoded is taken for one in another encoding.
    const lines = text.replaceAll("\ufffd", "?").split(/\r?\n/);
    for (const line of lines) this.#write(`${indent}# ${line}`.trimEnd().concat("\n"));
  }

  #write(text: string): void {
    this.#parts.push(text);
    this.#length += text.length;
  }
}

/** Sections of the file and long routes stand apart. */
function needsSpace(map: DraftMap, entry: DraftEntry, depth: number): boolean {
  if (depth === 0) {
    const isLong = ({ value }: DraftEntry) =>
      value instanceof DraftMap || (typeof value === "string" && value.includes("\n"));
    const before = map.entries[map.entries.indexOf(entry) - 1];
    return isLong(entry) || (before !== undefined && isLong(before));
  }
  return depth === 1 && map.entries.some(({ name }) => /^[A-Z]+ \//.test(name)) && entry.value instanceof DraftMap;
}

/** A value on one line of so many columns; undefined where it does not fit. */
function flow(value: Draft, columns: number): string | undefined {
  const text = flowText(value, columns, false);
  return text !== undefined && (text.length <= columns || !(typeof value === "object" && value !== null))
    ? text
    : undefined;
}

function flowText(value: Draft, columns: number, isInside: boolean): string | undefined {
  if (typeof value === "string") return canBeBlock(value) ? undefined : scalar(value, isInside);
  if (typeof value !== "object" || value === null) return String(value);
  if (columns < 0) return undefined;
  const parts: string[] = [];
  let length = 4;
  const add = (part: string | undefined): boolean => {
    if (part === undefined) return false;
    parts.push(part);
    length += part.length + 2;
    return length <= columns + 2;
  };
  if (!(value instanceof DraftMap)) {
    for (const item of value as readonly Draft[]) if (!add(flowText(item, columns - length, true))) return undefined;
    return `[${parts.join(", ")}]`;
  }
  if (value.notes.length > 0 || value.entries.length > 6) return undefined;
  for (const entry of value.entries) {
    // Routes and the like read better on lines of their own than in quotes.
    const isQuoted = plainKey.test(entry.name) && !plainFlowKey.test(entry.name);
    if (entry.comments.length > 0 || isQuoted) return undefined;
    const inner = flowText(entry.value, columns - length, true);
    if (!add(inner === undefined ? undefined : `${flowKey(entry.name)}: ${inner}`)) return undefined;
  }
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

const plainKey = /^(?:[A-Za-z$][A-Za-z0-9_.$/+-]*\??|[A-Z]+ \/[A-Za-z0-9_./{}+~@-]*|[1-9]\d{0,4})$/;
const words = /^(?:y|n|yes|no|true|false|on|off|null|~)$/i;

function key(name: string): string {
  return plainKey.test(name) && !words.test(name) && name.length < 500 ? name : quoted(name);
}

const plainFlowKey = /^(?:[A-Za-z$][A-Za-z0-9_.$-]*\??|[1-9]\d{0,4})$/;

function flowKey(name: string): string {
  return plainFlowKey.test(name) && !words.test(name) ? name : quoted(name);
}

/** Plain where every reader takes it for the same string: no number, no word of YAML's, nothing with a meaning. */
const plainText = /^[A-Za-z/$][A-Za-z0-9 _./$@+=()-]*$/;
const plainUrl = /^https?:\/\/[A-Za-z0-9_./$@+=-]+$/;

function scalar(text: string, isInside: boolean): string {
  const isPlain = plainText.test(text) && !text.endsWith(" ") && !words.test(text) && text.length < 200;
  if (isPlain || (!isInside && plainUrl.test(text))) return text;
  return quoted(text);
}

const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: characters that only an escape can carry
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffd-\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Texts of several lines are literal blocks, where a block can hold them. */
function canBeBlock(text: string): boolean {
  return /\n./.test(text) && /^[^\s]/.test(text) && !unprintable.test(text) && !text.includes("\t\n");
}

function block(text: string, indent: string): string {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  const mark = !text.endsWith("\n") ? "|-" : body.endsWith("\n") ? "|+" : "|";
  return `${mark}\n${body.replace(/^(?=.)/gm, indent)}\n`;
}

/** JSON's strings are YAML's, but for what YAML cannot print. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffd-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
