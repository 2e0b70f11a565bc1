import type { Code } from "../../diagnostics/catalogue.js";
import type { Report } from "../../diagnostics/diagnostic.js";
import type { Span } from "../../source.js";
import { type Lexeme, lexemesOf } from "./lexemes.js";
import { limits } from "./limits.js";
import { type Edit, quoted } from "./repair.js";
import { enclosedEnd, intendedEnd, lineTextEnd, typeArgumentsEnd } from "./trap-extent.js";

type TrapCode = Extract<
  Code,
  "yaml-bracket" | "yaml-type-map" | "yaml-pipe" | "yaml-colon" | "yaml-star" | "yaml-reserved" | "yaml-after-quote"
>;

/** What people write that YAML reads otherwise than they mean, and never in a way that makes sense. */
export interface Trap extends Edit {
  readonly code: TrapCode;
  readonly params: { readonly text: string; readonly fixed: string };
}

/**
 * Finds the traps of YAML in a text: `Order[]`, `{id}` and `${…}` in a flow map, `"a" | "b"`, a text with `: ` in it, an
 * unquoted `*`. Each comes with the edit that writes what was meant, so that the rest of the file can be read.
 */
export function findTraps(text: string): readonly Trap[] {
  const state: State = { text, traps: [], open: [], closed: 0, line: freshLine(), last: undefined, skipTo: 0 };
  for (const lexeme of lexemesOf(text)) {
    if (lexeme.start < state.skipTo) track(lexeme, state);
    else if (!look(lexeme, state)) pass(lexeme, state);
    if (state.open.length > limits.depth) break;
  }
  return state.traps;
}

export function reportTraps(traps: readonly Trap[], toFile: (offset: number) => number, report: Report): void {
  for (const { code, span, params, text } of traps) {
    const place = { start: toFile(span.start), end: toFile(span.end) };
    report(code, place, params, { fix: { span: place, text } });
  }
}

interface State {
  readonly text: string;
  readonly traps: Trap[];
  /** Offsets of the flow collections that are open. */
  readonly open: number[];
  /** Where the one began that was closed last. */
  closed: number;
  line: Line;
  last: Lexeme | undefined;
  /** Lexemes before this offset belong to a trap that was found. */
  skipTo: number;
}

/** What was met on the line, outside flow collections. */
interface Line {
  /** Colons that make a key. */
  colons: number;
  /** Where the first key's value begins. */
  valueStart: number | undefined;
}

function freshLine(): Line {
  return { colons: 0, valueStart: undefined };
}

/** Takes the trap that begins with this lexeme, if there is one. */
function look(lexeme: Lexeme, state: State): boolean {
  const { last, text } = state;
  const isFlow = state.open.length > 0;
  switch (lexeme.kind) {
    case "flowStart":
      return isFlow && last?.kind === "plain" && last.end === lexeme.start && takeBracket(last, lexeme, state);
    case "plain":
      if (last?.kind === "quoted") return takeQuoted(last, lexeme, state);
      if (last?.kind === "flowEnd" && last.end === lexeme.start) return takeBracketStart(state);
      return /^[@`%]/.test(lexeme.source) && take("yaml-reserved", lexeme.start, () => lexeme.end, state);
    case "blockHeader": {
      const isText = /^\|[ \t]+[^\s#]/.test(text.slice(lexeme.start, lexeme.start + 80));
      if (last?.kind === "quoted" && !isFlow) return take("yaml-pipe", last.start, lineTextEnd, state);
      return isText && take("yaml-pipe", lexeme.start, lineTextEnd, state);
    }
    case "alias":
      return !/^\*[\w-]+$/.test(lexeme.source) && take("yaml-star", lexeme.start, () => lexeme.end, state);
    case "comma":
      return isFlow && last?.kind === "plain" && takeTypeArguments(last, lexeme, state);
    case "colon":
      if (isFlow) return last?.kind === "plain" && last.source.includes(";") && takeEnclosing(last, state);
      return takeColon(lexeme, state);
    default:
      return false;
  }
}

/** Goes on with the next lexeme. */
function pass(lexeme: Lexeme, state: State): void {
  const { line } = state;
  track(lexeme, state);
  if (lexeme.kind === "newline") state.line = freshLine();
  else if (lexeme.kind === "colon" && state.open.length === 0) line.colons++;
  else if (line.colons === 1 && lexeme.kind !== "space") line.valueStart ??= lexeme.start;
  if (lexeme.kind !== "space") state.last = lexeme;
}

function track(lexeme: Lexeme, state: State): void {
  if (lexeme.kind === "flowStart") state.open.push(lexeme.start);
  else if (lexeme.kind === "flowEnd") state.closed = state.open.pop() ?? state.closed;
}

function isInValue({ open, line }: State): boolean {
  return open.length > 0 || line.colons > 0;
}

/** `"a" | "b"`, or `"a" and b`: the text goes on after a closing quote. */
function takeQuoted(quote: Lexeme, { source }: Lexeme, state: State): boolean {
  if (!isInValue(state)) return false;
  return take(/^[|&]/.test(source) ? "yaml-pipe" : "yaml-after-quote", quote.start, valueEnd, state);
}

/** `[45]\d\d`: a text that begins with a bracket. */
function takeBracketStart(state: State): boolean {
  if (!isInValue(state)) return false;
  return take("yaml-reserved", state.closed, valueEnd, state);
}

/** Traps inside a larger one say nothing more, and edits must not touch each other. */
function dropTraps(start: number, { traps }: State): void {
  while ((traps[traps.length - 1]?.span.end ?? -1) > start) traps.pop();
}

/** `Order[]`, `/orders/{id}`, `${env.X}`, `5\d{2}` inside a flow collection: a bracket right after a word. */
function takeBracket(word: Lexeme, bracket: Lexeme, state: State): boolean {
  const { end, hasSemicolon } = intendedEnd(state.text, word.start);
  if (hasSemicolon && takeEnclosing(word, state)) {
    track(bracket, state);
    return true;
  }
  if (end <= bracket.start || !take("yaml-bracket", word.start, () => end, state)) return false;
  track(bracket, state);
  return true;
}

/** `{ orders: Order[]; next?: string }`: the whole flow map is a type. */
function takeEnclosing(word: Lexeme, state: State): boolean {
  const start = state.open[state.open.length - 1] ?? word.start;
  const end = enclosedEnd(state.text, start);
  if (end === undefined) return false;
  return take("yaml-type-map", start, () => end, state);
}

/** `Map<string, number>` inside a flow collection: the comma belongs to the type. */
function takeTypeArguments(word: Lexeme, comma: Lexeme, state: State): boolean {
  const end = word.source.includes("<") ? typeArgumentsEnd(state.text, word.start) : undefined;
  return end !== undefined && end > comma.start && take("yaml-bracket", word.start, () => end, state);
}

/** A second `: ` on a line: the value is a text with a colon in it. */
function takeColon(colon: Lexeme, state: State): boolean {
  const { colons, valueStart } = state.line;
  if (colons !== 1 || valueStart === undefined || valueStart >= colon.start) return false;
  const value = state.text.slice(valueStart, colon.start);
  return /^[^\s'"[{&*!|>?-]/.test(value) && !value.includes("\n") && take("yaml-colon", valueStart, lineTextEnd, state);
}

type EndOf = (text: string, start: number, state: State) => number;

function take(code: TrapCode, start: number, endOf: EndOf, state: State): true {
  const span: Span = { start, end: endOf(state.text, start, state) };
  const text = state.text.slice(span.start, span.end);
  const fixed = quoted(meant(text));
  dropTraps(start, state);
  state.traps.push({ code, span, text: fixed, params: { text: shortened(text), fixed: shortened(fixed) } });
  state.skipTo = span.end;
  state.last = undefined;
  return true;
}

/** A type over several lines goes on one; `'it's'` has an apostrophe inside its quotes. */
function meant(text: string): string {
  const isApostrophe = /^'[^']*\w'\w[^']*'$/.test(text);
  return (isApostrophe ? text.slice(1, -1) : text).replace(/\s*\n\s*/g, " ");
}

function valueEnd(text: string, start: number, { open }: State): number {
  return open.length > 0 ? intendedEnd(text, start).end : lineTextEnd(text, start);
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
