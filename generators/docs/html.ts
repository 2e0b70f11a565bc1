/** Nothing in it needs a change: most texts. */
const plain = /^[ !#-%(-;=?-~\t\n\r]*$/;

/** Text of the file as HTML: nothing in it is markup. Controls that HTML has no place for are left out. */
export function escapeHtml(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(/[^\P{Cc}\t\n\r]/gu, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

/** A piece of a file's name or of an anchor, from any text: ASCII, and never empty. */
export function slugOf(text: string): string {
  const slug = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 80);
  return slug === "" ? "x" : slug;
}
