import { createHash } from "node:crypto";

/** API Gateway's bounds of a key's value, characters (aws-behaviour.md section 17). */
export const keyLength = { least: 20, most: 128 } as const;

/**
 * SHA-256 of a key's value, hexadecimal. Keys are found by it: what is compared then tells nothing about how much of a
 * guess was right. Generated values have 238 random bits, so that no salt is needed.
 */
export function keyHash(value: string): string {
  return createHash("sha256").update(value, "utf8").digest("hex");
}
