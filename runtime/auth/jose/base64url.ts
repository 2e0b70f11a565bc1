/**
 * Decodes base64url as RFC 7515 section 2 has it: no padding, no other alphabet, no bits left over. Node's decoder takes
 * more; what it read has to give the same text again.
 *
 * @returns undefined for any other text
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

/**
 * The same into memory that is there already, for the parts of tokens, which nobody has seen before.
 *
 * @param text    ASCII without `+` and `/`, which Node's decoder takes for `-` and `_`
 * @param target  large enough for it
 * @returns number of bytes; -1 for what `decodeBase64url` does not take
 */
export function decodeInto(target: Buffer, at: number, text: string): number {
  const { length } = text;
  const rest = length & 3;
  if (rest === 1 || (rest !== 0 && !lastOf[rest]?.includes(text.charAt(length - 1)))) return -1;
  // Characters of no alphabet are skipped and padding ends the text: either way there are fewer bytes.
  return target.write(text, at, "base64url") === (length * 3) >> 2 ? (length * 3) >> 2 : -1;
}

/** Last characters that leave no bits over, by how many there are behind the last four. */
const lastOf = ["", "", "AQgw", "AEIMQUYcgkosw048"] as const;
