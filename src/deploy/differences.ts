import { isDeepStrictEqual } from "node:util";
import type { GatewayModel, Stage } from "../model/gateway-model.js";
import type { WebSocketApi } from "../model/websocket.js";

/** One thing that a deployment would change. */
export interface Difference {
  readonly change: "added" | "removed" | "changed";
  /** `route`, `model`, `setting` … */
  readonly what: string;
  /** `GET /orders/{id}`. */
  readonly name: string;
  /** What of it: `integration.uri, timeoutMs`; empty when it is added or removed. */
  readonly members: readonly string[];
}

/**
 * What differs between two checked gateways, as far as one stage is concerned: routes and what they lean on first, then
 * the stage's settings. Sorted as the new file has it, what is removed behind.
 */
export function differencesOf(before: GatewayModel, after: GatewayModel, stage: string): readonly Difference[] {
  const named = <T extends { readonly name: string }>(what: string, pick: (model: GatewayModel) => readonly T[]) =>
    compareLists(what, byName(pick(before)), byName(pick(after)));
  return [
    ...compareMembers("api", "", rootOf(before), rootOf(after)),
    ...compareLists(
      "route",
      new Map(before.routes.map((route) => [route.key, route])),
      new Map(after.routes.map((route) => [route.key, route])),
    ),
    ...compareWebSockets(before.websocket, after.websocket),
    ...named("model", ({ models }) => models),
    ...named("function", ({ functions }) => functions),
    ...named("authorizer", ({ authorizers }) => authorizers),
    ...named("plan", ({ plans }) => plans),
    ...named("key", ({ keys }) => keys),
    ...compareLists(
      "gateway response",
      new Map(before.gatewayResponses.map((response) => [response.type, response])),
      new Map(after.gatewayResponses.map((response) => [response.type, response])),
    ),
    ...named("domain", ({ domains }) => domains),
    ...compareStages(stageOf(before, stage), stageOf(after, stage)),
  ];
}

/** The WebSocket API as a whole where one side has none; else its routes, events and settings. */
function compareWebSockets(before: WebSocketApi | undefined, after: WebSocketApi | undefined): readonly Difference[] {
  if (before === undefined || after === undefined)
    return compareMembers("api", "", { websocket: before }, { websocket: after });
  const { routes: oldRoutes, events: oldEvents, ...old } = before;
  const { routes, events, ...now } = after;
  const byKey = (list: WebSocketApi["routes"]) => new Map(list.map((route) => [route.key, route]));
  return [
    ...compareMembers("WebSocket API", "", old, now),
    ...compareLists("WebSocket route", byKey(oldRoutes), byKey(routes)),
    ...compareLists("event", byName(oldEvents), byName(events)),
  ];
}

function byName<T extends { readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((item) => [item.name, item]));
}

/** Members of the file's root that stand for themselves. */
function rootOf(model: GatewayModel): object {
  const { version, kind, endpoint, aws, cors, policy, binaryMediaTypes, minimumCompressionSize, apiKeySource } = model;
  return { version, kind, endpoint, aws, cors, policy, binaryMediaTypes, minimumCompressionSize, apiKeySource };
}

function stageOf({ stages }: GatewayModel, name: string): Stage | undefined {
  return stages.find((stage) => stage.name === name);
}

function compareStages(before: Stage | undefined, after: Stage | undefined): readonly Difference[] {
  const variables = compareLists("stage variable", byName(before?.variables ?? []), byName(after?.variables ?? []));
  const { variables: _before, ...old } = before ?? { variables: [] };
  const { variables: _after, ...now } = after ?? { variables: [] };
  return [...compareMembers("setting", "", old, now), ...variables];
}

/** Each differing member is a difference of its own. */
function compareMembers(what: string, prefix: string, before: object, after: object): readonly Difference[] {
  return differingMembers(before, after).map((member) => {
    const had = memberOf(before, member) !== undefined;
    const has = memberOf(after, member) !== undefined;
    const change = had && has ? "changed" : has ? "added" : "removed";
    return { change, what, name: prefix + member, members: [] };
  });
}

function compareLists<T extends object>(
  what: string,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): readonly Difference[] {
  const found: Difference[] = [];
  for (const [name, now] of after) {
    const old = before.get(name);
    if (old === undefined) found.push({ change: "added", what, name, members: [] });
    else if (!isDeepStrictEqual(old, now)) found.push({ change: "changed", what, name, members: pathsOf(old, now) });
  }
  for (const name of before.keys()) if (!after.has(name)) found.push({ change: "removed", what, name, members: [] });
  return found;
}

/** The innermost members that differ, at most four: `integration.uri`. */
function pathsOf(before: object, after: object): readonly string[] {
  const paths = differingMembers(before, after).flatMap((member) => {
    const old = memberOf(before, member);
    const now = memberOf(after, member);
    const inner = isPlain(old) && isPlain(now) ? pathsOf(old, now) : [];
    return inner.length === 0 ? [member] : inner.map((path) => `${member}.${path}`);
  });
  return paths.length > 4 ? [...paths.slice(0, 4), `and ${paths.length - 4} more`] : paths;
}

function differingMembers(before: object, after: object): readonly string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(memberOf(before, name), memberOf(after, name)));
}

function memberOf(record: object, name: string): unknown {
  return (record as { readonly [name: string]: unknown })[name];
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The project's own modules that differ between two deployments. */
export function moduleDifferences(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Difference[] {
  const asList = (modules: Readonly<Record<string, string>>) =>
    new Map(Object.entries(modules).map(([path, hash]) => [path, { hash }]));
  return compareLists("module", asList(before), asList(after)).map((difference) => ({ ...difference, members: [] }));
}
