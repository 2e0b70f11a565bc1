import { constants, generateKeyPairSync, hash, type KeyObject, privateEncrypt, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Algorithm, digests } from "../../../runtime/auth/jose/algorithms.js";
import { RsaSignature } from "../../../runtime/auth/jose/rsa-signature.js";

const names = Object.keys(digests) as Algorithm[];
const all = new Set<string>(names);
const [usual, odd] = [2048, 2056].map((modulusLength) => {
  const pair = generateKeyPairSync("rsa", { modulusLength });
  const bytes = modulusLength / 8;
  return { ...pair, bytes, signature: new RsaSignature(pair.publicKey, bytes, all) };
}) as [Key, Key];

interface Key {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  readonly bytes: number;
  readonly signature: RsaSignature;
}

/** What node:crypto says of the same. */
function nodeSays(key: Key, algorithm: Algorithm, input: string, bytes: Buffer): boolean {
  return verify(`RSA-${digests[algorithm].name.toUpperCase()}`, Buffer.from(input), key.publicKey, bytes);
}

function weSay(key: Key, algorithm: Algorithm, input: string, bytes: Buffer): boolean {
  return key.signature.holds(algorithm, input, bytes.toString("base64url"));
}

describe("an RSA signature", () => {
  test.each(names)("of %s holds for its own text, and for nothing else", (algorithm) => {
    const text = fc.string({ maxLength: 300 }).map((value) => Buffer.from(value).toString("base64url"));
    fc.assert(
      fc.property(fc.constantFrom(usual, odd), text, text, fc.constantFrom(...names), (key, input, other, named) => {
        const bytes = sign(digests[algorithm].name, Buffer.from(input), key.privateKey);
        expect(weSay(key, algorithm, input, bytes)).toBe(true);
        for (const [given, by] of [
          [other, algorithm],
          [input, named],
          [`${input}.`, algorithm],
        ] as const) {
          expect(weSay(key, by, given, bytes)).toBe(nodeSays(key, by, given, bytes));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("that is changed, cut or longer does not hold, as node:crypto has it", () => {
    const input = "header.payload";
    const right = sign("sha256", Buffer.from(input), usual.privateKey);
    const changed = fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => {
      const bytes = Buffer.from(right);
      bytes[at] = (bytes[at] as number) ^ bits;
      return bytes;
    });
    const others = fc.oneof(
      changed,
      fc.nat(255).map((length) => right.subarray(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 3 }).map((more) => Buffer.concat([right, more])),
      fc.uint8Array({ minLength: 1, maxLength: 3 }).map((more) => Buffer.concat([more, right])),
      fc.constantFrom(Buffer.alloc(0), Buffer.alloc(256), Buffer.alloc(256, 0xff)),
    );
    fc.assert(
      fc.property(others, (bytes) => {
        expect(weSay(usual, "RS256", input, bytes)).toBe(false);
        expect(nodeSays(usual, "RS256", input, bytes)).toBe(false);
      }),
    );
    // What came before it leaves nothing behind.
    expect(weSay(usual, "RS256", input, right)).toBe(true);
  });

  test("of which the modulus is taken away or added is another number, and none", () => {
    const input = "header.payload";
    const right = sign("sha256", Buffer.from(input), odd.privateKey);
    const n = BigInt(
      `0x${Buffer.from(String(odd.publicKey.export({ format: "jwk" }).n), "base64url").toString("hex")}`,
    );
    const more = BigInt(`0x${right.toString("hex")}`) + n;
    const bytes = Buffer.from(more.toString(16).padStart(514, "0").slice(-514), "hex");
    expect(weSay(odd, "RS256", input, bytes)).toBe(false);
  });

  test("by an algorithm that the key is not for is none", () => {
    const signature = new RsaSignature(usual.publicKey, usual.bytes, new Set(["RS512"]));
    const input = "header.payload";
    const of = (digest: string) => sign(digest, Buffer.from(input), usual.privateKey).toString("base64url");
    expect(signature.holds("RS512", input, of("sha512"))).toBe(true);
    for (const name of ["RS256", "none", "HS256", "constructor", "__proto__"]) {
      expect(signature.holds(name, input, of("sha256"))).toBe(false);
    }
  });

  /** Encodings that careless verifiers take (Bleichenbacher 2006 and its kin), signed with the key itself. */
  describe("over another encoding of the right hash", () => {
    const input = "header.payload";
    const { name, prefix } = digests.RS256;
    const hashOf = (text: string) => hash(name, text, "buffer");
    const info = Buffer.concat([Buffer.from(prefix, "hex"), hashOf(input)]);
    const noNull = Buffer.concat([
      Buffer.from("302f300b0609608648016503040201", "hex"),
      Buffer.from("0420", "hex"),
      hashOf(input),
    ]);
    const padded = (padding: Buffer, rest: Buffer) =>
      Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from([0]), rest]);
    const fill = (length: number, byte = 0xff) => Buffer.alloc(length, byte);

    test.each([
      ["the right one", padded(fill(256 - 3 - info.length), info), true],
      [
        "short padding, rubbish behind",
        Buffer.concat([padded(fill(8), info), fill(256 - 11 - info.length, 0x11)]),
        false,
      ],
      ["padding that is not ff", padded(fill(256 - 3 - info.length, 0xfe), info), false],
      [
        "padding of encryption",
        Buffer.concat([Buffer.from([0, 2]), padded(fill(256 - 3 - info.length), info).subarray(2)]),
        false,
      ],
      ["no parameters", padded(fill(256 - 3 - noNull.length), noNull), false],
      ["the bare hash", padded(fill(256 - 3 - 32), hashOf(input)), false],
      [
        "the hash of another text",
        padded(fill(256 - 3 - info.length), Buffer.concat([Buffer.from(prefix, "hex"), hashOf("x")])),
        false,
      ],
    ])("%s", (_, block, holds) => {
      const bytes = privateEncrypt({ key: usual.privateKey, padding: constants.RSA_NO_PADDING }, block);
      expect(weSay(usual, "RS256", input, bytes)).toBe(holds);
      expect(nodeSays(usual, "RS256", input, bytes)).toBe(holds);
    });
  });
});
