import type { Contract, ContractAddress, ContractWebSocket } from "../model/contract.js";
import { defaultKey, isMessageRoute } from "../model/websocket.js";
import { type Change, Changes } from "./change.js";
import { compareAnswers } from "./compare-answers.js";
import { compareCredentials } from "./compare-credentials.js";
import { compareGuards } from "./compare-guards.js";
import { waits } from "./compare-handling.js";
import { type Both, compareLimits } from "./compare-limits.js";
import { compareRoutes } from "./compare-routes.js";
import { compareSdks } from "./compare-sdks.js";
import { TypeComparison } from "./compare-types.js";
import { withNewNames } from "./renamed-authorizers.js";

/** What changed for clients from one contract to another, breaking changes first, else in the order of the files. */
export function compareContracts(before: Contract, newer: Contract): readonly Change[] {
  const changes = new Changes();
  const older = withNewNames(before, newer, changes);
  const types = new TypeComparison(older.models, newer.models, changes);
  if (older.kind !== newer.kind)
    changes.add("breaking", "kind-changed", "api", "", `is of the kind ${newer.kind} now (was ${older.kind})`);
  compareRoutes(older.routes, newer.routes, types);
  compareNames(older.stages, newer.stages, "stage", "api", changes);
  compareAddresses(older.addresses, newer.addresses, "api", changes);
  compareWebSockets(older.websocket, newer.websocket, types);
  types.compareNames();
  const both = bothOf(older, newer);
  compareLimits(older.limits, newer.limits, both, changes);
  if (older.limits && newer.limits) compareAnswers(older.limits.answers, newer.limits.answers, types);
  compareGuards(older, newer, both.stages, changes);
  compareSdks(older.sdks, newer.sdks, changes);
  const breaking = changes.list.filter(({ kind }) => kind === "breaking");
  return [...breaking, ...changes.list.filter(({ kind }) => kind === "compatible")];
}

function bothOf(older: Contract, newer: Contract): Both {
  const keys = ({ routes, websocket }: Contract) => [...routes, ...(websocket?.routes ?? [])].map(({ key }) => key);
  const common = (names: readonly string[], others: readonly string[]) =>
    new Set(names.filter((name) => others.includes(name)));
  return { stages: common(older.stages, newer.stages), routeKeys: common(keys(older), keys(newer)) };
}

function compareNames(
  older: readonly string[],
  newer: readonly string[],
  what: string,
  where: string,
  changes: Changes,
): void {
  for (const name of older) {
    if (!newer.includes(name)) changes.add("breaking", `${what}-removed`, where, `${what} ${name}`, "is gone");
  }
  for (const name of newer) {
    if (!older.includes(name)) changes.add("compatible", `${what}-added`, where, `${what} ${name}`, "is new");
  }
}

type Addresses = readonly ContractAddress[];

function compareAddresses(older: Addresses, newer: Addresses, where: string, changes: Changes): void {
  const names = (addresses: Addresses) => addresses.map(({ address }) => address);
  compareNames(names(older), names(newer), "address", where, changes);
  for (const { address, stage, tls } of older) {
    const now = newer.find((other) => other.address === address);
    const path = `address ${address}`;
    if (stage !== undefined && now?.stage !== undefined && stage !== now.stage)
      changes.add("breaking", "address-moved", where, path, `leads to the stage ${now.stage} now (was ${stage})`);
    if (tls && now?.tls) compareTls(tls, now.tls, where, path, changes);
  }
}

type Tls = NonNullable<ContractAddress["tls"]>;

function compareTls(older: Tls, newer: Tls, where: string, path: string, changes: Changes): void {
  if (older.clientCertificates !== newer.clientCertificates)
    changes.add(
      newer.clientCertificates ? "breaking" : "compatible",
      "client-certificates-changed",
      where,
      path,
      newer.clientCertificates
        ? "wants certificates of its clients now"
        : "wants no certificates of its clients any more",
    );
  if (older.oldest !== newer.oldest)
    changes.add(
      newer.oldest > older.oldest ? "breaking" : "compatible",
      "tls-changed",
      where,
      path,
      `speaks ${newer.oldest} and above now (was ${older.oldest})`,
    );
}

function compareWebSockets(
  older: ContractWebSocket | undefined,
  newer: ContractWebSocket | undefined,
  types: TypeComparison,
): void {
  const { changes } = types;
  if (older === undefined || newer === undefined) {
    if (older) changes.add("breaking", "websocket-removed", "WebSocket", "", "is gone");
    if (newer) changes.add("compatible", "websocket-added", "WebSocket", "", "is new");
    return;
  }
  if (older.selection !== newer.selection)
    changes.add(
      "breaking",
      "selection-changed",
      "WebSocket",
      "",
      `selects routes by ${newer.selection} now (was ${older.selection})`,
    );
  if (older.auth !== newer.auth)
    changes.add(
      newer.auth === "none" ? "compatible" : "breaking",
      "auth-changed",
      "WebSocket",
      "",
      `is called with ${newer.auth} now (was ${older.auth})`,
    );
  else compareCredentials(older.credentials, newer.credentials, "WebSocket", changes);
  if (older.addresses && newer.addresses) compareAddresses(older.addresses, newer.addresses, "WebSocket", changes);
  if (older.apiKey !== newer.apiKey)
    changes.add(
      newer.apiKey ? "breaking" : "compatible",
      "api-key-changed",
      "WebSocket",
      "",
      newer.apiKey ? "requires an API key now" : "requires no API key any more",
    );
  for (const route of older.routes) {
    const where = `WebSocket ${route.key}`;
    const now = newer.routes.find(({ key }) => key === route.key);
    if (now === undefined) {
      changes.add("breaking", "route-removed", where, "", "is gone");
      continue;
    }
    compareMessages(route, now, where, types);
    for (const { kind, code, message } of waits(route.timeoutMs, now.timeoutMs))
      changes.add(kind, code, where, "", message);
  }
  for (const route of newer.routes) {
    if (older.routes.some(({ key }) => key === route.key)) continue;
    changes.add("compatible", "route-added", `WebSocket ${route.key}`, "", "is new");
    const taker = older.routes.find(({ key }) => key === defaultKey);
    if (taker && isMessageRoute(route)) compareMessages(taker, route, `WebSocket ${route.key}, once $default`, types);
  }
  if (older.limits && newer.limits) compareSocketLimits(older.limits, newer.limits, changes);
  for (const event of older.events) {
    const where = `WebSocket event ${event.name}`;
    const now = newer.events.find(({ name }) => name === event.name);
    if (now === undefined) changes.add("breaking", "event-removed", where, "", "is no longer sent");
    else types.compare(event.type, now.type, "response", { where, path: "" });
  }
  for (const { name } of newer.events) {
    if (!older.events.some((event) => event.name === name))
      changes.add("compatible", "event-added", `WebSocket event ${name}`, "", "is new");
  }
}

type SocketRoute = ContractWebSocket["routes"][number];

function compareMessages(route: SocketRoute, now: SocketRoute, where: string, types: TypeComparison): void {
  const { changes } = types;
  if (route.kinds && now.kinds) compareKinds(route.kinds, now.kinds, where, types);
  else if (route.body && now.kinds)
    changes.add(
      "breaking",
      "kinds-changed",
      where,
      "",
      `chooses what its message is checked by with ${now.kinds.selection} now`,
    );
  else if (route.body && now.body) types.compare(route.body, now.body, "request", { where, path: "" });
  else if (now.body) changes.add("breaking", "body-added", where, "", "checks its message now");
  else if (route.body) changes.add("compatible", "body-removed", where, "", "takes any message now");
  if (route.reply && now.reply) types.compare(route.reply, now.reply, "response", { where, path: "reply" });
  else if (route.reply) changes.add("breaking", "reply-removed", where, "", "has no reply any more");
  else if (now.reply) changes.add("compatible", "reply-added", where, "", "has a reply now");
}

type Kinds = NonNullable<SocketRoute["kinds"]>;

/** A message is checked by the entry that the expression names, or by that of all others. */
function compareKinds(older: Kinds, newer: Kinds, where: string, types: TypeComparison): void {
  const { changes } = types;
  if (older.selection !== newer.selection) {
    const message = `chooses what its message is checked by with ${newer.selection} now (was ${older.selection})`;
    changes.add("breaking", "kinds-changed", where, "", message);
    return;
  }
  const checkOf = ({ types: all }: Kinds, key: string) =>
    (all.find((entry) => entry.key === key) ?? all.find((entry) => entry.key === defaultKey))?.type;
  for (const key of new Set([...older.types, ...newer.types].map((entry) => entry.key))) {
    const [before, now] = [checkOf(older, key), checkOf(newer, key)];
    if (before && now) types.compare(before, now, "request", { where, path: key });
    else if (before) changes.add("breaking", "kinds-changed", where, key, "is no kind of its messages any more");
    else changes.add("compatible", "kinds-changed", where, key, "is a new kind of its messages");
  }
}

const socketLimits = {
  idleMs: ["closes connections that are idle for", "ms"],
  lifeMs: ["closes connections after", "ms"],
  messageBytes: ["takes messages of at most", "bytes"],
  frameBytes: ["takes frames of at most", "bytes"],
} as const;

type SocketLimits = NonNullable<ContractWebSocket["limits"]>;

function compareSocketLimits(older: SocketLimits, newer: SocketLimits, changes: Changes): void {
  for (const name of ["idleMs", "lifeMs", "messageBytes", "frameBytes"] as const) {
    const [before, now] = [older[name], newer[name]];
    if (before === now) continue;
    const [words, unit] = socketLimits[name];
    const message = `${words} ${now} ${unit} now (was ${before})`;
    changes.add(now < before ? "breaking" : "compatible", "socket-limits-changed", "WebSocket", "", message);
  }
}
