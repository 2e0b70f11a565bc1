/** A text as JavaScript source. Nothing in it can end the literal, a comment or a script element. */
export function literal(text: string): string {
  return JSON.stringify(text)
    .replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
    .replaceAll("</", "<\\/")
    .replaceAll("<!--", "<\\!--");
}
