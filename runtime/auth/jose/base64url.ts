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
