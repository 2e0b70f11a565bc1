import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { Client } from "./admission.js";

/**
 * Admits requests with an API key that is enabled and in a plan of the stage. The answer to an absent, unknown or
 * disabled key, and to one of another plan, is the same (aws-behaviour.md section 17).
 */
export function requireApiKey(x: Exchange): boolean {
  if (x.trace?.test !== undefined) return false;
  const { admission } = x.program;
  const value = admission.readsHeader ? x.header("x-api-key") : x.caller?.usageIdentifierKey;
  const client = value === undefined ? chosenClient(x) : admission.client(value, x.stage);
  if (client === undefined) throw new GatewayError("INVALID_API_KEY");
  x.apiKey = { id: client.key.id, value: value ?? "" };
  x.client = client;
  return false;
}

/** Of a request that the console tries: it chooses a key by its id. */
function chosenClient({ trace, program, stage }: Exchange): Client | undefined {
  return trace?.keyId === undefined ? undefined : program.admission.clientOf(trace.keyId, stage);
}
