import { createPublicKey, type KeyObject } from "node:crypto";
import type { Algorithm } from "./algorithms.js";
import { decodeBase64url } from "./base64url.js";
import type { CompactJws } from "./compact-jws.js";
import { isRocaModulus } from "./roca.js";
import { RsaSignature } from "./rsa-signature.js";

/** A public key of an issuer, and what it may be used for. */
export class VerificationKey {
  readonly #signature: RsaSignature;

  /** @param bytes  of the key's modulus */
  constructor(
    readonly kid: string,
    private readonly key: KeyObject,
    bytes: number,
    private readonly algorithms: ReadonlySet<string>,
  ) {
    this.#signature = new RsaSignature(key, bytes, algorithms);
  }

  /** Same numbers, and for the same algorithms. */
  isSameAs({ key, algorithms }: VerificationKey): boolean {
    return this.key.equals(key) && [...this.algorithms].join() === [...algorithms].join();
  }

  /** Whether the signature is this key's, by an algorithm that both the key and the authorizer allow. */
  verifies({ header, signingInput, signature }: CompactJws): boolean {
    return this.#signature.holds(header.alg, signingInput, signature);
  }
}

const leastModulusBytes = 256;
const mostModulusBytes = 1024;

/**
 * The usable keys of a JWK Set (RFC 7517) by `kid`. A key that is not for verifying, too weak or of another kind is left
 * out; a `kid` that two keys have is nobody's.
 *
 * @param allowed  algorithms that the authorizer takes
 */
export function readKeySet(jwks: unknown, allowed: readonly Algorithm[]): ReadonlyMap<string, VerificationKey> {
  const { keys } = (typeof jwks === "object" && jwks !== null ? jwks : {}) as { readonly keys?: unknown };
  const usable = new Map<string, VerificationKey>();
  const seen = new Set<string>();
  for (const jwk of Array.isArray(keys) ? keys.slice(0, maxKeys) : []) {
    const kid = (jwk as { readonly kid?: unknown } | null)?.kid;
    if (typeof kid !== "string" || kid === "") continue;
    const key = seen.has(kid) ? undefined : readKey(jwk as Jwk, kid, allowed);
    if (key === undefined) usable.delete(kid);
    else usable.set(kid, key);
    seen.add(kid);
  }
  return usable;
}

/** As many as an answer of 150,000 bytes holds, and more than any issuer has. */
const maxKeys = 500;

interface Jwk {
  readonly kty?: unknown;
  readonly use?: unknown;
  readonly key_ops?: unknown;
  readonly alg?: unknown;
  readonly n?: unknown;
  readonly e?: unknown;
}

function readKey({ kty, use, key_ops, alg, n, e }: Jwk, kid: string, allowed: readonly Algorithm[]) {
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string") return undefined;
  if (use !== undefined && use !== "sig") return undefined;
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes("verify"))) return undefined;
  if (alg !== undefined && !allowed.some((name) => name === alg)) return undefined;
  const bytes = strongModulus(n, e);
  if (bytes === undefined) return undefined;
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: "jwk" });
    return new VerificationKey(kid, key, bytes, new Set(alg === undefined ? allowed : [alg as string]));
  } catch {
    return undefined;
  }
}

/**
 * At least 2,048 bits (RFC 7518 section 3.3), an odd exponent above 1, and none of the keys whose primes can be guessed.
 *
 * @returns bytes of the modulus; undefined for any other key
 */
function strongModulus(n: string, e: string): number | undefined {
  const modulus = decodeBase64url(n);
  const exponent = decodeBase64url(e);
  if (modulus === undefined || exponent === undefined) return undefined;
  const isLong = modulus.length >= leastModulusBytes && modulus.length <= mostModulusBytes && modulus[0] !== 0;
  if (!isLong || exponent.length < 1 || exponent.length > 8) return undefined;
  const value = BigInt(`0x${exponent.toString("hex")}`);
  const isStrong = value >= 3n && value % 2n === 1n && !isRocaModulus(BigInt(`0x${modulus.toString("hex")}`));
  return isStrong ? modulus.length : undefined;
}
