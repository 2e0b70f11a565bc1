import type { AccessLogEntry } from "./access-log-entry.js";

const variable = /\$(?:context\.([A-Za-z][\w.-]*)|\{context\.([A-Za-z][\w.-]*)\})/g;

/** A format that was given while the gateway runs, taken apart as `gateway build` does it. */
export function accessLogEntry(format: string): AccessLogEntry {
  const parts: (string | { readonly context: string })[] = [];
  let from = 0;
  for (const match of format.matchAll(variable)) {
    // A full stop behind a variable ends a sentence.
    const name = (match[1] ?? match[2] ?? "").replace(/[.-]+$/, "");
    const end = match[2] === undefined ? match.index + "$context.".length + name.length : match.index + match[0].length;
    if (match.index > from) parts.push(format.slice(from, match.index));
    parts.push({ context: name });
    from = end;
  }
  if (from < format.length) parts.push(format.slice(from));
  return { kind: kindOf(format), parts };
}

/** The format as a text again. */
export function accessLogText({ parts }: AccessLogEntry): string {
  return parts.map((part) => (typeof part === "string" ? part : `$context.${part.context}`)).join("");
}

/** A line that looks like JSON or XML has its values escaped as such. */
function kindOf(format: string): AccessLogEntry["kind"] {
  const first = format.trimStart()[0];
  if (first === "{" || first === "[") return "json";
  return first === "<" ? "xml" : "text";
}
