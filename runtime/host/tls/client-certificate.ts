import { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { ClientCertificate } from "../../auth/caller.js";

/** Client, up to two intermediates, root (aws-behaviour.md section 24). */
const maxChainLength = 4;

/** The certificate of a client whose chain OpenSSL has verified against the trust store, and that is not too long. */
export function clientCertificateOf(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined;
  const chain = chainOf(socket);
  const [leaf] = chain;
  if (leaf === undefined || chain.length > maxChainLength) return undefined;
  return {
    clientCertPem: leaf.toString(),
    subjectDN: distinguishedName(leaf.subject),
    issuerDN: distinguishedName(leaf.issuer),
    serialNumber: pairs(leaf.serialNumber.toLowerCase()),
    validity: { notBefore: leaf.validFrom, notAfter: leaf.validTo },
  };
}

/**
 * Whether a chain that was verified before leads to an authority of another trust store: what a connection that is
 * kept open is asked after the trust store has changed. Its links were verified with the handshake; what may have
 * changed is whom they lead to, and the time.
 */
export function isStillTrusted(socket: TLSSocket, authorities: readonly X509Certificate[], now: number): boolean {
  const chain = chainOf(socket);
  if (chain.some((link) => Date.parse(link.validTo) < now)) return false;
  return chain.some((link) =>
    authorities.some(
      (authority) =>
        authority.fingerprint256 === link.fingerprint256 ||
        (link.checkIssued(authority) && link.verify(authority.publicKey)),
    ),
  );
}

/** Every certificate of a PEM text. */
export function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

/** From the client's to the root's. */
function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && chain.length <= maxChainLength) {
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
    if (next?.fingerprint256 === chain.at(-1)?.fingerprint256) break;
  }
  return chain;
}

/** Node has a line for each part, country first; one text, as OpenSSL and AWS's example write it. */
function distinguishedName(lines: string): string {
  return lines.split("\n").join(",");
}

/** `a1:b2:c3`. */
function pairs(hex: string): string {
  return (hex.length % 2 === 0 ? hex : `0${hex}`).replace(/..(?=.)/g, "$&:");
}
