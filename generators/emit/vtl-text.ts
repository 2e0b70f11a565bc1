/**
 * A Velocity template that renders to exactly this text. `$` and `#` begin references and directives, so they are
 * printed by way of variables, and so is a backslash before one of them or at the end, which would escape it or what
 * follows (Velocity 1.7, "Escaping valid VTL references"). A text without them stands as it is.
 */
export function vtlText(text: string): string {
  if (!/[$#]|\\$/.test(text)) return text;
  const escaped = text.replace(/\\*[$#]|\\+$/g, (run) =>
    [...run].map((character) => `\${${names[character]}}`).join(""),
  );
  const used = Object.entries(names).filter(([, name]) => escaped.includes(`\${${name}}`));
  // The line end belongs to the last directive: without it, one at the start of the text would be swallowed.
  return `${used.map(([character, name]) => `#set($${name} = '${character}')`).join("")}\n${escaped}`;
}

const names: Readonly<Record<string, string>> = { "\\": "BACKSLASH", $: "DOLLAR", "#": "HASH" };

/** A Velocity string literal: in single quotes nothing is replaced, and a quote is written twice. */
export function vtlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
