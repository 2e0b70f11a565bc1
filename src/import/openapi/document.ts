import type { ApiKind, Cors } from "../../model/gateway-model.js";
import type { Model } from "../../model/types.js";
import { closedPolicy } from "../closed-policy.js";
import { type Draft, DraftMap, draftOf } from "../draft.js";
import type { Importing } from "../importing.js";
import { Schemas } from "../schemas.js";
import { type StageRoutes, setStageRoute, settleRoute, throttleOf } from "../stage-routes.js";
import { isTrue, itemsOf, jsonOf, type MapTree, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import type { Variables } from "../variables.js";
import type { Api } from "./api.js";
import { textIn } from "./api.js";
import { settleCache } from "./cache-keys.js";
import { corsDraft, foldCors } from "./cors.js";
import { Functions } from "./functions.js";
import { readGatewayResponses } from "./gateway-responses.js";
import { functionsOfOne, readPaths, routeOf } from "./operations.js";
import { placeOf, stageOf } from "./place.js";
import { readPolicy } from "./policy.js";
import type { RouteDraft } from "./route-draft.js";
import { Security } from "./security.js";

export interface OpenApiOptions {
  /** What becomes of the path that the document's addresses have: AWS's `basepath` (default ignore). */
  readonly basePath: "ignore" | "prepend" | "split";
  readonly kind: ApiKind | undefined;
}

/** `websocket:` of a WebSocket API, and where each of its routes stood, by its key. */
export interface ReadWebSocket {
  readonly map: DraftMap;
  readonly origins: readonly (readonly [key: string, tree: Tree])[];
}

/** What is known of an API besides its document: CloudFormation knows more. */
export interface Around {
  readonly variables: Variables;
  /** Name for the gateway, where the document has none. */
  readonly name: string | undefined;
  readonly stages: DraftMap;
  readonly plans: DraftMap;
  readonly keys: DraftMap;
  readonly domains: DraftMap;
  /** Values of stage variables by stage. */
  readonly stageVariables: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** What stages say of their routes. */
  readonly routeSettings?: readonly StageRoutes[] | undefined;
  /** CORS of the whole API, where the document has no place for it. */
  readonly cors?: Draft | undefined;
  /** Rules of a firewall in front of it. */
  readonly waf?: DraftMap | undefined;
  /** Reads the WebSocket API beside it, where there is one. */
  readonly websocket?: ((api: Api) => ReadWebSocket) | undefined;
}

/** gateway.yaml without its models, whose entry is there and empty, and the models. */
export interface ReadApi {
  readonly map: DraftMap;
  readonly models: readonly Model[];
  /** Where each route stood, by its key. */
  readonly origins: ReadonlyMap<string, Tree>;
}

const prefix = "x-amazon-apigateway-";

/** An OpenAPI or Swagger document as gateway.yaml. */
export function readOpenApi(document: MapTree, importing: Importing, options: OpenApiOptions, around: Around): ReadApi {
  const kind = options.kind ?? kindOf(document);
  const place = placeOf(document);
  const info = memberOf(document, "info");
  const title = textIn(memberOf(info, "title"), { place, variables: around.variables }) ?? around.name ?? "api";
  const name = gatewayName(title);
  const { components, securitySchemes } = componentsOf(document);
  importing.is31 = /^3\.1/.test(textOf(memberOf(document, "openapi")) ?? "");
  const schemas = new Schemas(importing);
  schemas.declare(components);
  const functions = new Functions(name, place, around.variables);
  const context = { importing, kind, functions, variables: around.variables, place };
  const security = new Security(securitySchemes, context);
  const api: Api = {
    ...context,
    isSwagger: memberOf(document, "swagger") !== undefined,
    isAws: hasExtensions(document),
    schemas,
    security,
    shared:
      memberOf(memberOf(document, "components"), `${prefix}integrations`) ??
      memberOf(document, `${prefix}integrations`),
    leftOutPaths: [],
    pathNames: new Map(),
  };
  const base = options.basePath === "ignore" ? "" : basePathOf(document, options.basePath);
  const read = readPaths(memberOf(document, "paths"), document, base, api);
  const { routes, cors } = kind === "rest" ? foldCors(read) : { routes: read, cors: undefined };
  const websocket = around.websocket?.(api);
  const map = new DraftMap();
  map.set("gateway", name, ...(name === title ? [] : [`title: ${title}`]));
  map.set("version", textOf(memberOf(info, "version")) ?? "1.0.0");
  map.set("description", textOf(memberOf(info, "description"))?.trim() || undefined);
  map.set("license", textOf(memberOf(memberOf(info, "license"), "name")) || undefined);
  if (kind === "http") map.set("kind", "http");
  const extensions = new DraftMap();
  readEndpoint(document, map, extensions, api);
  const isUsual = place.region === "us-east-1" && place.account === "123456789012";
  if (!isUsual) map.set("aws", new DraftMap().set("region", place.region).set("account", place.account));
  map.set("models", "");
  map.setFull("functions", functions.draft(valuesIn(around))).setFull("authorizers", security.authorizers);
  readRootAccess(document, map, api);
  setStageRoutes(routes, around);
  setRouteDefaults(routes, document, map, api);
  setCors(document, cors, map, api);
  if (!map.has("cors")) map.set("cors", around.cors);
  readSettings(document, map, extensions, api);
  map.set("waf", around.waf?.isEmpty ? undefined : around.waf);
  map.setFull("plans", around.plans).setFull("keys", around.keys);
  const all = new DraftMap();
  const ofOne = functionsOfOne(routes);
  for (const route of routes) all.set(route.key, routeOf(route, ofOne));
  all.note(...api.leftOutPaths);
  map.set("routes", all).set("websocket", websocket?.map);
  map.setFull("errors", readGatewayResponses(memberOf(document, `${prefix}gateway-responses`), cors, api));
  setStages(document, map, api, around);
  map.setFull("domains", around.domains);
  readRest(document, extensions, map, api);
  map.setFull("aws-options", extensions);
  const origins = [...read.map((route) => [route.key, route.tree] as const), ...(websocket?.origins ?? [])];
  return { map, models: schemas.models(), origins: new Map(origins) };
}

/** What a stage variable is on the stages and their canaries. */
function valuesIn({ stageVariables, stages }: Around): (variable: string) => readonly string[] {
  return (variable) => {
    const base = [...stageVariables.values()].flatMap((values) => values.get(variable) ?? []);
    const canaries = stages.entries.flatMap(({ value }) => {
      const canary = value instanceof DraftMap ? value.get("canary") : undefined;
      const variables = canary instanceof DraftMap ? canary.get("variables") : undefined;
      const own = variables instanceof DraftMap ? variables.get(variable) : undefined;
      return typeof own === "string" ? [own] : [];
    });
    return [...new Set([...base, ...canaries])];
  };
}

function componentsOf(document: Tree): {
  readonly components: Tree | undefined;
  readonly securitySchemes: Tree | undefined;
} {
  const components = memberOf(document, "components");
  return {
    components: memberOf(components, "schemas") ?? memberOf(document, "definitions"),
    securitySchemes: memberOf(components, "securitySchemes") ?? memberOf(document, "securityDefinitions"),
  };
}

/** HTTP APIs show by what only they have. */
function kindOf(document: Tree): ApiKind {
  const isHttp = (tree: Tree): boolean => {
    const integration = memberOf(tree, `${prefix}integration`);
    return (
      memberOf(tree, "isDefaultRoute") !== undefined ||
      memberOf(integration, "integrationSubtype") !== undefined ||
      Number(textOf(memberOf(integration, "payloadFormatVersion"))) === 2
    );
  };
  const paths = membersOf(memberOf(document, "paths"));
  const { securitySchemes } = componentsOf(document);
  const hasJwt = membersOf(securitySchemes).some(({ value }) =>
    memberOf(memberOf(value, `${prefix}authorizer`), "jwtConfiguration"),
  );
  const hasRoot = [`${prefix}cors`, `${prefix}importexport-version`].some((name) => memberOf(document, name));
  return hasRoot ||
    hasJwt ||
    paths.some(({ name, value }) => /\$default/.test(name) || membersOf(value).some((each) => isHttp(each.value)))
    ? "http"
    : "rest";
}

function hasExtensions(document: MapTree): boolean {
  if ([...document.members.keys()].some((name) => name.startsWith(prefix))) return true;
  return membersOf(memberOf(document, "paths")).some(({ value }) =>
    membersOf(value).some(
      (operation) => operation.name.startsWith(prefix) || memberOf(operation.value, `${prefix}integration`),
    ),
  );
}

/** As the language wants names: letters, digits, `-` and `_`. */
function gatewayName(title: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(title)) return title;
  const name = title
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name.slice(0, 60) || "api";
}

function basePathOf(document: Tree, mode: "prepend" | "split"): string {
  const path = textOf(memberOf(document, "basePath")) ?? serverPath(document);
  const whole = path.replaceAll(/^\/+|\/+$/g, "");
  // `split` takes the first segment for the stage (developer guide, "basePath property").
  const kept = mode === "prepend" ? whole : whole.split("/").slice(1).join("/");
  return kept === "" ? "" : `/${kept}`;
}

function serverPath(document: Tree): string {
  const [server] = itemsOf(memberOf(document, "servers"));
  const variables = memberOf(server, "variables");
  // API Gateway takes it for the path even where the address does not name it.
  const basePath = textOf(memberOf(memberOf(variables, "basePath"), "default"));
  if (basePath !== undefined) return basePath;
  const url = (textOf(memberOf(server, "url")) ?? "").replaceAll(
    /\{([^}]+)\}/g,
    (_, name: string) => textOf(memberOf(memberOf(variables, name), "default")) ?? "",
  );
  return /^(?:[a-z]+:\/\/[^/]*)?(\/[^?#]*)?/.exec(url)?.[1] ?? "";
}

/** Where the document is deployed already: endpoint types and their settings. */
function readEndpoint(document: Tree, map: DraftMap, options: DraftMap, api: Api): void {
  const servers = itemsOf(memberOf(document, "servers"));
  const name = `${prefix}endpoint-configuration`;
  const trees = [memberOf(document, name), ...servers.map((server) => memberOf(server, name))].filter(
    (each) => each !== undefined,
  );
  const [type] = trees
    .flatMap((tree) => itemsOf(memberOf(tree, "types")))
    .flatMap((each) => textOf(each)?.toLowerCase() ?? []);
  if (api.kind === "rest" && (type === "edge" || type === "private")) map.set("endpoint", type);
  const rest = new DraftMap();
  const isClosed = [
    memberOf(document, `${prefix}disable-execute-api-endpoint`),
    ...trees.map((tree) => memberOf(tree, "disableExecuteApiEndpoint")),
  ].some(isTrue);
  map.set("disableExecuteApiEndpoint", isClosed ? true : undefined);
  for (const member of trees.flatMap(membersOf))
    if (!["types", "disableExecuteApiEndpoint"].includes(member.name) && !rest.has(member.name))
      rest.set(member.name, draftOf(jsonOf(member.value)));
  options.setFull(name, rest);
}

function readRootAccess(document: Tree, map: DraftMap, api: Api): void {
  const asked = api.security.asked(document);
  if (!asked) return;
  map.set("auth", asked.auth === "none" ? undefined : asked.auth);
  map.set("apiKey", asked.apiKey ? true : undefined);
}

/** What most routes say stands at the top, and not in each of them. */
function setRouteDefaults(routes: readonly RouteDraft[], document: Tree, map: DraftMap, api: Api): void {
  setTimeouts(routes, map, api);
  const root = api.security.asked(document);
  for (const route of routes) settleCache(route, route.auth ?? root?.auth, api.security.authorizers);
  for (const route of routes) {
    if (route.auth !== undefined && sameDraft(route.auth, root?.auth ?? "none")) route.auth = undefined;
    // An operation without requirements of its own inherits those of the document.
    if (route.apiKey === (root?.apiKey ?? false)) route.apiKey = undefined;
  }
  if (api.kind === "rest" && api.isAws) setValidation(routes, map);
  else for (const route of routes) route.validate = undefined;
}

/** REST APIs have 29 s where nothing is said, HTTP APIs 30 s; the language has 29 s. */
function setTimeouts(routes: readonly RouteDraft[], map: DraftMap, api: Api): void {
  const usual = api.kind === "rest" || !api.isAws ? 29_000 : 30_000;
  const used = routes.filter((route) => !route.integration.has("mock"));
  const all = new Set(used.map((route) => route.timeoutMs ?? usual));
  const [only = 29_000] = all;
  const root = all.size === 1 ? only : 29_000;
  if (root !== 29_000) map.set("timeout", root);
  for (const route of routes) {
    const own = route.integration.has("mock") ? root : (route.timeoutMs ?? usual);
    route.timeoutMs = own === root ? undefined : own;
  }
}

/** Throttles, logs and caching of single routes: the routes' own, or those of a stage. */
function setStageRoutes(routes: readonly RouteDraft[], { routeSettings = [], stages }: Around): void {
  const keys = new Set(routes.map(({ key }) => key));
  for (const route of routes) {
    const settled = settleRoute(route, routeSettings, keys);
    if (!settled) continue;
    route.own.setFull("throttle", throttleOf(settled.route)).set("log", settled.route.log);
    const { caching, ttl } = settled.route;
    route.caching = caching === undefined ? undefined : { isOn: caching, ttl };
    for (const [stage, on] of settled.stages) setStageRoute(stage, route.key, on, stages);
  }
}

/** AWS checks nothing unless told to; the language checks what is declared. */
function setValidation(routes: readonly RouteDraft[], map: DraftMap): void {
  const checkable = routes.filter((route) => route.body !== undefined || hasRequired(route));
  for (const route of routes) route.validate = checkable.includes(route) ? fitted(route) : undefined;
  const counts = new Map<string, number>();
  for (const { validate } of checkable) counts.set(validate ?? "none", (counts.get(validate ?? "none") ?? 0) + 1);
  const [root] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
  if (root === undefined) return;
  if (root !== "all") map.set("validate", root);
  for (const route of checkable) if (route.validate === root) route.validate = undefined;
}

/** What a validator checks where there is only a body, or only parameters: `all` says it as well. */
function fitted(route: RouteDraft): RouteDraft["validate"] {
  const validate = route.validate ?? "none";
  const checksAll =
    (validate === "body" && !hasRequired(route)) || (validate === "parameters" && route.body === undefined);
  const checksNothing =
    (validate === "body" && route.body === undefined) || (validate === "parameters" && !hasRequired(route));
  return checksAll ? "all" : checksNothing ? "none" : validate;
}

function hasRequired(route: RouteDraft): boolean {
  return [...route.query.entries, ...route.headers.entries].some(({ name }) => !name.endsWith("?"));
}

function sameDraft(one: Draft, other: Draft): boolean {
  const plain = (value: Draft) => (value instanceof DraftMap ? value.entries : value);
  return JSON.stringify(plain(one)) === JSON.stringify(plain(other));
}

function setCors(document: Tree, folded: Cors | undefined, map: DraftMap, api: Api): void {
  if (folded) map.set("cors", corsDraft(folded));
  const tree = memberOf(document, `${prefix}cors`);
  if (tree?.kind !== "map" || api.kind !== "http") return;
  const list = (name: string) => itemsOf(memberOf(tree, name)).flatMap((each) => textOf(each) ?? []);
  const some = (values: readonly string[]) => (values.length > 0 ? values : undefined);
  map.set(
    "cors",
    new DraftMap()
      .set("origins", list("allowOrigins"))
      .set("methods", some(list("allowMethods")))
      .set("headers", some(list("allowHeaders")))
      .set("exposeHeaders", some(list("exposeHeaders")))
      .set("credentials", isTrue(memberOf(tree, "allowCredentials")) || undefined)
      .set("maxAge", numberOf(memberOf(tree, "maxAge"))),
  );
}

function readSettings(document: Tree, map: DraftMap, options: DraftMap, api: Api): void {
  if (api.kind === "rest") {
    const binary = itemsOf(memberOf(document, `${prefix}binary-media-types`)).flatMap((type) => textOf(type) ?? []);
    if (binary.length > 0) map.set("binaryMediaTypes", binary);
    map.set("compression", numberOf(memberOf(document, `${prefix}minimum-compression-size`)));
    const source = textOf(memberOf(document, `${prefix}api-key-source`))?.toUpperCase();
    if (source === "AUTHORIZER") map.set("apiKeySource", "authorizer");
    const tree = memberOf(document, `${prefix}policy`);
    const read = tree && readPolicy(tree, api);
    if (read) map.set("policy", read.policy, ...read.comments);
    else if (map.get("endpoint") === "private") map.set("policy", closedPolicy(), ...whyNobody);
  }
  const tags = new DraftMap();
  for (const tag of itemsOf(memberOf(document, "tags"))) {
    const value = memberOf(tag, `${prefix}tag-value`);
    const name = textOf(memberOf(tag, "name"));
    if (value && name !== undefined) tags.set(name, draftOf(jsonOf(value)));
    else if (memberOf(tag, "description")) api.importing.leftOut(tag, "descriptions of tags");
  }
  options.setFull(`${prefix}tag-value`, tags);
}

function setStages(document: Tree, map: DraftMap, api: Api, around: Around): void {
  const { stages, variables } = around;
  if (stages.entries.length === 0) {
    const name = stageOf(document) ?? (api.kind === "http" ? "$default" : "dev");
    if (variables.isEmpty && (name === "dev" || name === "$default")) return;
    stages.set(name, new DraftMap());
  }
  for (const { name, value } of stages.entries) {
    if (!(value instanceof DraftMap)) continue;
    const known = around.stageVariables.get(name);
    const all = variables.draft(known);
    const unknown = all.entries.filter((entry) => entry.value === entry.name && !known?.has(entry.name));
    value.setFull(
      "variables",
      all,
      ...(unknown.length > 0 ? ["set these: the imported description does not hold their values"] : []),
    );
  }
  map.set("stages", stages);
}

/** AWS deploys no private API without a policy; one that is regional in its place would be open to the world. */
const whyNobody = ["the description has no policy, and a private API needs one: say here who may call"];

const rootWords = new Set(
  "openapi swagger info servers host basePath schemes consumes produces paths components definitions parameters responses securityDefinitions security tags".split(
    " ",
  ),
);
const rootExtensions = new Set(
  "endpoint-configuration disable-execute-api-endpoint cors binary-media-types minimum-compression-size api-key-source policy request-validators request-validator gateway-responses integrations importexport-version"
    .split(" ")
    .map((name) => prefix + name),
);

/** Extensions are kept under aws-options; what else the document has is told. */
function readRest(document: MapTree, options: DraftMap, map: DraftMap, api: Api): void {
  for (const { name, value, nameSpan } of document.members.values()) {
    if (rootWords.has(name) || rootExtensions.has(name)) continue;
    if (name.startsWith("x-")) options.set(name, draftOf(jsonOf(value)));
    else map.note(api.importing.leftOut({ ...value, span: nameSpan }, `"${name}"`));
  }
  const info = memberOf(document, "info");
  for (const word of ["termsOfService", "contact", "summary"]) {
    const value = memberOf(info, word);
    if (value) map.note(api.importing.leftOut(value, `"${word}" of info`));
  }
  for (const { name, value } of membersOf(info)) {
    if (name.startsWith("x-")) map.note(api.importing.leftOut(value, `"${name}" of info`));
  }
}
