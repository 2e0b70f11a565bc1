/** The digest of a signature algorithm. */
export interface Digest {
  /** For Node. */
  readonly name: string;
  readonly bytes: number;
  /** What stands before it in a DigestInfo (RFC 8017 section 9.2, note 1), hexadecimal. */
  readonly prefix: string;
}

/** Algorithms of RFC 7518 that an authorizer may be set to take, and the digest of each. AWS takes the RSA family only. */
export const digests = {
  RS256: { name: "sha256", bytes: 32, prefix: "3031300d060960864801650304020105000420" },
  RS384: { name: "sha384", bytes: 48, prefix: "3041300d060960864801650304020205000430" },
  RS512: { name: "sha512", bytes: 64, prefix: "3051300d060960864801650304020305000440" },
} as const satisfies Record<string, Digest>;

export type Algorithm = keyof typeof digests;
