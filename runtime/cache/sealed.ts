import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals bytes by AES-256-GCM. */
export class Sealer {
  /** @param key  32 bytes; default: one that this process makes and nobody else ever has */
  constructor(private readonly key: Uint8Array = randomBytes(32)) {}

  /** One whose key is made of a secret that processes share, for one purpose. */
  static ofSecret(secret: Buffer, purpose: string): Sealer {
    return new Sealer(new Uint8Array(hkdfSync("sha256", secret, "gateway answers", purpose, 32)));
  }

  /** @param context  what the bytes are kept under: opened under another, they are refused */
  seal(pieces: readonly Uint8Array[], context: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.key, iv);
    cipher.setAAD(Buffer.from(context, "utf8"));
    const sealed = pieces.map((piece) => cipher.update(piece));
    sealed.push(cipher.final());
    return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]);
  }

  /** @throws Error for bytes that were not sealed by this key under this context, or have changed since */
  open(sealed: Buffer, context: string): Buffer {
    const decipher = createDecipheriv("aes-256-gcm", this.key, sealed.subarray(0, 12));
    decipher.setAAD(Buffer.from(context, "utf8"));
    decipher.setAuthTag(sealed.subarray(12, 28));
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
  }
}
