/** Algorithms of RFC 7518 that an authorizer may be set to take, and the digest of each. AWS takes the RSA family only. */
export const digests = { RS256: "RSA-SHA256", RS384: "RSA-SHA384", RS512: "RSA-SHA512" } as const;

export type Algorithm = keyof typeof digests;

export function isAlgorithm(name: unknown): name is Algorithm {
  return typeof name === "string" && Object.hasOwn(digests, name);
}
