import type { JsonValue } from "../../model/types.js";
import { DraftMap, draftOf } from "../draft.js";
import { cloudText } from "../intrinsics.js";
import { isTrue, jsonOf, type MapTree, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { Variables } from "../variables.js";
import { type Api, templateIn, textIn } from "./api.js";
import { statusOf } from "./bodies.js";
import { readCache } from "./cache-keys.js";
import { httpExpression, withVariables } from "./expressions.js";
import { readHttpRequest, readHttpResponses } from "./http-parameters.js";
import { readRestRequest, readRestResponses } from "./rest-parameters.js";
import type { RouteDraft } from "./route-draft.js";
import { marked } from "./security.js";

/** Members of the extension that have keys of the language; the others stay under aws-options. */
const read: ReadonlySet<string> = new Set(
  "type httpMethod uri timeoutInMillis passthroughBehavior requestTemplates requestParameters responses responseParameters"
    .split(" ")
    .concat(
      "payloadFormatVersion connectionType connectionId tlsConfig credentials integrationSubtype cacheKeyParameters cacheNamespace $ref".split(
        " ",
      ),
    ),
);

/** `x-amazon-apigateway-integration` (aws-behaviour.md sections 6 and 34); without one, the operation's own handler. */
export function readIntegration(tree: Tree | undefined, route: RouteDraft, api: Api): void {
  const integration = tree && api.importing.resolve(tree);
  if (integration?.kind !== "map") {
    if (integration) api.importing.wrongType(integration, "x-amazon-apigateway-integration", "a map");
    readDefault(route, api);
    return;
  }
  const type = (textOf(memberOf(integration, "type")) ?? "").toLowerCase();
  route.timeoutMs = numberOf(memberOf(integration, "timeoutInMillis"));
  const address = memberOf(integration, "uri");
  if (textOf(memberOf(integration, "integrationSubtype")) !== undefined) readFirstClass(integration, route, api);
  else if (type === "mock") readMock(integration, route, api);
  else if (type === "http" || type === "http_proxy")
    readHttp(integration, type, textIn(address, api) ?? "", route, api);
  else readAws(integration, type, address, route, api);
  readCache(integration, route, api);
  readOptions(integration, route, api);
}

/** Without an integration the operation is the module of its name. */
function readDefault(route: RouteDraft, api: Api): void {
  const name = route.operation ?? defaultName(route);
  route.integration.set("lambda", api.functions.module(name));
}

function defaultName({ method, path }: RouteDraft): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return [method.toLowerCase(), ...(words.length > 0 ? words : ["root"])].join("-");
}

function readAws(tree: MapTree, type: string, uri: Tree | undefined, route: RouteDraft, api: Api): void {
  const isProxy = type === "aws_proxy";
  // A function of the template is a module here, and no value that a stage must hold.
  const address = marked(cloudText(uri, api.place, new Variables()) ?? "", new Variables());
  const isLambda = isProxy || /lambda/i.test(address) || !/:apigateway:/.test(address);
  const name = isLambda ? api.functions.use(address, true) : undefined;
  if (name === undefined) {
    readService(tree, marked(textIn(uri, api) ?? "", api.variables), route, api);
    return;
  }
  route.integration.set("lambda", name);
  keepMethod(tree, "POST", route);
  if (api.kind === "http") {
    const format = Number(textOf(memberOf(tree, "payloadFormatVersion")) ?? "1.0");
    route.integration.set("payloadFormat", format === 2 ? undefined : "1.0");
    readHttpRequest(tree, route, api);
    readHttpResponses(tree, route, api);
  } else if (isProxy) keepAll(tree, ["requestParameters", "requestTemplates", "responses"], route, api);
  else readMapped(tree, "lambda", "", route, api);
  keepCredentials(tree, route, api);
}

/** The method of a Lambda function's call is always POST; another one fails on AWS, and stays what it was. */
function keepMethod(tree: MapTree, usual: string, route: RouteDraft): void {
  const method = textOf(memberOf(tree, "httpMethod"))?.toUpperCase();
  if (method !== undefined && method !== usual) route.integrationOptions.set("httpMethod", method);
}

/** Roles of integrations without a key for them: functions and HTTP backends. */
function keepCredentials(tree: MapTree, route: RouteDraft, api: Api): void {
  const credentials = memberOf(tree, "credentials");
  if (!credentials) return;
  const text = roleOf(credentials, api);
  if (text === undefined || text === "" || text.includes("${"))
    route.note(
      api.importing.leftOut(
        credentials,
        "credentials that the stack makes: CloudFormation of gateway has its own roles",
      ),
    );
  else route.integrationOptions.set("credentials", text);
}

/** A role's ARN; one that only the stack knows is no stage variable of ours. */
function roleOf(tree: Tree | undefined, { place }: Api): string | undefined {
  return cloudText(tree, place, new Variables());
}

function readService(tree: MapTree, uri: string, route: RouteDraft, api: Api): void {
  const match = /^arn:[\w-]+:apigateway:([\w${}.-]+):((?:[\w-]+\.)?[\w-]+):(action|path)\/(.*)$/s.exec(uri);
  if (!match) {
    route.note(api.importing.leftOut(tree, `an integration with "${uri}"`));
    readDefault(route, api);
    return;
  }
  const [, region, service = "", kind, rest = ""] = match;
  // `path/` and no slash behind it would read as an action.
  const target = kind === "action" ? rest : rest.includes("/") ? withVariables(rest) : `/${withVariables(rest)}`;
  route.integration.set("aws", `${service}:${target}`);
  if (region !== api.place.region) route.integrationOptions.set("uri", uri);
  const method = textOf(memberOf(tree, "httpMethod"))?.toUpperCase();
  const usual = kind === "action" ? "POST" : route.method;
  route.request.set("method", method === usual ? undefined : (method ?? "POST"));
  const credentials = memberOf(tree, "credentials");
  const role = roleOf(credentials, api);
  const isRole = role !== undefined && /^arn:aws[\w-]*:iam::(?:\d{12}:role\/|\*:user\/\*$)/.test(role);
  const isOwn = role === `arn:aws:iam::${api.place.account}:role/${api.functions.gateway}-integrations`;
  if (isRole && !isOwn) route.integration.set("credentials", withVariables(role));
  else if (credentials && !isOwn) {
    route.note(
      api.importing.leftOut(
        credentials,
        "credentials that the stack makes: CloudFormation of gateway has its own roles",
      ),
    );
  }
  readMapped(tree, "aws", rest, route, api);
  // Without a template the client's body passes; the language would make one of `with:`.
  const hasTemplate = membersOf(memberOf(tree, "requestTemplates")).length > 0;
  if (kind === "action" && !hasTemplate) route.request.set("template", "$input.body");
}

function readHttp(tree: MapTree, type: string, uri: string, route: RouteDraft, api: Api): void {
  const address = withVariables(marked(uri, api.variables));
  route.integration.set("http", address);
  const method = textOf(memberOf(tree, "httpMethod"))?.toUpperCase();
  route.request.set(
    "method",
    method === undefined || method === route.method || (route.path === "$default" && method === "ANY")
      ? undefined
      : method,
  );
  const isLinked = textOf(memberOf(tree, "connectionType"))?.toUpperCase() === "VPC_LINK";
  const link = textIn(memberOf(tree, "connectionId"), api);
  route.integration.set("vpcLink", isLinked && link !== undefined ? withVariables(link) : undefined);
  const tls = memberOf(tree, "tlsConfig");
  if (isTrue(memberOf(tls, "insecureSkipVerification"))) route.integration.set("insecureSkipVerification", true);
  else if (tls) route.integrationOptions.set("tlsConfig", draftOf(jsonOf(tls)));
  keepCredentials(tree, route, api);
  if (api.kind === "http") {
    readHttpRequest(tree, route, api);
    readHttpResponses(tree, route, api);
  } else if (type === "http") readMapped(tree, "http", address, route, api);
  else {
    readRestRequest(tree, address, route, api);
    keepAll(tree, ["requestTemplates", "responses"], route, api);
  }
}

/** A custom integration: templates and parameter mappings both ways. */
function readMapped(tree: MapTree, kind: "lambda" | "http" | "aws", uri: string, route: RouteDraft, api: Api): void {
  route.isMapped = true;
  readRestRequest(tree, uri, route, api);
  readTemplates(tree, route, api);
  readRestResponses(tree, kind, route, api);
  const makesBody = kind === "aws" || membersOf(memberOf(tree, "requestTemplates")).length > 0;
  keepPassthrough(tree, makesBody, route);
  if (kind !== "aws" && !isSaidToBeMapped(route)) {
    // Else it would be a proxy: the language tells by what is mapped.
    for (const response of route.responses.values()) if (response.isMade) response.from = "default";
  }
}

function isSaidToBeMapped({ request, responses }: RouteDraft): boolean {
  if (request.has("template") || request.has("templates")) return true;
  return [...responses.values()].some(
    ({ isMade, from, templates, contentHandling, headers }) =>
      isMade &&
      (from !== undefined ||
        templates.size > 0 ||
        contentHandling !== undefined ||
        [...headers.values()].some(({ value }) => value !== undefined)),
  );
}

/** AWS's default is WHEN_NO_MATCH; the language's is NEVER where there is a template. */
function keepPassthrough(tree: MapTree, makesBody: boolean, route: RouteDraft): void {
  const passthrough = (textOf(memberOf(tree, "passthroughBehavior")) ?? "when_no_match").toLowerCase();
  if (passthrough !== (makesBody ? "never" : "when_no_match")) route.request.set("passthrough", passthrough);
}

function readTemplates(tree: MapTree, route: RouteDraft, api: Api): void {
  const templates = membersOf(memberOf(tree, "requestTemplates")).flatMap(({ name, value }) => {
    const text = templateIn(value, api);
    return text === undefined ? [] : [[name.split(";")[0]?.trim().toLowerCase() ?? name, text] as const];
  });
  setTemplates(new Map(templates), route.request);
}

/** `template` for JSON, `templates` for others. */
export function setTemplates(templates: ReadonlyMap<string, string>, map: DraftMap): void {
  const others = new DraftMap();
  for (const [type, text] of templates) {
    if (type === "application/json") map.set("template", text);
    else others.set(type, text);
  }
  map.setFull("templates", others);
}

function readMock(tree: MapTree, route: RouteDraft, api: Api): void {
  route.isMapped = true;
  readRestResponses(tree, "mock", route, api);
  readRestRequest(tree, "", route, api);
  const made = new Map(
    membersOf(memberOf(tree, "requestTemplates")).map(({ name, value }) => [name, textIn(value, api) ?? ""]),
  );
  const status = route.mockStatus;
  const isUsual =
    made.size > 0 &&
    [...made].every(
      ([type, text]) => mockStatusOf(text) === status && (type === "application/json" || isBodyType(type, route)),
    );
  if (!isUsual) readTemplates(tree, route, api);
  keepPassthrough(tree, !isUsual && made.size > 0, route);
  route.integration.set("mock", null);
}

/** `mock:` of a route whose answers are known: the body of the chosen one where it is constant JSON. */
export function finishMock(route: RouteDraft): void {
  const answer = route.responses.get(route.mockStatus);
  const body = answer?.isMade && answer.from === undefined ? constantBody(answer.templates) : undefined;
  if (body !== undefined) answer?.templates.clear();
  const hasTemplate = answer?.templates.has("application/json") === true;
  route.integration.set("mock", body === undefined ? (hasTemplate ? new DraftMap() : null) : draftOf(body));
}

/** `{"statusCode": 200}` and nothing else. */
function mockStatusOf(template: string): number | undefined {
  const match = /^\s*\{\s*"?statusCode"?\s*:\s*(\d{3})\s*\}\s*$/.exec(template);
  return match ? Number(match[1]) : undefined;
}

function isBodyType(type: string, route: RouteDraft): boolean {
  return JSON.stringify(route.body instanceof DraftMap ? route.body.entries : "").includes(type);
}

/** JSON without expressions, written as the language writes it. */
function constantBody(templates: ReadonlyMap<string, string>): JsonValue | undefined {
  const text = templates.get("application/json");
  if (text === undefined || templates.size > 1 || /[$#\\]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as JsonValue;
    const isPlain = value !== null && JSON.stringify(value) === text && text !== "{}";
    return isPlain ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `SQS-SendMessage` of HTTP APIs. */
function readFirstClass(tree: MapTree, route: RouteDraft, api: Api): void {
  const subtype = textOf(memberOf(tree, "integrationSubtype")) ?? "";
  const [, prefix = "", action = ""] = /^([A-Za-z]+)-([A-Za-z]+)/.exec(subtype) ?? [];
  const service = services.get(prefix) ?? prefix.toLowerCase();
  route.integration.set("aws", `${service}:${action}`);
  const values = new DraftMap();
  for (const { name, value } of membersOf(memberOf(tree, "requestParameters"))) {
    const text = textIn(value, api);
    if (text !== undefined) values.set(name, httpExpression(text) ?? marked(text, api.variables));
  }
  route.integration.setFull("with", values);
  const credentials = roleOf(memberOf(tree, "credentials"), api);
  const isOwn = credentials === `arn:aws:iam::${api.place.account}:role/${api.functions.gateway}-integrations`;
  if (credentials !== undefined && !isOwn && !credentials.includes("${"))
    route.integration.set("credentials", credentials);
  readHttpResponses(tree, route, api);
}

const services: ReadonlyMap<string, string> = new Map([
  ["AppConfig", "appconfig"],
  ["EventBridge", "events"],
  ["Kinesis", "kinesis"],
  ["SQS", "sqs"],
  ["StepFunctions", "states"],
]);

/** What has no key is kept by AWS's own name. */
function readOptions(tree: MapTree, route: RouteDraft, api: Api): void {
  for (const { name, value } of membersOf(tree)) {
    if (read.has(name) || route.integrationOptions.has(name)) continue;
    if (name === "contentHandling" && route.isMapped)
      route.request.set("contentHandling", textOf(value)?.toUpperCase());
    else if (known.has(name)) route.integrationOptions.set(name, draftOf(jsonOf(value)));
    else route.note(api.importing.leftOut(value, `"${name}" of an integration`));
  }
}

const known: ReadonlySet<string> = new Set("contentHandling integrationTarget responseTransferMode".split(" "));

/** Members that a proxy does not use: kept as they are, so that nothing is lost on AWS. */
function keepAll(tree: MapTree, names: readonly string[], route: RouteDraft, api: Api): void {
  for (const name of names) {
    const value = memberOf(tree, name);
    if (value === undefined || (value.kind === "map" && value.members.size === 0)) continue;
    if (name === "responses" && isPlainProxy(value)) continue;
    void api;
    route.integrationOptions.set(name, draftOf(jsonOf(value)));
  }
}

/** `responses: { default: { statusCode: 200 } }` of a proxy says nothing. */
function isPlainProxy(responses: Tree): boolean {
  const [only, ...more] = membersOf(responses);
  return (
    more.length === 0 && only?.value.kind === "map" && only.value.members.size === 1 && statusOf(only.value) === 200
  );
}
