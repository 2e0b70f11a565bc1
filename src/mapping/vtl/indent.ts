/** Lines of code, indented by the blocks they open and close. A line opens a block at its end and closes one at its start. */
export function indent(lines: readonly string[]): string {
  const out: string[] = [];
  let depth = 0;
  for (const line of lines.join("\n").split("\n")) {
    if (line.startsWith("}")) depth--;
    out.push(`${"  ".repeat(depth)}${line}`);
    if (line.endsWith("{")) depth++;
  }
  return out.join("\n");
}
