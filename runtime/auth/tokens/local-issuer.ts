import { isLoopback } from "./issuer-address.js";

/**
 * Keys of `gateway token` begin their `kid` so. A gateway believes them only when it has been told of a local issuer,
 * and asks no other for them.
 */
const localKidPrefix = "gateway-local-";

export function isLocalKid(kid: string): boolean {
  return kid.startsWith(localKidPrefix);
}

/** A local issuer is on this machine. @returns undefined for any other address */
export function localIssuerAddress(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === "http:" && isLoopback(url) ? url.href : undefined;
}
