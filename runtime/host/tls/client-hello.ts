/** Longest ClientHello that is read; browsers with post-quantum keys send below 2 KB. */
const maxHelloBytes = 16_384;

export type ServerNameReading =
  /** More bytes have to come. */
  | { readonly kind: "incomplete" }
  /** What came is no ClientHello, or too long. */
  | { readonly kind: "invalid" }
  /** Lower case; undefined: the client named no server. */
  | { readonly kind: "read"; readonly serverName: string | undefined };

const incomplete: ServerNameReading = { kind: "incomplete" };
const invalid: ServerNameReading = { kind: "invalid" };

/**
 * Reads the server name out of the first bytes of a connection, so that the domain is known before the handshake
 * begins: whether a client certificate is asked for and which versions are spoken differ by domain (RFC 8446 section
 * 4.1.2, RFC 6066 section 3). Nothing else of the ClientHello is interpreted; OpenSSL does that.
 */
export function readServerName(bytes: Buffer): ServerNameReading {
  const hello = handshakeBytes(bytes);
  if (typeof hello === "string") return hello === "incomplete" ? incomplete : invalid;
  try {
    return { kind: "read", serverName: serverNameOf(hello) };
  } catch (error) {
    if (error instanceof RangeError) return invalid;
    throw error;
  }
}

/** The ClientHello without record headers; it may come in several records. */
function handshakeBytes(bytes: Buffer): Buffer | "incomplete" | "invalid" {
  const parts: Buffer[] = [];
  let have = 0;
  let want = 4;
  for (let at = 0; ; ) {
    if (at + 5 > bytes.length) return bytes.length > 0 && bytes[0] !== 0x16 ? "invalid" : "incomplete";
    // A handshake record of version 3.x.
    if (bytes[at] !== 0x16 || bytes[at + 1] !== 3) return "invalid";
    const length = bytes.readUInt16BE(at + 3);
    if (length === 0 || length > maxHelloBytes) return "invalid";
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    have += part.length;
    const all = parts.length === 1 ? part : Buffer.concat(parts);
    if (have >= 4 && want === 4) {
      if (all[0] !== 1) return "invalid";
      want = 4 + all.readUIntBE(1, 3);
      if (want > maxHelloBytes) return "invalid";
    }
    if (have >= want && want > 4) return all.subarray(4, want);
    if (part.length < length) return "incomplete";
    at += 5 + length;
  }
}

/** @throws RangeError where a length leads out of the message */
function serverNameOf(hello: Buffer): string | undefined {
  let at = 34;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  if (at === hello.length) return undefined;
  const end = at + 2 + hello.readUInt16BE(at);
  if (end > hello.length) throw new RangeError("extensions are cut off");
  for (at += 2; at + 4 <= end; ) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (at + 4 + length > end) throw new RangeError("an extension is cut off");
    if (type === 0) return hostNameOf(hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

function hostNameOf(list: Buffer): string | undefined {
  const length = list.readUInt16BE(3);
  if (list.readUInt8(2) !== 0 || length === 0 || 5 + length > list.length) throw new RangeError("no host name");
  const name = list.toString("latin1", 5, 5 + length).toLowerCase();
  if (!/^[a-z0-9._-]+$/.test(name)) throw new RangeError("no host name");
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
