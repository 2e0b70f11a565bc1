import type { Authorization } from "../model/authorizers.js";
import type { PathStep } from "../model/expressions.js";
import { union } from "../model/type-builders.js";
import { discriminatorOf } from "../model/type-discriminators.js";
import { elementOf, memberOf, resolved } from "../model/type-questions.js";
import type { Type } from "../model/types.js";
import {
  connectKey,
  defaultKey,
  disconnectKey,
  isMessageRoute,
  type Selection,
  type WebSocketRoute,
} from "../model/websocket.js";
import { nearest } from "../nearest.js";
import type { TextValue } from "../syntax/gateway-syntax.js";
import type { WebSocketRouteSyntax, WebSocketSyntax } from "../syntax/websocket-syntax.js";
import { checkResourceProperties } from "./aws-options.js";
import type { Checking } from "./checking.js";
import type { FunctionTable } from "./functions.js";
import { checkIntegration } from "./integrations.js";
import { recordOf } from "./json-of.js";
import { checkCount } from "./limits.js";
import { checkSelection } from "./selections.js";
import { checkThrottle } from "./throttles.js";
import { checkTimeout } from "./timeouts.js";
import { asRouteSyntax } from "./websocket-as-routes.js";
import { webSocketOperations } from "./websocket-operations.js";

interface WebSocketContext {
  readonly checking: Checking;
  readonly functions: FunctionTable;
  readonly selection: Selection;
  readonly authorization: Authorization;
}

/** The routes that can be understood, in the order of the file. */
export async function checkWebSocketRoutes(
  { routes }: WebSocketSyntax,
  context: WebSocketContext,
): Promise<readonly WebSocketRoute[]> {
  const { report } = context.checking;
  const instead = "ask AWS to raise the quota, or tell messages apart in the handler of $default";
  const names = routes.map(({ key }) => key);
  checkCount(names, { most: 300, what: "routes of a WebSocket API", instead, canBeRaised: true }, report);
  const keys = names.map(({ text }) => text);
  const good = routes.filter((route) => hasGoodKey(route, keys, context.checking));
  const operations = webSocketOperations(good, context.checking);
  const checked: WebSocketRoute[] = [];
  for (const route of good) {
    const made = await checkRoute(route, operations.get(route) ?? route.key.text, context);
    if (made) checked.push(made);
  }
  return checked;
}

const ownKeys = [connectKey, disconnectKey, defaultKey];

/** @param all  keys of all routes */
function hasGoodKey(
  { key, body, bodies }: WebSocketRouteSyntax,
  all: readonly string[],
  { report }: Checking,
): boolean {
  const { text } = key;
  if (ownKeys.includes(text)) return true;
  if (text !== "" && text.length <= 128 && !text.startsWith("$") && !/\p{Cc}/u.test(text)) {
    const own = `$${text}`;
    // One whose messages are declared is meant as it stands.
    const isMessage = body !== undefined || bodies.length > 0;
    if (ownKeys.includes(own) && !all.includes(own) && !isMessage)
      report("websocket-key-without-dollar", key.span, { key: text });
    return true;
  }
  const near = text.startsWith("$") ? nearest(text, ownKeys) : undefined;
  report("websocket-route-key", key.span, { key: text, near });
  return false;
}

async function checkRoute(
  syntax: WebSocketRouteSyntax,
  operation: string,
  { checking, functions, selection, authorization }: WebSocketContext,
): Promise<WebSocketRoute | undefined> {
  const key = syntax.key.text;
  const isMessage = isMessageRoute({ key });
  if (!isMessage) refuseMessage(syntax, checking);
  for (const { statusRule } of syntax.responses) {
    if (statusRule) checking.report("websocket-status-rule", statusRule.span, {});
  }
  refuseWords(syntax, checking);
  if (key !== connectKey) refuseHeaders(syntax, checking);
  const { body, bodies } = isMessage ? checkBodies(syntax, selection, checking) : noBodies;
  const integration = await checkIntegration({
    route: asRouteSyntax(syntax),
    path: { text: key, segments: [] },
    parameters: [],
    body: body && { type: body, mediaTypes: ["application/json"] },
    // Its context comes with every message.
    authorization,
    ...(key === connectKey ? {} : { messageOf: key }),
    selectsTemplates: syntax.templateSelection !== undefined,
    timeoutMs: checkTimeout(syntax.timeout ?? checking.syntax.timeout, checking),
    checking,
    functions,
  });
  const made = {
    key,
    operation,
    description: syntax.description?.text,
    body,
    bodies,
    reply: isMessage ? typeOf(syntax.reply, checking) : undefined,
    templateSelection:
      isMessage && syntax.templateSelection ? checkSelection(syntax.templateSelection, checking) : undefined,
    throttle: checkThrottle(syntax.throttle ?? checking.syntax.throttle, checking),
    log: syntax.log?.value,
    awsOptions: optionsOf(syntax, checking),
  };
  return integration && { ...made, integration };
}

function optionsOf({ awsOptions }: WebSocketRouteSyntax, checking: Checking): WebSocketRoute["awsOptions"] {
  checkResourceProperties(awsOptions, checking);
  return recordOf(awsOptions);
}

const noBodies = { body: undefined, bodies: undefined };

/** The type of the message: one, or several that an expression chooses among. */
function checkBodies(
  syntax: WebSocketRouteSyntax,
  selection: Selection,
  checking: Checking,
): Pick<WebSocketRoute, "body" | "bodies"> {
  const read = (text: TextValue) => {
    const type = typeOf(text, checking);
    const key = syntax.key.text;
    if (type !== undefined && key !== defaultKey) checkKeyInType(key, type, text, selection, checking);
    return type;
  };
  const { body, bodies, bodySelection } = syntax;
  const [first] = bodies;
  const chosen = first?.key ?? bodySelection;
  if (body !== undefined && chosen !== undefined) {
    checking.report("websocket-bodies", chosen.span, { problem: "both" });
  } else if (first !== undefined && bodySelection === undefined) {
    checking.report("websocket-bodies", first.key.span, { problem: "unselected" });
  } else if (first === undefined && bodySelection !== undefined) {
    checking.report("websocket-bodies", bodySelection.span, { problem: "alone" });
  }
  if (body !== undefined || first === undefined) return { body: body && read(body), bodies: undefined };
  const types = bodies.flatMap(({ key, type: text }) => {
    const type = read(text);
    return type ? [{ key: key.text, type }] : [];
  });
  if (bodySelection === undefined || types.length === 0) return noBodies;
  return { body: unionOf(types, checking), bodies: { selection: checkSelection(bodySelection, checking), types } };
}

function unionOf(types: readonly { readonly type: Type }[], { types: { lookup } }: Checking): Type | undefined {
  const distinct = new Map(types.map(({ type }) => [JSON.stringify(type), type]));
  const [only, ...more] = [...distinct.values()];
  if (only === undefined || more.length === 0) return only;
  const members = [only, ...more];
  return union(members, discriminatorOf(members, lookup));
}

function refuseMessage(syntax: WebSocketRouteSyntax, { report }: Checking): void {
  const [first] = syntax.bodies;
  if (first) report("websocket-no-message", first.key.span, { key: syntax.key.text, member: "bodies" });
  for (const member of ["body", "bodySelection", "reply", "templateSelection"] as const) {
    const value = syntax[member];
    if (value) report("websocket-no-message", value.span, { key: syntax.key.text, member });
  }
  for (const { templateSelection: value } of syntax.responses) {
    if (value) report("websocket-no-message", value.span, { key: syntax.key.text, member: "templateSelection" });
  }
}

/** Documents and clients know a reply by the route's `reply` alone. */
function refuseWords({ responses }: WebSocketRouteSyntax, { report }: Checking): void {
  for (const { description, body, headers } of responses) {
    if (description) report("websocket-reply-words", description.span, { member: "description" });
    if (body) report("websocket-reply-words", body.span, { member: "body" });
    for (const header of headers) {
      if (header.description) report("websocket-reply-words", header.description.span, { member: "description" });
      if (header.type) report("websocket-reply-words", header.type.span, { member: "type" });
    }
  }
}

/** What $connect answers is an answer to a request; a reply is a text, and $disconnect's answer is dropped. */
function refuseHeaders({ key, responses }: WebSocketRouteSyntax, { report }: Checking): void {
  for (const { name } of responses.flatMap(({ headers }) => headers)) {
    report("websocket-reply-header", name.span, { name: name.text, key: key.text });
  }
}

function typeOf(text: TextValue | undefined, { types, report }: Checking): Type | undefined {
  return text && types.resolveType(text.text, text.spanMap, report);
}

/** The declared type has the key where the selection looks for it. */
function checkKeyInType(
  key: string,
  type: Type,
  text: TextValue,
  { parts, text: path }: Selection,
  { types, report }: Checking,
): void {
  const [part, ...more] = parts;
  if (typeof part !== "object" || more.length > 0) return;
  const selected = typeAt(type, part.path, types.lookup);
  if (selected !== undefined && admits(selected, key, types.lookup)) return;
  const last = part.path.at(-1);
  report("websocket-type-without-key", text.span, { key, path, member: last?.kind === "member" ? last.name : path });
}

function typeAt(type: Type, path: readonly PathStep[], lookup: Checking["types"]["lookup"]): Type | undefined {
  let current: Type | undefined = type;
  for (const step of path) {
    if (current === undefined) return undefined;
    if (step.kind === "member") current = memberOf(current, step.name, lookup)?.type;
    else current = elementOf(current, step.kind === "index" ? step.index : undefined, lookup);
  }
  return current;
}

/** Whether a value of the type can print as the key. Constraints are not looked at. */
function admits(type: Type, key: string, lookup: Checking["types"]["lookup"]): boolean {
  const target = resolved(type, lookup);
  switch (target.kind) {
    case "literal":
      return String(target.value) === key;
    case "enum":
      return target.values.some((value) => String(value) === key);
    case "union":
      return target.members.some((member) => admits(member, key, lookup));
    case "intersection":
      return target.members.every((member) => admits(member, key, lookup));
    case "primitive":
      return target.name !== "null" && target.name !== "binary";
    default:
      return false;
  }
}
