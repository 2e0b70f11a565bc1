const form = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decodes standard base64, strictly: undefined for any other character, a wrong length or padding in the middle. */
export function decodeBase64(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (!form.test(trimmed) || trimmed.length % 4 === 1) return undefined;
  const hasPadding = trimmed.endsWith("=");
  if (hasPadding && trimmed.length % 4 !== 0) return undefined;
  return Buffer.from(trimmed, "base64");
}
