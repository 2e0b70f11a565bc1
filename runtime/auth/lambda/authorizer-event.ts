import type { Exchange } from "../../http/exchange.js";
import { http1Event, http2Event } from "../../integrations/lambda-event-http.js";
import { restEvent } from "../../integrations/lambda-event-rest.js";
import { webSocketEvent } from "../../integrations/lambda-event-websocket.js";
import { parameterNames } from "../../integrations/path-parameters.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { identityValue } from "../identity-source.js";

/** The event that an authorizer's function gets (aws-behaviour.md sections 20 and 28.4), with members in AWS's order. */
export function authorizerEvent(x: Exchange, entry: LambdaAuthorizerEntry, arn: string): object {
  const identity = entry.identity.map((source) => identityValue(x, source) ?? "");
  if (entry.type === "token") return { type: "TOKEN", authorizationToken: identity[0] ?? "", methodArn: arn };
  if (x.socket !== undefined) return connectRequest(webSocketEvent(x, x.socket), arn);
  const names = { parameterNames: parameterNames(x.route.segments) };
  if (x.program.program.api.kind === "rest") return restRequest(restEvent(x, names), arn);
  if (entry.payloadFormat === "1.0") return http1Request(http1Event(x, names), identity, arn);
  const { version, ...rest } = withoutBody(http2Event(x, names));
  return { version, type: "REQUEST", routeArn: arn, identitySource: identity.length > 0 ? identity : null, ...rest };
}

/** A proxy event without its body, where a map that holds nothing is empty and not null. */
function restRequest(event: object, methodArn: string): object {
  return { type: "REQUEST", methodArn, ...withEmptyMaps(withoutBody(event)) };
}

/** Of a WebSocket API: the handshake, without a path (29.3). */
function connectRequest(event: object, methodArn: string): object {
  const { pathParameters: _, headers, multiValueHeaders, ...rest } = withEmptyMaps(withoutBody(event));
  const multiple = Object.fromEntries(Object.entries(upgradeHeaders).map(([name, value]) => [name, [value]]));
  return {
    type: "REQUEST",
    methodArn,
    headers: { ...upgradeHeaders, ...(headers as object) },
    multiValueHeaders: { ...multiple, ...(multiValueHeaders as object) },
    ...rest,
  };
}

/** An authorizer sees these of the handshake, other than $connect (developer guide, "Lambda REQUEST authorizers" of WebSocket APIs). */
const upgradeHeaders = { Connection: "upgrade", "content-length": "0", Upgrade: "websocket" };

function http1Request(event: object, identity: readonly string[], methodArn: string): object {
  const { version, ...rest } = withEmptyMaps(withoutBody(event));
  const identitySource = identity.join(",");
  return { version, type: "REQUEST", methodArn, identitySource, authorizationToken: identitySource, ...rest };
}

type Members = Readonly<Record<string, unknown>>;

function withoutBody(event: object): Members {
  const { body: _body, isBase64Encoded: _isBase64Encoded, ...rest } = event as Members;
  return rest;
}

const maps = [
  "queryStringParameters",
  "multiValueQueryStringParameters",
  "pathParameters",
  "stageVariables",
] as const satisfies readonly string[];

function withEmptyMaps(event: Members): Members {
  const filled: Record<string, unknown> = { ...event };
  for (const name of maps) filled[name] ??= {};
  return filled;
}
