import type { Contract, ContractAddress, ContractWebSocket } from "../model/contract.js";
import { type Change, Changes } from "./change.js";
import { compareCredentials } from "./compare-credentials.js";
import { type Both, compareLimits } from "./compare-limits.js";
import { compareRoutes } from "./compare-routes.js";
import { compareSdks } from "./compare-sdks.js";
import { TypeComparison } from "./compare-types.js";

/** What changed for clients from one contract to another, breaking changes first, else in the order of the files. */
export function compareContracts(older: Contract, newer: Contract): readonly Change[] {
  const changes = new Changes();
  const types = new TypeComparison(older.models, newer.models, changes);
  if (older.kind !== newer.kind)
    changes.add("breaking", "kind-changed", "api", "", `is of the kind ${newer.kind} now (was ${older.kind})`);
  compareRoutes(older.routes, newer.routes, types);
  compareNames(older.stages, newer.stages, "stage", "api", changes);
  compareAddresses(older.addresses, newer.addresses, "api", changes);
  compareWebSockets(older.websocket, newer.websocket, types);
  types.compareNames();
  compareLimits(older.limits, newer.limits, bothOf(older, newer), changes);
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
    if (route.body && now.body) types.compare(route.body, now.body, "request", { where, path: "" });
    else if (now.body) changes.add("breaking", "body-added", where, "", "checks its message now");
    else if (route.body) changes.add("compatible", "body-removed", where, "", "takes any message now");
    if (route.reply && now.reply) types.compare(route.reply, now.reply, "response", { where, path: "reply" });
    else if (route.reply) changes.add("breaking", "reply-removed", where, "", "has no reply any more");
    else if (now.reply) changes.add("compatible", "reply-added", where, "", "has a reply now");
  }
  for (const { key } of newer.routes) {
    if (!older.routes.some((route) => route.key === key))
      changes.add("compatible", "route-added", `WebSocket ${key}`, "", "is new");
  }
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
