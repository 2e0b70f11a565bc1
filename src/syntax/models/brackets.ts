/**
 * Offset at which brackets of a text are nested deeper than a limit, or undefined. Looked at before TypeScript's parser,
 * which recurses; strings and comments may count, which only matters far above any sensible depth.
 */
export function tooDeepAt(text: string, limit: number): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "(" || char === "{" || char === "[" || char === "<") {
      if (++depth > limit) return at;
    } else if (char === ")" || char === "}" || char === "]" || char === ">") {
      depth = Math.max(0, depth - 1);
    } else if (char === "'" || char === '"' || char === "`") {
      at = Math.max(at, endOfString(text, at, char));
    } else if (char === "/" && (text[at + 1] === "/" || text[at + 1] === "*")) {
      const close = text[at + 1] === "/" ? text.indexOf("\n", at) : text.indexOf("*/", at + 2);
      if (close === -1) return undefined;
      at = close;
    }
  }
  return undefined;
}

/** Offset of the closing quote on the same line, or -1. */
function endOfString(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length && text[at] !== "\n"; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return -1;
}
