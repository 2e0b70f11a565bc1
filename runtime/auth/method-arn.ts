import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import { decodePercent } from "../mapping/query-text.js";

/** Bytes of a method ARN; 414 beyond (API Gateway quotas). */
const maxMethodArnBytes = 1600;

/**
 * `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{METHOD}/{path}`, with the path of the request and not that of the
 * resource. It is made of what routing has matched, segment by segment: slashes at the end or an encoded letter cannot
 * make another resource of the same route (reliability.md, path confusion).
 *
 * @throws GatewayError 414 for one that is too long
 */
export function methodArn(x: Exchange): string {
  const { api } = x.program.program;
  const stage = `arn:aws:execute-api:${api.region}:${api.account}:${api.apiId}/${x.stage.name}`;
  // WebSocket APIs have the route's key instead (29.3).
  if (x.socket !== undefined) return `${stage}/${x.route.key}`;
  // What `@connections` is refused for has no id (field report): a policy speaks of all connections of a stage.
  if (x.route.connections !== undefined) return `${stage}/${x.method}${x.route.resourcePath}`;
  const arn = `${stage}/${x.method}/${routedPath(x)}`;
  if (arn.length * 3 > maxMethodArnBytes && Buffer.byteLength(arn) > maxMethodArnBytes) {
    throw new GatewayError("REQUEST_URI_TOO_LONG");
  }
  return arn;
}

/** Path below the stage as it was routed, without its leading slash; values are decoded where events have them decoded. */
function routedPath({ route, pathValues, path, program }: Exchange): string {
  const isHttp = program.program.api.kind === "http";
  const { segments } = route;
  if (route.key === "$default") return decodePercent(path.slice(1));
  if (pathValues.length === 0) return route.resourcePath.slice(1);
  let text = "";
  let next = 0;
  for (let at = 0; at < segments.length; at++) {
    const segment = segments[at] as string;
    const value = segment.charCodeAt(0) === 0x7b ? (pathValues[next++] ?? "") : segment;
    if (at > 0) text += "/";
    text += isHttp && value.includes("%") ? decodePercent(value) : value;
  }
  return text;
}
