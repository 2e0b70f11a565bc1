import { keyLength } from "./key-hash.js";
import type { KeyInput } from "./new-key.js";

export interface KeyFileProblem {
  /** 1-based line of the file. */
  readonly line: number;
  readonly message: string;
}

export interface KeyFile {
  readonly keys: readonly KeyInput[];
  readonly problems: readonly KeyFileProblem[];
}

const maxKeys = 10_000;
/** Characters of a key's name (aws-behaviour.md section 17). */
export const maxNameLength = 1024;

/**
 * Reads API Gateway's file format of API keys: CSV whose first line names the columns. `Name` and `Key` must be there,
 * `Description`, `Enabled` and `UsagePlanIds` may; their case and order do not matter, other columns are ignored. Several
 * plans stand between quotes, separated by commas. A value that comes twice counts as it stands last.
 *
 * @see API Gateway developer guide, "API Gateway API key file format"
 */
export function parseKeyFile(text: string): KeyFile {
  const problems: KeyFileProblem[] = [];
  const [head, ...rows] = parseRows(text.replace(/^\uFEFF/, ""), problems);
  const columns = new Map(head?.cells.map((name, at) => [name.trim().toLowerCase(), at]));
  for (const name of ["name", "key"]) {
    if (!columns.has(name)) problems.push({ line: 1, message: `the first line names no column "${name}"` });
  }
  if (problems.length > 0) return { keys: [], problems };
  if (rows.length > maxKeys) return { keys: [], problems: [{ line: 1, message: `more than ${maxKeys} keys` }] };
  const byValue = new Map<string, KeyInput>();
  for (const { cells, line } of rows) {
    const cell = (name: string) => cells[columns.get(name) ?? -1]?.trim() ?? "";
    const found = problemsOf(cell("name"), cell("key"), cell("enabled"));
    problems.push(...found.map((message) => ({ line, message })));
    if (found.length > 0) continue;
    const plans = cell("usageplanids")
      .split(",")
      .map((plan) => plan.trim())
      .filter((plan) => plan !== "");
    const enabled = cell("enabled").toLowerCase() !== "false";
    byValue.delete(cell("key"));
    byValue.set(cell("key"), {
      name: cell("name"),
      value: cell("key"),
      description: cell("description"),
      enabled,
      plans: [...new Set(plans)],
    });
  }
  return { keys: [...byValue.values()], problems };
}

/** In AWS's words where it has some. A value is never repeated in a message. */
function problemsOf(name: string, value: string, enabled: string): readonly string[] {
  const problems: string[] = [];
  if (name === "") problems.push("a key has no name");
  if (name.length > maxNameLength) problems.push(`a name has more than ${maxNameLength} characters`);
  if (value.length < keyLength.least) {
    problems.push(`API Key value should be at least ${keyLength.least} characters`);
  }
  if (value.length > keyLength.most)
    problems.push(`API Key value exceeds maximum size of ${keyLength.most} characters`);
  if (!/^(?:true|false|)$/i.test(enabled)) problems.push(`Enabled is true or false, not "${enabled.slice(0, 20)}"`);
  return problems;
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Lines of cells; a cell that begins with a single or double quote goes on to the next one, doubled quotes stand for one. */
function parseRows(text: string, problems: KeyFileProblem[]): readonly Row[] {
  const rows: Row[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const row: { line: number; cells: string[] } = { line, cells: [] };
    const from = at;
    let isOver = false;
    while (!isOver) {
      const quote = text[at] === '"' || text[at] === "'" ? text[at] : undefined;
      const cell = quote === undefined ? plainCell(text, at) : quotedCell(text, at, quote);
      if (cell === undefined) {
        problems.push({ line, message: "a quote is not closed" });
        return rows;
      }
      row.cells.push(cell.text);
      at = cell.end;
      isOver = text[at] !== ",";
      at++;
    }
    line += text.slice(from, at).match(/\n/g)?.length ?? 0;
    if (row.cells.some((cell) => cell.trim() !== "")) rows.push(row);
  }
  return rows;
}

interface Cell {
  readonly text: string;
  /** Position of the comma or the line's end after it. */
  readonly end: number;
}

function plainCell(text: string, from: number): Cell {
  let end = from;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
  return { text: text.slice(from, end).replace(/\r$/, ""), end };
}

function quotedCell(text: string, from: number, quote: string): Cell | undefined {
  let content = "";
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] !== quote) content += text[at];
    else if (text[at + 1] === quote) content += text[++at];
    else return { text: content, end: plainCell(text, at + 1).end };
  }
  return undefined;
}
