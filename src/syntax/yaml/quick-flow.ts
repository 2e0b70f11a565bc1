import type { ListNode, MapEntry, MapNode, Name, Node, ScalarNode } from "../tree.js";
import { limits } from "./limits.js";
import { plainScalar, quotedScalar } from "./quick-scalars.js";
import { beyond, type QuickText } from "./quick-text.js";
import { nullAt } from "./scalar-node.js";

/** A flow collection, also over several lines that are moved in farther than its key. */
export function flowNode(text: QuickText, column: number, depth: number): Node {
  if (depth > limits.depth) beyond();
  switch (text.char()) {
    case "{":
      return flowMap(text, column, depth);
    case "[":
      return flowList(text, column, depth);
    default:
      return flowScalar(text);
  }
}

function flowMap(text: QuickText, column: number, depth: number): MapNode {
  const start = text.at++;
  const entries: MapEntry[] = [];
  const names = new Set<string>();
  for (toNext(text, column); text.char() !== "}"; toNext(text, column)) {
    const { text: key, span, spanMap } = flowScalar(text);
    const name: Name = { text: key, span, spanMap };
    if (names.has(key) || key === "<<") beyond();
    names.add(key);
    entries.push({ name, value: flowValue(text, name, column, depth) });
    separate(text, column, "}");
  }
  text.at++;
  return { kind: "map", span: { start, end: text.at }, entries };
}

/** `: value` after a key; a key alone has none. */
function flowValue(text: QuickText, name: Name, column: number, depth: number): Node {
  toNext(text, column);
  if (text.char() !== ":") return nullAt(name.span);
  text.at++;
  if (!text.isSpace(text.at)) beyond();
  toNext(text, column);
  const char = text.char();
  return char === "," || char === "}" ? nullAt(name.span) : flowNode(text, column, depth + 1);
}

function flowList(text: QuickText, column: number, depth: number): ListNode {
  const start = text.at++;
  const items: Node[] = [];
  for (toNext(text, column); text.char() !== "]"; toNext(text, column)) {
    items.push(flowNode(text, column, depth + 1));
    separate(text, column, "]");
  }
  text.at++;
  return { kind: "list", span: { start, end: text.at }, items };
}

/** To the comma and past it, or to the closing bracket. */
function separate(text: QuickText, column: number, close: string): void {
  toNext(text, column);
  if (text.char() === ",") text.at++;
  else if (text.char() !== close) beyond();
}

function flowScalar(text: QuickText): ScalarNode {
  const char = text.char();
  const value = char === '"' || char === "'" ? quotedScalar(text) : plainScalar(text, "flow");
  if (value.style !== "plain" && text.char() === ":" && !text.isSpace(text.at + 1)) beyond();
  return value;
}

/** Over spaces and line breaks; a line must not begin where the key of the collection does, or before it. */
function toNext(text: QuickText, column: number): void {
  text.skipSpaces();
  while (text.char() === "\n") {
    const lineStart = ++text.at;
    text.skipSpaces();
    if (text.char() !== "\n" && text.at - lineStart <= column) beyond();
    text.lineStart = lineStart;
  }
  if (text.char() === "#" || text.isAtEnd) beyond();
}
