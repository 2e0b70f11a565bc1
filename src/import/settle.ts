import { modelText } from "../../generators/emit/type-text.js";
import { checkGateway } from "../checks/index.js";
import { type Diagnostic, DiagnosticList } from "../diagnostics/diagnostic.js";
import type { Model } from "../model/types.js";
import { SourceFile } from "../source.js";
import { parseGateway } from "../syntax/parse-gateway.js";
import { closedPolicy } from "./closed-policy.js";
import type { DraftMap } from "./draft.js";
import type { Importing } from "./importing.js";
import { type PrintedEntry, printDraft } from "./print-draft.js";
import type { Tree } from "./tree.js";

export interface Settled {
  readonly text: string;
  /** What is still wrong; empty but for what no entry can be blamed for. */
  readonly errors: readonly Diagnostic[];
}

export interface ToSettle {
  readonly map: DraftMap;
  readonly models: readonly Model[];
  readonly importing: Importing;
  /** Where a route stood, by its key. */
  readonly origins: ReadonlyMap<string, Tree>;
}

/** Each round takes out what is wrong by then; what that uncovers is for the next one. */
const maxRounds = 12;

/**
 * Prints gateway.yaml and reads it back. What the language refuses (a pattern that no regular expression engine bounds, a
 * path that API Gateway does not have …) becomes a comment, so that the file compiles and nothing is lost.
 */
export async function settle({ map, models, importing, origins }: ToSettle): Promise<Settled> {
  const texts = models.map((model) => modelText(model, { scalars: "gateway" }).replace(/^export /m, ""));
  let text = "";
  let errors: readonly Diagnostic[] = [];
  for (let round = 0; round < maxRounds; round++) {
    if (texts.length > 0) map.set("models", texts.join("\n"));
    else map.remove("models");
    const printed = printDraft(map, head);
    text = printed.text;
    errors = await errorsOf(text);
    if (errors.length === 0) break;
    const isBetter = takeOut(errors, printed.text, printed.entries, { models, texts, importing, origins });
    if (!isBetter) break;
  }
  return { text, errors };
}

const head = "# yaml-language-server: $schema=./node_modules/gatewayc/schemas/gateway.schema.json\n";

/** Mistakes of the language. */
async function errorsOf(text: string): Promise<readonly Diagnostic[]> {
  const found = new DiagnosticList();
  const source = new SourceFile("gateway.yaml", text);
  const syntax = parseGateway(source, found.report);
  if (syntax) await checkGateway(syntax, found.report, { source, targets: new Set() });
  return found.sorted().filter(({ severity }) => severity === "error");
}

interface Context {
  readonly models: readonly Model[];
  readonly texts: string[];
  readonly importing: Importing;
  readonly origins: ReadonlyMap<string, Tree>;
}

function takeOut(
  errors: readonly Diagnostic[],
  text: string,
  entries: readonly PrintedEntry[],
  context: Context,
): boolean {
  const ordered = [...entries].sort((a, b) => a.start - b.start || b.end - a.end);
  const gone: PrintedEntry[] = [];
  let isBetter = false;
  for (const error of errors) {
    const { start } = error.span;
    if (gone.some((entry) => entry.start <= start && start < entry.end)) continue;
    const around = ordered.filter((entry) => entry.start <= start && start < entry.end);
    const [section] = around;
    if (section?.entry.name === "models" && section.depth === 0) {
      isBetter = mendModels(error, text, section, context) || isBetter;
      continue;
    }
    if (section?.entry.name === "policy" && section.depth === 0) {
      closePolicy(section, error, text);
      gone.push(section);
      isBetter = true;
      continue;
    }
    const blamed = blamedOf(around);
    if (!blamed) continue;
    gone.push(blamed);
    comment(blamed, error, text, around, context);
    isBetter = true;
  }
  return isBetter;
}

/** Keys without which what stands around them means nothing. */
const essential: ReadonlySet<string> = new Set([
  "lambda",
  "http",
  "aws",
  "mock",
  "type",
  "cognito",
  "jwt",
  "value",
  "identity",
  "auth",
  "apiKey",
  "scopes",
  "validation",
  "audience",
  "header",
  "name",
]);

/** Sections that stay, whatever is wrong with them. */
const kept: ReadonlySet<string> = new Set([
  "gateway",
  "routes",
  "models",
  "auth",
  "apiKey",
  "authorizers",
  "policy",
  "kind",
]);

/** The smallest entry that can be taken out; a section of the file never is. */
function blamedOf(around: readonly PrintedEntry[]): PrintedEntry | undefined {
  for (const entry of [...around].reverse()) {
    if (entry.depth > 0 && !essential.has(entry.entry.name)) return entry;
    if (entry.depth === 0 && !kept.has(entry.entry.name)) return entry;
  }
  return undefined;
}

function comment(
  { entry, parent, start, end }: PrintedEntry,
  error: Diagnostic,
  text: string,
  around: readonly PrintedEntry[],
  context: Context,
): void {
  const route = routeOf(around);
  const origin = route === undefined ? undefined : context.origins.get(route);
  if (origin)
    context.importing.leftOut(
      origin,
      `"${entry.name}" of ${route === entry.name ? "the routes" : route}: ${error.message}`,
    );
  const at = parent.entries.findIndex(({ name }) => name === entry.name);
  // Those of what has been taken out before it, too.
  const comments = parent.entries[at]?.comments ?? [];
  parent.remove(entry.name);
  const written = [...comments, `left out: ${error.message}`, ...linesOf(text.slice(start, end))];
  const next = parent.entries[at];
  if (next) parent.entries[at] = { ...next, comments: [...written, ...next.comments] };
  else parent.note(written.join("\n"));
}

/** The key of the route around an entry: of a request, or of a WebSocket message. */
function routeOf(around: readonly PrintedEntry[]): string | undefined {
  const names = around.map(({ entry }) => entry.name);
  return names[0] === "websocket" && names[1] === "routes" ? names[2] : names[1];
}

/** As they stood, without their margin. */
function linesOf(text: string): readonly string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const margin = Math.min(
    ...lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length),
  );
  return lines.map((line) => `  ${line.slice(margin)}`);
}

/**
 * A policy is never taken apart: without one of its statements it could allow what it denied. As a whole it becomes a
 * comment, and nobody may call.
 */
function closePolicy({ entry, parent, start, end }: PrintedEntry, error: Diagnostic, text: string): void {
  const at = parent.entries.indexOf(entry);
  parent.entries[at] = {
    name: entry.name,
    value: closedPolicy(),
    comments: [
      `left out, and nobody may call until a policy says who: ${error.message}`,
      ...linesOf(text.slice(start, end)),
    ],
  };
}

/** A tag that does not fit is taken out of its comment; a type that cannot be written becomes `unknown`. */
function mendModels(
  error: Diagnostic,
  text: string,
  section: PrintedEntry,
  { models, texts, importing }: Context,
): boolean {
  const line = text.slice(section.start, error.span.start).split("\n").length - 2;
  let before = 0;
  for (const [index, model] of texts.entries()) {
    const size = model.split("\n").length;
    if (line < before || line >= before + size) {
      before += size;
      continue;
    }
    const lines = model.split("\n");
    const own = lines[line - before] ?? "";
    const tag = /@\w+[^*]*/.exec(own);
    const name = models[index]?.name ?? "Model";
    if (tag && /^(?:tag|pattern|default|example|format)-/.test(error.code)) {
      lines[line - before] = own.replace(tag[0], "");
      texts[index] = lines
        .join("\n")
        .replace(/^\s*\/\*\*\s*\*\/\n/gm, "")
        .replace(/^\s*\*\s*\n/gm, "");
    } else if (/^type \w+ = unknown;/m.test(model)) return false;
    else texts[index] = `/** left out: ${error.message.replaceAll("*/", "* /")} */\ntype ${name} = unknown;\n`;
    const at = importing.documents.main.tree;
    if (at) importing.leftOut(at, `a part of the model "${name}": ${error.message}`);
    return texts[index] !== model;
  }
  return false;
}
