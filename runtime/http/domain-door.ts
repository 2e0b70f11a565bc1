import type { Socket } from "node:net";
import type { ClientCertificate } from "../auth/caller.js";
import type { LiveDomain } from "../host/domain-table.js";
import { type SecureConnection, secureOf } from "../host/tls/secure-connection.js";
import type { GatedRequest } from "./gate.js";
import { refuse } from "./refuse.js";
import type { Serving } from "./serve.js";
import type { WireRequest } from "./wire/wire-request.js";

export type Admission =
  | { readonly kind: "open"; readonly clientCertificate: ClientCertificate | undefined }
  | { readonly kind: "forbidden" | "misdirected" | "redirect" };

const open: Admission = { kind: "open", clientCertificate: undefined };
const forbidden: Admission = { kind: "forbidden" };
const misdirected: Admission = { kind: "misdirected" };
const redirect: Admission = { kind: "redirect" };

/**
 * Whether a request may pass to its domain: the name that the connection was made with and the Host field agree, a
 * domain with mutual TLS sees a good certificate of the client, and what came without TLS is sent to where there is
 * TLS (aws-behaviour.md section 24, reliability.md section 2).
 *
 * @param domain  what the Host field names; undefined: the API's own endpoint
 */
export function admissionOf(
  { sourceIp }: Pick<Serving, "sourceIp">,
  socket: Socket,
  headers: readonly string[],
  domain: LiveDomain | undefined,
): Admission {
  const secure = secureOf(socket);
  if (secure !== undefined) return secureAdmission(secure, domain);
  if (domain?.tls === undefined) return open;
  if (!sourceIp.endsTls(socket.remoteAddress, headers)) return redirect;
  return domain.tls.clientCa === undefined ? open : forbidden;
}

function secureAdmission(secure: SecureConnection, domain: LiveDomain | undefined): Admission {
  const isMutual = secure.isMutual || domain?.tls?.clientCa !== undefined;
  if (domain === undefined || domain.name !== secure.domain) return isMutual ? forbidden : misdirected;
  if (!isMutual) return open;
  const clientCertificate = secure.clientCertificate();
  return clientCertificate === undefined ? forbidden : { kind: "open", clientCertificate };
}

/** Answers a request that may not pass to its domain. */
export function refuseAdmission(
  serving: Serving,
  wire: WireRequest,
  gated: GatedRequest,
  {
    kind,
    domain,
  }: { readonly kind: "forbidden" | "misdirected" | "redirect"; readonly domain: LiveDomain | undefined },
): void {
  if (kind === "redirect" && domain !== undefined) sendToTls(serving, wire, gated, domain);
  else refuse(wire, kind === "misdirected" ? kind : "forbidden", domain?.fallback ?? serving.table.front.fallback);
}

/** As CloudFront does it for viewers: 301 where the method stays by itself, 307 where it has to. */
function sendToTls(
  { tlsPort }: Serving,
  wire: WireRequest,
  { method, host, path, query }: GatedRequest,
  domain: LiveDomain,
): void {
  const isSafe = method === "GET" || method === "HEAD";
  const port = tlsPort === undefined || tlsPort === 443 ? "" : `:${tlsPort}`;
  const name = domain.name.startsWith("*") ? host.replace(/:\d*$/, "") : domain.name;
  const location = `https://${name}${port}${path}${query === "" ? "" : `?${query}`}`;
  wire.send(isSafe ? 301 : 307, ["Location", location, "Content-Length", "0"], "", !isSafe);
}
