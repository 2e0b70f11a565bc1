import { configurationError } from "./failures.js";

const always: readonly string[] = ["content-length", "transfer-encoding"];

/** Request headers that may not be mapped, by integration (aws-behaviour.md 5.3). AWS includes AWS_PROXY. */
const illegal = {
  HTTP: new Set(always),
  AWS: new Set([...always, "authorization", "connection", "expect", "proxy-authenticate", "te"]),
} as const;

/**
 * A mapping of one of these makes every call fail (5.3).
 *
 * @throws GatewayError 500
 */
export function refuseIllegalHeaders(
  integration: keyof typeof illegal,
  headers: readonly { readonly name: string }[],
): void {
  const found = headers.find(({ name }) => illegal[integration].has(name.toLowerCase()));
  if (found) throw configurationError(`${found.name} header already present`);
}
