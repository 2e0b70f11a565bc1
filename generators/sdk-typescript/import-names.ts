/** Names between braces: on one line where they fit, otherwise one a line. */
export function wrappedNames(names: readonly string[]): string {
  const line = ` ${names.join(", ")} `;
  if (names.length === 0) return "";
  return line.length <= 80 ? line : `\n${names.map((name) => `  ${name},\n`).join("")}`;
}
