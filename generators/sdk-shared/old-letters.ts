/** Scripts as they have been since long before Python 3.10's Unicode 13, first and last letter. */
const oldScripts: readonly (readonly [number, number])[] = [
  [0x30, 0x7a],
  [0xaa, 0x24f],
  [0x300, 0x52f],
  [0x5d0, 0x5ea],
  [0x620, 0x6d3],
  [0x900, 0x970],
  [0xe00, 0xe4f],
  [0x1e00, 0x1eff],
  [0x3041, 0x30fe],
  [0x3400, 0x4db5],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
];

/** Whether every version of a language that is in use knows the letter. */
export function isOldLetter(char: string): boolean {
  const point = char.codePointAt(0) ?? 0;
  return oldScripts.some(([first, last]) => point >= first && point <= last);
}
