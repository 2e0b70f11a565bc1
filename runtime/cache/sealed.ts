import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { StoredAnswer } from "./stored-answer.js";

/** Keeps answers encrypted: AES-256-GCM under a key that this process makes and nobody else ever has. */
export class Sealer {
  readonly #key = randomBytes(32);

  /** @param context  what the answer is kept under: opened under another, it is refused */
  seal({ status, headers, body }: StoredAnswer, context: string): Buffer {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", this.#key, iv);
    cipher.setAAD(Buffer.from(context, "utf8"));
    const isText = typeof body === "string";
    const head = Buffer.from(JSON.stringify([status, isText, headers]), "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(head.length);
    const parts = [length, head, isText ? Buffer.from(body, "utf8") : body];
    const sealed = parts.map((part) => cipher.update(part));
    sealed.push(cipher.final());
    return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]);
  }

  open(sealed: Buffer, context: string): StoredAnswer {
    const decipher = createDecipheriv("aes-256-gcm", this.#key, sealed.subarray(0, 12));
    decipher.setAAD(Buffer.from(context, "utf8"));
    decipher.setAuthTag(sealed.subarray(12, 28));
    const plain = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
    const headEnd = 4 + plain.readUInt32BE(0);
    const [status, isText, headers] = JSON.parse(plain.toString("utf8", 4, headEnd)) as [number, boolean, string[]];
    const body = plain.subarray(headEnd);
    return { status, headers, body: isText ? body.toString("utf8") : body };
  }
}
