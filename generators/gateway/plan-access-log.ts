import { parseReference } from "../../src/mapping/expressions/parse-reference.js";
import type { Planned } from "../emit/code-literal.js";

/** The format of an access log, taken apart into texts and names of `$context` variables. */
export function planAccessLog(format: string): Planned {
  const parts: (string | { readonly context: string })[] = [];
  let from = 0;
  for (const match of format.matchAll(/\$(?=context\b)/g)) {
    const parsed = parseReference(format, match.index + 1);
    if (parsed.kind !== "reference" || parsed.reference.kind !== "context") continue;
    if (match.index > from) parts.push(format.slice(from, match.index));
    parts.push({ context: parsed.reference.path.join(".") });
    from = parsed.span.end;
  }
  if (from < format.length) parts.push(format.slice(from));
  return { kind: kindOf(format), parts };
}

/** A line that looks like JSON or XML has its values escaped as such. */
function kindOf(format: string): "json" | "xml" | "text" {
  const first = format.trimStart()[0];
  if (first === "{" || first === "[") return "json";
  return first === "<" ? "xml" : "text";
}
