import type { Stage } from "../model/gateway-model.js";
import type { WebSocketApi, WebSocketEvent, WebSocketLimits } from "../model/websocket.js";
import { awsWebSocketLimits, connectKey } from "../model/websocket.js";
import type { LambdaAuthorizerSyntax } from "../syntax/access-syntax.js";
import type { WebSocketSyntax } from "../syntax/websocket-syntax.js";
import { AuthorizationReader } from "./authorization.js";
import { checkResourceProperties } from "./aws-options.js";
import type { Checking } from "./checking.js";
import { checkSocketDomain } from "./domains.js";
import type { FunctionTable } from "./functions.js";
import { recordOf } from "./json-of.js";
import { checkSelection } from "./selections.js";
import { checkWebSocketRoutes } from "./websocket-routes.js";

/** `websocket:` (aws-behaviour.md section 29). Undefined when the file has none. */
export async function checkWebSocket(
  checking: Checking,
  functions: FunctionTable,
  stages: readonly Stage[],
): Promise<WebSocketApi | undefined> {
  const { websocket, gateway } = checking.syntax;
  if (websocket === undefined) return undefined;
  // Messages go through templates, integrations and authorizers of the REST kind, whatever the API beside them is.
  const own: Checking = { ...checking, kind: "rest" };
  const selection = checkSelection(websocket.select, own);
  const authorization = checkAuthorization(websocket, own);
  checkConnect(websocket, own);
  checkResourceProperties(websocket.awsOptions, own);
  return {
    name: `${gateway?.text ?? "gateway"}-websocket`,
    description: websocket.description?.text,
    selection,
    authorization,
    apiKeyRequired: websocket.apiKey?.value ?? false,
    domain: checkOwnDomain(websocket, stages, own),
    routes: await checkWebSocketRoutes(websocket, { checking: own, functions, selection, authorization }),
    events: checkEvents(websocket, own),
    limits: checkLimits(websocket, own),
    compression: checkCompression(websocket, own),
    awsOptions: recordOf(websocket.awsOptions),
  };
}

/** A client is authorized once, at $connect: by IAM or a REQUEST authorizer (section 29.2). */
function checkAuthorization({ auth }: WebSocketSyntax, checking: Checking): WebSocketApi["authorization"] {
  const authorization = new AuthorizationReader(checking).read(auth);
  if (authorization.kind !== "authorizer" || auth?.name === undefined) return authorization;
  const declared = checking.syntax.authorizers.find(({ name }) => name.text === authorization.name);
  if (declared?.kind === "lambda" && declared.type?.value !== "token" && !declared.simpleResponses?.value) {
    checkKeeping(declared, checking);
    return authorization;
  }
  checking.report("websocket-auth", auth.name.span, { name: authorization.name });
  return { kind: "none" };
}

/** A handshake is decided about each time, so the time that decisions are kept for is that of requests. */
function checkKeeping({ name, ttl }: LambdaAuthorizerSyntax, { syntax, report }: Checking): void {
  if (ttl === undefined || ttl.value === 0) return;
  const isAskedByRequests = [syntax, ...syntax.routes].some(({ auth }) => auth?.name?.text === name.text);
  if (!isAskedByRequests) report("websocket-authorizer-ttl", ttl.span, { name: name.text });
}

/** Authorization and API key are settings of $connect, so there has to be one. */
function checkConnect({ routes, auth, apiKey }: WebSocketSyntax, { report }: Checking): void {
  if (routes.some(({ key }) => key.text === connectKey)) return;
  if (auth?.name && auth.name.text !== "none")
    report("websocket-without-connect", auth.span, { what: "authorization" });
  if (apiKey?.value) report("websocket-without-connect", apiKey.span, { what: "an API key" });
}

/** What closes the API's own endpoint closes the WebSocket API's too, so it needs another. */
function checkOwnDomain(
  { domain, span }: WebSocketSyntax,
  stages: readonly Stage[],
  checking: Checking,
): WebSocketApi["domain"] {
  const { disableExecuteApiEndpoint: closed } = checking.syntax;
  if (domain === undefined && closed?.value) {
    const notes = [{ span: closed.span, message: "endpoints are closed here" }];
    checking.report("websocket-without-endpoint", span, {}, { notes });
  }
  const names = stages.map(({ name }) => name);
  return domain && checkSocketDomain(domain, names, checking);
}

function checkEvents({ events }: WebSocketSyntax, { types, report }: Checking): readonly WebSocketEvent[] {
  return events.flatMap(({ name, type, description }) => {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name.text)) {
      report("bad-event-name", name.span, { name: name.text });
      return [];
    }
    const resolved = type && types.resolveType(type.text, type.spanMap, report);
    return resolved ? [{ name: name.text, type: resolved, description: description?.text }] : [];
  });
}

function checkLimits({ limits }: WebSocketSyntax, { targets, report }: Checking): WebSocketLimits {
  if (limits !== undefined && targets.has("aws")) {
    report("websocket-beyond-aws", limits.span, { what: "other limits of connections than its own" });
  }
  return {
    idleMs: seconds(limits?.idle?.value) ?? awsWebSocketLimits.idleMs,
    lifeMs: seconds(limits?.life?.value) ?? awsWebSocketLimits.lifeMs,
    messageBytes: limits?.message?.value ?? awsWebSocketLimits.messageBytes,
    frameBytes: limits?.frame?.value ?? limits?.message?.value ?? awsWebSocketLimits.frameBytes,
  };
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000;
}

function checkCompression({ compression }: WebSocketSyntax, { targets, report }: Checking): boolean {
  if (compression?.value && targets.has("aws")) {
    report("websocket-beyond-aws", compression.span, { what: "compressed messages" });
  }
  return compression?.value ?? false;
}
