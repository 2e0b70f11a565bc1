import type { EnvText } from "../../program.js";
import type { DomainTable } from "../domain-table.js";
import { LoadError } from "../load-error.js";
import type { Environment } from "../load-program.js";
import type { TlsSettings } from "./domain-files.js";

/** What is served by TLS, by domain. @throws LoadError naming every environment variable that is missing */
export function tlsSettings(
  table: DomainTable | undefined,
  environment: Environment,
): ReadonlyMap<string, TlsSettings> {
  const missing = new Set<string>();
  const settings = new Map<string, TlsSettings>();
  const read = (text: EnvText) => textOf(text, environment, missing);
  for (const { name, tls, folder } of table?.byName.values() ?? []) {
    if (tls === undefined) continue;
    const { certificate, key, clientCa, securityPolicy } = tls;
    settings.set(name, {
      certificate: read(certificate),
      key: read(key),
      clientCa: clientCa && read(clientCa),
      securityPolicy,
      folder,
    });
  }
  if (missing.size > 0)
    throw new LoadError(`environment variables not set, of certificates: ${[...missing].sort().join(", ")}`);
  return settings;
}

function textOf(text: EnvText, environment: Environment, missing: Set<string>): string {
  if (typeof text === "string") return text;
  return text
    .map((part) => {
      if (typeof part === "string") return part;
      const value = environment[part.env];
      if (value === undefined) missing.add(part.env);
      return value ?? "";
    })
    .join("");
}
