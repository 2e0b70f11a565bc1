import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { isInBlock, parseAddress, parseBlock } from "./policy/addresses.js";

/** RFC 1918, 6598, 3927, 4193, 4291 and loopback. */
const privateBlocks = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "::1/128",
  "fc00::/7",
  "fe80::/10",
].flatMap((block) => parseBlock(block) ?? []);

/**
 * Step of private endpoints: callers come from a private network, and `x-apigw-api-id`, where they choose an API by it,
 * names this one (aws-behaviour.md section 24).
 */
export function requirePrivate(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  const wanted = x.header("x-apigw-api-id");
  const isHere = wanted === undefined || wanted === x.program.program.api.apiId;
  const address = parseAddress(x.sourceIp);
  const isPrivate = address !== undefined && privateBlocks.some((block) => isInBlock(address, block));
  if (!isHere || !isPrivate) throw new GatewayError("INVALID_API_KEY");
  return false;
}
