import { escapeHtml } from "./html.js";

/**
 * The part of Markdown that descriptions are written in, as HTML: paragraphs, headings, lists, fenced code, code, bold,
 * italics, links. HTML in it is text, and a link leads to the web or by mail and nowhere else.
 */
export function renderMarkdown(text: string): string {
  const out: string[] = [];
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    const fence = /^\s*(```|~~~)/.exec(line)?.[1];
    if (fence !== undefined) {
      const end = lines.findIndex((other, index) => index > at && other.trim().startsWith(fence));
      const last = end < 0 ? lines.length : end;
      out.push(`<pre><code>${escapeHtml(lines.slice(at + 1, last).join("\n"))}</code></pre>`);
      at = last + 1;
    } else if (line.trim() === "") at++;
    else if (isItem(line)) {
      const items = takeWhile(lines, at, (other) => isItem(other) || /^\s+\S/.test(other));
      const joined = items
        .join("\n")
        .split(/^\s*(?:[-*+]|\d+[.)])\s+/m)
        .slice(1);
      const tag = /^\s*\d/.test(line) ? "ol" : "ul";
      out.push(`<${tag}>${joined.map((item) => `<li>${inline(item.trim())}</li>`).join("")}</${tag}>`);
      at += items.length;
    } else if (/^#{1,6}\s/.test(line)) {
      out.push(`<p class="heading">${inline(line.replace(/^#+\s+/, "").trim())}</p>`);
      at++;
    } else {
      const own = takeWhile(
        lines,
        at,
        (other) => other.trim() !== "" && !isItem(other) && !/^\s*(```|~~~|#{1,6}\s)/.test(other),
      );
      out.push(`<p>${inline(own.join("\n").trim())}</p>`);
      at += Math.max(1, own.length);
    }
  }
  return out.join("\n");
}

function isItem(line: string): boolean {
  return /^\s*(?:[-*+]|\d{1,9}[.)])\s+\S/.test(line);
}

function takeWhile(lines: readonly string[], from: number, test: (line: string) => boolean): readonly string[] {
  let end = from;
  while (end < lines.length && test(lines[end] ?? "")) end++;
  return lines.slice(from, end);
}

/** Code is set aside first, as nothing inside of it is markup. */
export function inline(text: string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, at) => (at % 2 === 1 ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : marks(escapeHtml(part))))
    .join("");
}

function marks(html: string): string {
  return html
    .replace(
      /\[([^\][]{1,300})\]\(((?:https?:\/\/|mailto:)[^\s()<>]{1,1000})\)/g,
      '<a href="$2" rel="noreferrer">$1</a>',
    )
    .replace(/\*\*([^*\n]{1,500})\*\*/g, "<strong>$1</strong>")
    .replace(/(?<![\w*])\*([^*\n]{1,500})\*(?![\w*])/g, "<em>$1</em>");
}
