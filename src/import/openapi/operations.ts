import { type Draft, DraftMap, draftOf } from "../draft.js";
import { isTrue, itemsOf, jsonOf, type Member, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import type { Api } from "./api.js";
import { readBody, readResponses } from "./bodies.js";
import { camel } from "./functions.js";
import { finishMock, readIntegration, setTemplates } from "./integrations.js";
import { parametersOf, readParameters } from "./parameters.js";
import { type ResponseDraft, RouteDraft } from "./route-draft.js";

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];
const operationWords = new Set(
  "operationId summary description tags deprecated parameters requestBody responses security consumes produces schemes isDefaultRoute".split(
    " ",
  ),
);
const ownExtensions = new Set([
  "x-amazon-apigateway-integration",
  "x-amazon-apigateway-auth",
  "x-amazon-apigateway-request-validator",
]);

/** The routes of a document's paths, in order. */
export function readPaths(paths: Tree | undefined, document: Tree, prefix: string, api: Api): readonly RouteDraft[] {
  if (paths && paths.kind !== "map") api.importing.wrongType(paths, "paths", "a map");
  return membersOf(paths).flatMap((member) => {
    const item = api.importing.resolve(member.value);
    if (!item || member.name.startsWith("x-")) return [];
    return readPath(member, item, document, prefix, api);
  });
}

/**
 * One name for the parameter at each place of the tree: REST APIs allow no other. Where the document has no integrations, no
 * mapping names a parameter, so that the first name can stand for all.
 */
function withOneName(path: string, names: Map<string, string>): string {
  let place = "";
  const segments = path.split("/").map((segment) => {
    const parent = place;
    place += `/${segment.startsWith("{") ? "{}" : segment}`;
    if (!/^\{[^{}]+\}$/.test(segment)) return segment;
    const first = names.get(parent);
    if (first === undefined) names.set(parent, segment);
    const isGreedy = segment.endsWith("+}") === first?.endsWith("+}");
    return first !== undefined && isGreedy ? first : segment;
  });
  return segments.join("/");
}

function noteRenamed(written: string, route: RouteDraft, item: Tree, api: Api): void {
  const names = route.path.split("/");
  for (const [index, segment] of written.split("/").entries()) {
    const other = names[index] ?? segment;
    if (other === segment) continue;
    route.renamed.set(segment.replaceAll(/[{}+]/g, ""), other.replaceAll(/[{}+]/g, ""));
    const how = `"${segment}" of "${written}" is called "${other}", as on the other paths: API Gateway has one name for a place`;
    route.note(api.importing.changed(item, how));
  }
}

function readPath(
  { name, nameSpan: at }: Member,
  item: Tree,
  document: Tree,
  prefix: string,
  api: Api,
): readonly RouteDraft[] {
  const isDefault = /^\/?\$default$/.test(name);
  const written = isDefault ? "$default" : routePath(prefix + name);
  const path = api.kind === "rest" && !api.isAws ? withOneName(written, api.pathNames) : written;
  const problem = isDefault ? undefined : pathProblem(path, api);
  if (problem !== undefined) {
    api.leftOutPaths.push(api.importing.leftOut({ ...item, span: at }, `the path "${name}": ${problem}`));
    return [];
  }
  const routes: RouteDraft[] = [];
  for (const { name: word, value, nameSpan } of membersOf(item)) {
    if (word === "trace") api.importing.leftOut({ ...value, span: nameSpan }, "TRACE, which API Gateway does not have");
    if (!methods.includes(word)) continue;
    if (value.kind !== "map") {
      api.importing.wrongType(value, word, "an operation (a map)");
      continue;
    }
    const method = word.startsWith("x-") ? "ANY" : word.toUpperCase();
    const route = new RouteDraft(method, path, { ...value, span: nameSpan });
    noteRenamed(written, route, item, api);
    routes.push(readOperation(route, value, item, document, api));
  }
  return routes;
}

/** Without the slash at its end, which API Gateway ignores. */
function routePath(path: string): string {
  const joined = path.replaceAll(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
  return joined.startsWith("/") ? joined : `/${joined}`;
}

/** What API Gateway does not take in a path; the language's checks say the same. */
function pathProblem(path: string, api: Api): string | undefined {
  const segments = path.slice(1).split("/");
  if (path === "/") return undefined;
  for (const [index, segment] of segments.entries()) {
    const name = /^\{([^{}]*?)(\+?)\}$/.exec(segment);
    if (!name && /[{}]/.test(segment)) return "a path parameter takes a whole segment";
    if (name && !/^[\w.:-]+$/.test(name[1] ?? "")) return `"${name[1]}" cannot name a path parameter`;
    if (name?.[2] === "+" && index < segments.length - 1) return "nothing may follow a greedy parameter";
    const isGood = api.kind === "rest" ? /^[A-Za-z0-9._:,$-]+$/ : /^(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/;
    if (!name && !isGood.test(segment)) return `API Gateway takes no path with "${segment}"`;
  }
  return undefined;
}

function readOperation(route: RouteDraft, operation: Tree, item: Tree, document: Tree, api: Api): RouteDraft {
  route.operation = operationName(operation, route, api);
  route.own.set("summary", textOf(memberOf(operation, "summary") ?? memberOf(item, "summary"))?.trim() || undefined);
  route.own.set(
    "description",
    textOf(memberOf(operation, "description") ?? memberOf(item, "description"))?.trim() || undefined,
  );
  const tags = itemsOf(memberOf(operation, "tags")).flatMap((tag) => textOf(tag) || []);
  route.own.set("tags", tags.length > 0 ? tags : undefined);
  if (isTrue(memberOf(operation, "deprecated"))) route.own.set("deprecated", true);
  const parameters = parametersOf(item, operation, api);
  readParameters(parameters, route, api);
  readBody(operation, parameters, document, route, api);
  readResponses(operation, document, route, api);
  readIntegration(integrationOf(operation, api), route, api);
  readAccess(operation, route, api);
  route.validate = validatorOf(operation, document);
  readRest(operation, route, api);
  return route;
}

function operationName(operation: Tree, route: RouteDraft, api: Api): string | undefined {
  const id = memberOf(operation, "operationId");
  const text = textOf(id);
  if (id === undefined || text === undefined || text === "") return undefined;
  if (/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(text) && !reserved.has(text)) return text;
  const words = camel(text).slice(0, 120);
  const name =
    /^[A-Za-z]/.test(words) && !reserved.has(words)
      ? words
      : `${route.method.toLowerCase()}${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  api.importing.renamed(id, text, name);
  return name;
}

const reserved: ReadonlySet<string> = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for " +
    "function if implements import in instanceof interface let new null package private protected public return static " +
    "super switch this throw true try typeof var void while with yield arguments eval constructor prototype"
  ).split(" "),
);

/** In place, or one of those that the document gives names. */
function integrationOf(operation: Tree, api: Api): Tree | undefined {
  const integration = memberOf(operation, "x-amazon-apigateway-integration");
  const name = /^#\/components\/x-amazon-apigateway-integrations\/(.+)$/.exec(
    textOf(memberOf(integration, "$ref")) ?? "",
  )?.[1];
  return (name === undefined ? undefined : memberOf(api.shared, name)) ?? integration;
}

function readAccess(operation: Tree, route: RouteDraft, api: Api): void {
  const asked = api.security.asked(operation);
  route.auth = asked?.auth;
  route.apiKey = asked?.apiKey;
}

function validatorOf(operation: Tree, document: Tree): RouteDraft["validate"] {
  const name =
    textOf(memberOf(operation, "x-amazon-apigateway-request-validator")) ??
    textOf(memberOf(document, "x-amazon-apigateway-request-validator"));
  if (name === undefined) return undefined;
  const validator = memberOf(memberOf(document, "x-amazon-apigateway-request-validators"), name);
  const checksBody = isTrue(memberOf(validator, "validateRequestBody"));
  const checksParameters = isTrue(memberOf(validator, "validateRequestParameters"));
  return checksBody ? (checksParameters ? "all" : "body") : checksParameters ? "parameters" : "none";
}

/** Extensions are kept under aws-options; what else an operation has is told. */
function readRest(operation: Tree, route: RouteDraft, api: Api): void {
  for (const { name, value, nameSpan } of membersOf(operation)) {
    if (operationWords.has(name) || ownExtensions.has(name)) continue;
    if (name.startsWith("x-")) route.options.set(name, draftOf(jsonOf(value)));
    else route.note(api.importing.leftOut({ ...value, span: nameSpan }, `"${name}" of operations`));
  }
}

/** The functions that one route alone calls: such a route is called after its function where nothing is said. */
export function functionsOfOne(routes: readonly RouteDraft[]): ReadonlySet<unknown> {
  const names = routes.map(calledBy).filter((name) => name !== undefined);
  return new Set(names.filter((name) => names.indexOf(name) === names.lastIndexOf(name)));
}

function calledBy(route: RouteDraft): unknown {
  return route.integration.entries.find(({ name }) => name === "lambda")?.value;
}

/** A route as gateway.yaml has it. */
export function routeOf(route: RouteDraft, ofOne: ReadonlySet<unknown>): DraftMap {
  const map = new DraftMap();
  if (route.integration.has("mock")) finishMock(route);
  const called = calledBy(route);
  map.set("operation", route.operation === called && ofOne.has(called) ? undefined : route.operation);
  for (const { name, value } of route.own.entries) map.set(name, value);
  map.setFull("params", route.params).setFull("query", route.query).setFull("headers", route.headers);
  map.set("body", route.body);
  for (const { name, value } of route.integration.entries) map.set(name, value);
  if (!route.integrationOptions.isEmpty) route.request.set("aws-options", route.integrationOptions);
  map.setFull("request", route.request);
  map.set("auth", route.auth).set("apiKey", route.apiKey);
  map.set("cache", route.cache).set("cors", route.cors).set("timeout", route.timeoutMs).set("validate", route.validate);
  map.setFull("responses", responsesOf(route)).set("otherwise", route.otherwise);
  map.setFull("aws-options", route.options);
  return map.note(...route.notes);
}

/** `responses:` of a route. */
export function responsesOf(route: RouteDraft): DraftMap {
  const map = new DraftMap();
  const all = [...route.responses.values()].sort((a, b) => a.status - b.status);
  const isOnlyBare = all.length === 1 && isBare(all[0]) && (!route.isMapped || all[0]?.isMade === true);
  for (const response of all) {
    if (isOnlyBare && route.integration.has("mock") && response.status === 200) break;
    const form = responseOf(response, route);
    map.set(String(response.status), form, ...(form instanceof DraftMap ? [] : response.notes));
  }
  return map;
}

function isBare(response: ResponseDraft | undefined): boolean {
  return (
    response !== undefined &&
    response.type === undefined &&
    response.description === undefined &&
    response.headers.size === 0 &&
    response.from === undefined &&
    response.templates.size === 0 &&
    response.contentHandling === undefined
  );
}

/** `Order`, nothing, or the long form. */
function responseOf(response: ResponseDraft, route: RouteDraft): Draft {
  const map = new DraftMap();
  map.set("description", response.description).set("body", response.type).set("mediaType", response.mediaType);
  map.setFull("alternatives", response.alternatives);
  const isDocumentation = route.isMapped && !response.isMade;
  const headers = new DraftMap();
  for (const [name, header] of response.headers) headers.set(name, headerOf(header, route));
  map.set("from", isDocumentation ? "never" : response.from);
  map.setFull("headers", headers);
  setTemplates(response.templates, map);
  map.set("contentHandling", response.contentHandling);
  const [only] = map.entries;
  if (map.entries.length === 0 && response.notes.length === 0) return null;
  if (map.entries.length === 1 && only?.name === "body" && response.notes.length === 0) return only.value;
  return map.note(...response.notes);
}

/** Where answers are mapped, the short form is a value; where they pass, a type. */
function headerOf(
  { type, value, description }: { type: string | undefined; value: Draft | undefined; description: string | undefined },
  route: RouteDraft,
): Draft {
  const isValue = value !== undefined;
  const append = value instanceof DraftMap ? value : undefined;
  if (append) return append.set("type", type).set("description", description);
  if (type === undefined && description === undefined && isValue && route.isMapped) return value;
  if (!isValue && !route.isMapped && description === undefined) return type ?? "string";
  return new DraftMap()
    .set("value", value)
    .set("type", type ?? (isValue ? undefined : "string"))
    .set("description", description);
}
