import type { ContractRoute } from "../model/contract.js";
import { compareCors } from "./compare-cors.js";
import { compareCredentials } from "./compare-credentials.js";
import { compareHandling } from "./compare-handling.js";
import type { TypeComparison } from "./compare-types.js";

type Routes = readonly ContractRoute[];

/** Routes by method and path; names of path parameters tell no two apart. */
export function compareRoutes(older: Routes, newer: Routes, types: TypeComparison): void {
  const { changes } = types;
  const now = new Map(newer.map((route) => [placeOf(route), route]));
  const before = new Set(older.map(placeOf));
  const pairs: (readonly [ContractRoute, ContractRoute])[] = [];
  for (const route of older) {
    const match = now.get(placeOf(route)) ?? now.get(placeOf({ ...route, method: "ANY" }));
    if (match) pairs.push([route, match]);
    else changes.add("breaking", "route-removed", route.key, "", "is gone");
  }
  for (const [before, after] of pairs) compareRoute(before, after, types);
  compareCors(pairs, changes);
  compareHandling(pairs, changes);
  for (const route of newer) {
    if (before.has(placeOf(route))) continue;
    const taker = takerOf(route, older);
    changes.add(
      "compatible",
      "route-added",
      route.key,
      "",
      taker ? `is new; ${taker.key} took its requests` : "is new",
    );
    // Its clients have been clients of the other one; that is the same route where ANY took the method.
    if (taker && !pairs.some(([, after]) => after === route)) {
      // What one of them calls a part of the path the other may have in its text.
      compareServed(withoutPath(taker), withoutPath(route), types);
      compareCors([[taker, route]], changes);
      compareHandling([[taker, route]], changes);
    }
  }
}

function withoutPath({ parameters, ...route }: ContractRoute): ContractRoute {
  return { ...route, parameters: parameters.filter((parameter) => parameter.in !== "path") };
}

/**
 * The older route that took the requests of a new one because it takes all of a path or of its methods. A parameter's route
 * (`/orders/{id}` beside `/orders/search`) is none: only whoever has an order called `search` would miss it.
 */
function takerOf(route: ContractRoute, older: Routes): ContractRoute | undefined {
  const any = older.find((other) => other.method === "ANY" && placeOf(other) === placeOf({ ...route, method: "ANY" }));
  if (any) return any;
  const takes = ({ method, path }: ContractRoute) => {
    if (method !== "ANY" && method !== route.method) return false;
    const front = /^(.*)\/\{[^}]+\+\}$/.exec(path)?.[1];
    return path === "$default" || (front !== undefined && isBelow(route.path, front));
  };
  const length = ({ path }: ContractRoute) => (path === "$default" ? 0 : path.length);
  return older.filter(takes).sort((a, b) => length(b) - length(a))[0];
}

/** Whether a path goes on where a front ends; names of parameters do not matter. */
function isBelow(path: string, front: string): boolean {
  const [segments, wanted] = [path, front].map((text) => text.split("/"));
  if (segments === undefined || wanted === undefined || segments.length <= wanted.length) return false;
  return wanted.every((segment, at) => segment === segments[at] || segment.startsWith("{"));
}

function placeOf({ method, path }: Pick<ContractRoute, "method" | "path">): string {
  return `${method} ${path.replace(/\{[^}+]*(\+?)\}/g, "{$1}")}`;
}

function compareRoute(older: ContractRoute, newer: ContractRoute, types: TypeComparison): void {
  const { changes } = types;
  const where = newer.key;
  if (older.operation !== newer.operation)
    changes.add(
      "breaking",
      "operation-renamed",
      where,
      "",
      `is called ${newer.operation} in SDKs now (was ${older.operation})`,
    );
  if (older.deprecated !== newer.deprecated)
    changes.add(
      "compatible",
      "deprecated-changed",
      where,
      "",
      newer.deprecated ? "is deprecated now" : "is no longer deprecated",
    );
  if (older.pages !== undefined && newer.pages !== undefined && older.pages !== newer.pages)
    changes.add(
      newer.pages ? "compatible" : "breaking",
      newer.pages ? "pages-added" : "pages-removed",
      where,
      "",
      newer.pages ? "can be gone through by pages in SDKs now" : "can no longer be gone through by pages in SDKs",
    );
  if (
    newer.pages &&
    older.pageItems !== undefined &&
    newer.pageItems !== undefined &&
    older.pageItems !== newer.pageItems
  )
    changes.add(
      "breaking",
      "pages-changed",
      where,
      "",
      `has the items of its pages in ${newer.pageItems || "the body itself"} now`,
    );
  compareServed(older, newer, types);
}

/** What requests meet that come to the one route as they came to the other. */
function compareServed(older: ContractRoute, newer: ContractRoute, types: TypeComparison): void {
  compareAccess(older, newer, types);
  compareParameters(older, newer, types);
  compareBodies(older, newer, types);
  compareResponses(older, newer, types);
}

function compareAccess(older: ContractRoute, newer: ContractRoute, { changes }: TypeComparison): void {
  const where = newer.key;
  if (older.auth !== newer.auth)
    changes.add(
      newer.auth === "none" ? "compatible" : "breaking",
      "auth-changed",
      where,
      "",
      `is called with ${newer.auth} now (was ${older.auth})`,
    );
  else compareCredentials(older.credentials, newer.credentials, where, changes);
  const added = newer.scopes.filter((scope) => !older.scopes.includes(scope));
  const removed = older.scopes.filter((scope) => !newer.scopes.includes(scope));
  // One of the scopes is enough: with more of them, more tokens are good.
  if (older.auth === newer.auth && older.scopes.length === 0 && added.length > 0)
    changes.add("breaking", "scopes-changed", where, "", `wants a scope now: ${added.join(", ")}`);
  else if (older.auth === newer.auth && newer.scopes.length > 0 && removed.length > 0)
    changes.add("breaking", "scopes-changed", where, "", `is no longer open to the scope ${removed.join(", ")}`);
  else if (older.auth === newer.auth && (added.length > 0 || removed.length > 0))
    changes.add("compatible", "scopes-changed", where, "", "is open to more scopes");
  if (older.apiKey !== newer.apiKey)
    changes.add(
      newer.apiKey ? "breaking" : "compatible",
      "api-key-changed",
      where,
      "",
      newer.apiKey ? "requires an API key now" : "requires no API key any more",
    );
}

function compareParameters(older: ContractRoute, newer: ContractRoute, types: TypeComparison): void {
  const { changes } = types;
  const where = newer.key;
  const nameOf = (parameter: ContractRoute["parameters"][number]) =>
    `${parameter.in} ${parameter.in === "header" ? parameter.name.toLowerCase() : parameter.name}`;
  const [pathBefore, pathNow] = [older, newer].map(({ parameters }) =>
    parameters.filter(({ in: place }) => place === "path"),
  );
  for (const [at, parameter] of (pathBefore ?? []).entries()) {
    const now = pathNow?.[at];
    if (now === undefined) continue;
    if (now.name !== parameter.name)
      changes.add(
        "breaking",
        "parameter-renamed",
        where,
        `path ${parameter.name}`,
        `is called ${now.name} in SDKs now`,
      );
    types.compare(parameter.type, now.type, "request", { where, path: `path ${now.name}` });
  }
  const others = (route: ContractRoute) => route.parameters.filter(({ in: place }) => place !== "path");
  const now = new Map(others(newer).map((parameter) => [nameOf(parameter), parameter]));
  for (const parameter of others(older)) {
    const path = `${parameter.in} ${parameter.name}`;
    const match = now.get(nameOf(parameter));
    if (match === undefined) {
      // Credentials are told of where the authorizer looks for them.
      if (newer.credentials?.includes(nameOf(parameter))) continue;
      changes.add("breaking", "parameter-removed", where, path, "is no longer taken");
      continue;
    }
    if (parameter.required !== match.required)
      changes.add(
        match.required ? "breaking" : "compatible",
        match.required ? "parameter-required" : "parameter-optional",
        where,
        path,
        match.required ? "is required now" : "may be left out now",
      );
    types.compareDefaults(parameter.type.docs, match.type.docs, { where, path });
    types.compare(parameter.type, match.type, "request", { where, path });
  }
  const before = new Set(others(older).map(nameOf));
  for (const parameter of others(newer)) {
    if (before.has(nameOf(parameter))) continue;
    const path = `${parameter.in} ${parameter.name}`;
    changes.add(
      parameter.required ? "breaking" : "compatible",
      "parameter-added",
      where,
      path,
      parameter.required ? "is new and required" : "is new",
    );
  }
}

function compareBodies(older: ContractRoute, newer: ContractRoute, types: TypeComparison): void {
  const { changes } = types;
  const where = newer.key;
  const [before, now] = [older.body, newer.body];
  if (before === undefined || now === undefined) {
    if (before) changes.add("breaking", "body-removed", where, "body", "is no longer taken");
    if (now)
      changes.add(
        now.required ? "breaking" : "compatible",
        "body-added",
        where,
        "body",
        now.required ? "is new and required" : "is new",
      );
    return;
  }
  if (before.required !== now.required)
    changes.add(
      now.required ? "breaking" : "compatible",
      now.required ? "body-required" : "body-optional",
      where,
      "body",
      now.required ? "is required now" : "may be left out now",
    );
  const gone = before.mediaTypes.filter((type) => !now.mediaTypes.includes(type));
  const added = now.mediaTypes.filter((type) => !before.mediaTypes.includes(type));
  if (gone.length > 0)
    changes.add("breaking", "media-type-removed", where, "body", `is no longer taken as ${gone.join(", ")}`);
  if (added.length > 0) changes.add("compatible", "media-type-added", where, "body", `may be ${added.join(", ")} too`);
  types.compare(before.type, now.type, "request", { where, path: "body" });
}

function compareResponses(older: ContractRoute, newer: ContractRoute, types: TypeComparison): void {
  const { changes } = types;
  const where = newer.key;
  for (const response of older.responses) {
    const path = String(response.status);
    const now = newer.responses.find(({ status }) => status === response.status);
    if (now === undefined) {
      changes.add(
        response.status < 400 ? "breaking" : "compatible",
        "response-removed",
        where,
        path,
        "is no longer answered",
      );
      continue;
    }
    compareHeaders(response.headers, now.headers, types, { where, path });
    compareAnswers(response.body, now.body, types, { where, path });
  }
  compareAnswers(older.otherwise, newer.otherwise, types, { where, path: "otherwise" });
  for (const response of newer.responses) {
    const path = String(response.status);
    if (older.responses.some(({ status }) => status === response.status)) continue;
    // What a call returns is one of the bodies of all successes.
    const others = older.responses.filter(isSuccess);
    if (
      isSuccess(response) &&
      others.length > 0 &&
      !others.some(({ body }) => types.isSame(body?.type, response.body?.type))
    )
      changes.add("breaking", "success-added", where, path, "may be answered now, and calls of SDKs return it, too");
    else changes.add("compatible", "response-added", where, path, "may be answered now");
  }
}

const isSuccess = ({ status }: { readonly status: number }) => status >= 200 && status < 300;

type Headers = ContractRoute["responses"][number]["headers"];

function compareHeaders(
  older: Headers,
  newer: Headers,
  types: TypeComparison,
  { where, path }: { readonly where: string; readonly path: string },
): void {
  const { changes } = types;
  const like = (headers: Headers, { name }: Headers[number]) =>
    headers.find((other) => other.name.toLowerCase() === name.toLowerCase());
  for (const header of older) {
    const now = like(newer, header);
    const place = { where, path: `${path} ${header.name}` };
    if (now === undefined) changes.add("breaking", "header-removed", where, place.path, "is no longer answered");
    else if (header.type && now.type) types.compare(header.type, now.type, "response", place);
  }
  for (const header of newer) {
    if (!like(older, header)) changes.add("compatible", "header-added", where, `${path} ${header.name}`, "is new");
  }
}

function compareAnswers(
  before: ContractRoute["otherwise"],
  now: ContractRoute["otherwise"],
  types: TypeComparison,
  { where, path }: { readonly where: string; readonly path: string },
): void {
  const { changes } = types;
  if (before && !now) changes.add("breaking", "response-body-removed", where, path, "has no body any more");
  if (!before && now) changes.add("compatible", "response-body-added", where, path, "has a body now");
  if (!before || !now) return;
  const { mediaType } = now;
  if (before.mediaType !== mediaType)
    changes.add("breaking", "media-type-changed", where, path, `is ${mediaType} now (was ${before.mediaType})`);
  types.compare(before.type, now.type, "response", { where, path: `${path} body` });
  for (const { mediaType: other, type } of before.alternatives ?? []) {
    const same = [now, ...(now.alternatives ?? [])].find((each) => each.mediaType === other);
    if (same) types.compare(type, same.type, "response", { where, path: `${path} body (${other})` });
    else changes.add("breaking", "media-type-removed", where, path, `is no longer answered as ${other}`);
  }
  for (const { mediaType: other } of now.alternatives ?? []) {
    if (![before, ...(before.alternatives ?? [])].some((each) => each.mediaType === other))
      changes.add("compatible", "media-type-added", where, path, `may be asked for as ${other}`);
  }
}
