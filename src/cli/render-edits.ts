import type { Edit } from "../write/write-error.js";

/** As many lines of a file's changes, and as many files, as can be read. */
const mostLines = 20;
const mostFiles = 5;

/** What was changed by hand in generated files, against what gateway would write: `-` is gateway's, `+` yours. */
export function renderEdits(edits: readonly Edit[]): string {
  const shown = edits
    .slice(0, mostFiles)
    .map(({ path, generated, edited }) => `edited    ${path}\n${lines(generated, edited)}`);
  const rest = edits.length - shown.length;
  return `${shown.join("")}${rest > 0 ? `… and ${rest} more files\n` : ""}`;
}

/** The lines between the first and the last difference. */
function lines(generated = "", edited: string): string {
  const [before, now] = [generated.split("\n"), edited.split("\n")];
  const most = Math.min(before.length, now.length);
  let front = 0;
  while (front < most && before[front] === now[front]) front++;
  let back = 0;
  while (back < most - front && before[before.length - 1 - back] === now[now.length - 1 - back]) back++;
  const part = (list: readonly string[], mark: string) => {
    const own = list.slice(front, list.length - back);
    const cut = own.length > mostLines ? [...own.slice(0, mostLines), `… ${own.length - mostLines} more lines`] : own;
    return cut.map((line) => `${mark} ${line.length > 200 ? `${line.slice(0, 200)}…` : line}\n`).join("");
  };
  return `@@ line ${front + 1} @@\n${part(before, "-")}${part(now, "+")}`;
}
