/** Farthest that a trap is followed; whoever means a longer text has quoted it. */
const reach = 2000;

/**
 * Where a text ends that was meant as one value or key of a flow collection: at the comma, colon or closing bracket that
 * is not inside brackets of its own, or with the line.
 */
export function intendedEnd(whole: string, start: number): { readonly end: number; readonly hasSemicolon: boolean } {
  const text = whole.slice(start, start + reach);
  let depth = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\n" || (char === "\r" && text[at + 1] === "\n")) break;
    if (char === '"' || char === "'") at = quoteEnd(text, at);
    else if (isOpening(char)) depth++;
    else if (isClosing(char) && --depth < 0) break;
    else if (depth > 0) continue;
    else if (char === ",") break;
    else if (char === ";") return { end: start + at, hasSemicolon: true };
    else if (char === ":" && /[\s,[\]{}"']/.test(text[at + 1] ?? " ")) break;
    else if (char === "#" && /\s/.test(text[at - 1] ?? "")) break;
  }
  return { end: start + text.slice(0, at).trimEnd().length, hasSemicolon: false };
}

/** End of a bracket's pair; undefined when it is not near. */
export function enclosedEnd(whole: string, start: number): number | undefined {
  const text = whole.slice(start, start + reach);
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === '"' || char === "'") at = quoteEnd(text, at);
    else if (isOpening(char)) depth++;
    else if (isClosing(char) && --depth === 0) return start + at + 1;
  }
  return undefined;
}

/** End of a type such as `Map<string, Order>`; undefined when its `<` is not closed before the collection is. */
export function typeArgumentsEnd(whole: string, start: number): number | undefined {
  const text = whole.slice(start, start + reach);
  let angles = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\n") return undefined;
    if (isOpening(char)) depth++;
    else if (isClosing(char) && --depth < 0) return undefined;
    else if (char === "<") angles++;
    else if (char === ">" && --angles === 0) return intendedEnd(whole, start + at + 1).end;
  }
  return undefined;
}

/** End of what stands on the line, without a comment and spaces. */
export function lineTextEnd(text: string, start: number): number {
  const lineBreak = text.indexOf("\n", start);
  const lineEnd = lineBreak === -1 ? text.length : lineBreak;
  const line = text.slice(start, lineEnd);
  const comment = /[ \t]#/.exec(line);
  return start + (comment ? line.slice(0, comment.index) : line).trimEnd().length;
}

/** The closing quote on the same line; the quote itself where there is none (an apostrophe). */
function quoteEnd(text: string, at: number): number {
  const close = text.indexOf(text[at] ?? "", at + 1);
  if (close === -1) return at;
  const lineBreak = text.indexOf("\n", at);
  return lineBreak !== -1 && lineBreak < close ? at : close;
}

function isOpening(char: string): boolean {
  return char === "{" || char === "[" || char === "(";
}

function isClosing(char: string): boolean {
  return char === "}" || char === "]" || char === ")";
}
