/** Text of the file inside a line of Markdown: no markup of its own, no line break. */
export function inline(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>#|]/g, "\\$&");
}

/** Inside a table cell or code span, where a backslash does not escape. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/`/g, "'").replace(/</g, "&lt;").replace(/\|/g, "\\|");
}

/** A description is the author's Markdown; HTML and fences in it are not let through. */
export function paragraph(text: string): string {
  return text
    .replace(/</g, "&lt;")
    .replace(/^\s*(```|~~~).*$/gm, "")
    .trim();
}
