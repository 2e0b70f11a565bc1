import { constants } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { createSecureContext, DEFAULT_CIPHERS, type SecureContextOptions, type SecureVersion } from "node:tls";
import type { SecurityPolicy } from "../../program.js";

/** Certificate, key and trust store of one domain: paths, or PEM text. Environment filled in. */
export interface TlsSettings {
  readonly certificate: string;
  readonly key: string;
  /** Undefined: clients need no certificate. */
  readonly clientCa: string | undefined;
  readonly securityPolicy: SecurityPolicy;
  /** Where relative paths begin. */
  readonly folder: string;
}

export interface DomainFiles {
  readonly certificate: string;
  readonly key: string;
  readonly clientCa: string | undefined;
}

export function readFiles({ certificate, key, clientCa, folder }: TlsSettings): DomainFiles {
  const read = (text: string) => (isPem(text) ? text : readFileSync(pathOf(text, folder), "utf8"));
  return {
    certificate: read(certificate),
    key: read(key),
    clientCa: clientCa === undefined ? undefined : read(clientCa),
  };
}

/** Changes when one of the files does: times and sizes, through links, as mounted secrets are replaced. */
export function stampOf({ certificate, key, clientCa, folder }: TlsSettings): string {
  return [certificate, key, clientCa]
    .map((text) => {
      if (text === undefined || isPem(text)) return "";
      try {
        const { mtimeMs, size, ino } = statSync(pathOf(text, folder));
        return `${mtimeMs} ${size} ${ino}`;
      } catch {
        return "missing";
      }
    })
    .join("|");
}

/**
 * What `tls` takes. Nothing of an earlier handshake is taken up again where clients have certificates: each is verified
 * against the trust store of now, and none is carried from one domain to another.
 *
 * @throws what OpenSSL says of a certificate and a key that do not belong together, or are none
 */
export function secureOptions(files: DomainFiles, policy: SecurityPolicy): SecureContextOptions {
  const { certificate, key, clientCa } = files;
  const options: SecureContextOptions = {
    cert: certificate,
    key,
    ca: clientCa,
    minVersion: minimalVersions[policy],
    honorCipherOrder: true,
    // OpenSSL 3 has the ciphers of TLS 1.0 at this level only.
    ...(policy === "TLS_1_0" && { ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` }),
    ...(clientCa !== undefined && { secureOptions: constants.SSL_OP_NO_TICKET }),
  };
  createSecureContext(options);
  return options;
}

const minimalVersions: Readonly<Record<SecurityPolicy, SecureVersion>> = {
  TLS_1_0: "TLSv1",
  TLS_1_2: "TLSv1.2",
  TLS_1_3: "TLSv1.3",
};

function isPem(text: string): boolean {
  return text.trimStart().startsWith("-----BEGIN");
}

function pathOf(text: string, folder: string): string {
  return isAbsolute(text) ? text : join(folder, text);
}
