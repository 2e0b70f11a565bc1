import { randomBytes } from "node:crypto";
import type { StoredKey } from "../state/state.js";
import { keyHash } from "./key-hash.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Forty characters of [A-Za-z0-9]: 238 random bits. */
export function newKeyValue(): string {
  return randomText(40, alphabet);
}

export interface KeyInput {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly plans: readonly string[];
}

/** A key as it is kept: hashed. One with the same value is replaced, and keeps its id (API key file format). */
export function storedKey(input: KeyInput, known: readonly StoredKey[], nowMs: number): StoredKey {
  const hash = keyHash(input.value);
  const same = known.find((key) => key.hash === hash);
  return {
    id: same?.id ?? randomText(10, "abcdefghijklmnopqrstuvwxyz0123456789"),
    name: input.name,
    description: input.description ?? "",
    hash,
    enabled: input.enabled ?? true,
    plans: input.plans,
    createdAt: same?.createdAt ?? nowMs,
    updatedAt: nowMs,
  };
}

/** Each character is equally likely: bytes beyond the last whole multiple of the alphabet are drawn again. */
function randomText(length: number, characters: string): string {
  const most = 256 - (256 % characters.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(2 * length)) {
      if (byte < most && text.length < length) text += characters.charAt(byte % characters.length);
    }
  }
  return text;
}
