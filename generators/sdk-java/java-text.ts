/** Java as text: nothing of the file gets into it but through these. A backslash and u are read before all else (JLS 3.3). */

/** A string literal, in ASCII alone. */
export function javaString(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at);
    if (unit === 0x22 || unit === 0x5c) return `\\${text[at]}`;
    if (unit >= 0x20 && unit < 0x7f) return text.charAt(at);
    return unit < 0x80 ? `\\${unit.toString(8).padStart(3, "0")}` : `\\u${unit.toString(16).padStart(4, "0")}`;
  });
  return `"${units.join("")}"`;
}

/** The inside of a Javadoc comment on one line: no end of it, no tags, no markup, no escapes; else as it is, as programmers read it in editors. */
export function javaWords(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Zs}\p{Cs}\ufffe\uffff]+/gu, " ")
    .replace(/[&<>\\]|(?<=^\s*|\{)@|(?<=\*)\//g, (char) => `&#${char.charCodeAt(0)};`)
    .trim();
}

/** A Javadoc comment. */
export function javaDocs(text: string | undefined, fallback: string, indent: string): string {
  return `${indent}/** ${javaWords(text ?? "") || fallback} */\n`;
}
