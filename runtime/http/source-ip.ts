import { BlockList, isIP } from "node:net";

/** Finds the client's address. It is the peer's, unless the peer is a proxy that the operator trusts. */
export class SourceIp {
  readonly #trusted: BlockList | undefined;

  /** @param trustedProxies  addresses or CIDR blocks, such as `10.0.0.0/8` */
  constructor(trustedProxies: readonly string[]) {
    this.#trusted = trustedProxies.length > 0 ? blockList(trustedProxies) : undefined;
  }

  /** From the right of X-Forwarded-For, the first address that is no trusted proxy. */
  of(peer: string | undefined, headers: readonly string[]): string {
    const address = plain(peer ?? "");
    if (this.#trusted === undefined || !this.#isTrusted(address)) return address;
    let client = address;
    for (const hop of forwardedFor(headers).reverse()) {
      if (isIP(hop) === 0) break;
      client = hop;
      if (!this.#isTrusted(hop)) break;
    }
    return client;
  }

  /** Whether the peer is a trusted proxy. */
  isProxy(peer: string | undefined): boolean {
    return this.#trusted !== undefined && this.#isTrusted(plain(peer ?? ""));
  }

  /** Whether a trusted proxy says that the client came by TLS. */
  endsTls(peer: string | undefined, headers: readonly string[]): boolean {
    if (!this.isProxy(peer)) return false;
    const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === "x-forwarded-proto");
    return at !== -1 && headers[at + 1]?.toLowerCase() === "https";
  }

  /**
   * Whether what a plain connection brings was safe on its way: a trusted proxy says that it came by TLS, or it never left
   * this machine.
   */
  isSafe(peer: string | undefined, headers: readonly string[]): boolean {
    if (this.isProxy(peer)) return this.endsTls(peer, headers);
    const address = plain(peer ?? "");
    return address.startsWith("127.") || address === "::1";
  }

  #isTrusted(address: string): boolean {
    const version = isIP(address);
    return version !== 0 && this.#trusted?.check(address, version === 4 ? "ipv4" : "ipv6") === true;
  }
}

function blockList(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = "", bits] = block.split("/");
    const version = isIP(address);
    if (version === 0) throw new TypeError(`not an address: ${block}`);
    const family = version === 4 ? "ipv4" : "ipv6";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address on a socket of both families is written in its own form. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}

function forwardedFor(headers: readonly string[]): string[] {
  const values = headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === "x-forwarded-for");
  return values.flatMap((value) => value.split(",")).map((hop) => plain(hop.trim()));
}
