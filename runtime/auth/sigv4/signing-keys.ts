import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

/** Keys kept; each is one access key on one day for one region and service. */
const mostKeys = 1_000;

/**
 * Signing keys derived from secrets, kept because deriving costs four HMACs. Bounded: the least lately made goes first.
 * A secret that has changed under the same access key gives another key.
 */
export class SigningKeys {
  readonly #keys = new Map<string, { readonly secret: string; readonly key: KeyObject }>();

  constructor(private readonly most: number = mostKeys) {}

  /** @param scope  `20150830/eu-west-1/execute-api/aws4_request` */
  of(accessKeyId: string, secret: string, scope: string): KeyObject {
    const name = `${accessKeyId}/${scope}`;
    const known = this.#keys.get(name);
    if (known?.secret === secret) return known.key;
    const key = deriveKey(secret, scope);
    if (this.#keys.size >= this.most) this.#keys.delete(this.#keys.keys().next().value as string);
    this.#keys.set(name, { secret, key });
    return key;
  }

  get size(): number {
    return this.#keys.size;
  }
}

function deriveKey(secret: string, scope: string): KeyObject {
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createSecretKey(key);
}

/** The 32 bytes of a signature. */
export function signatureOf(key: KeyObject, stringToSign: string): Buffer {
  return createHmac("sha256", key).update(stringToSign).digest();
}
