import { DraftMap } from "../draft.js";
import type { Importing } from "../importing.js";
import { logicalId } from "../intrinsics.js";
import { type Around, type OpenApiOptions, type ReadApi, readOpenApi } from "../openapi/document.js";
import { placeOf } from "../openapi/place.js";
import { type MapTree, type Member, madeMap, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { Variables } from "../variables.js";
import { withComponents } from "./components.js";
import { domainMap, domainsOf } from "./domains.js";
import { readFirewall } from "./firewall.js";
import { httpDocument } from "./http-api.js";
import { type Resource, Resources } from "./resources.js";
import { restDocument } from "./rest-api.js";
import { samPolicy } from "./sam-policy.js";
import { samGatewayResponses, samModels, samValidators } from "./sam-requests.js";
import { eventPaths, eventsOf, type SamDefaults, samCors, samSecurity } from "./serverless.js";
import { readStages, socketStageRoutes } from "./stages.js";
import { readWebSocket, webSocketAuthorizers } from "./websocket-api.js";
import { messageModels } from "./websocket-models.js";

/** Whether a document is a template of CloudFormation or SAM. */
export function isTemplate(tree: Tree): boolean {
  return memberOf(tree, "Resources")?.kind === "map";
}

/**
 * A CloudFormation or SAM template as gateway.yaml: its REST or HTTP API with stages, plans, keys and domains, and its WebSocket
 * API. Resources of other services stay where they are; what the template fills in becomes stage variables.
 *
 * @returns undefined when no API is in it, which has been reported
 */
export function readTemplate(template: MapTree, importing: Importing, options: OpenApiOptions): ReadApi | undefined {
  const resources = new Resources(template);
  const variables = new Variables();
  for (const { name, value } of membersOf(memberOf(template, "Parameters"))) {
    const preset = textOf(memberOf(value, "Default"));
    if (preset !== undefined) variables.suggest(name, preset);
  }
  const apis = httpAndRestApis(resources);
  const sockets = resources
    .of("AWS::ApiGatewayV2::Api")
    .filter(({ properties }) => textOf(memberOf(properties, "ProtocolType")) === "WEBSOCKET");
  const [api, ...others] = apis;
  const [socket, ...moreSockets] = sockets;
  for (const other of [...others, ...moreSockets])
    importing.leftOut(other.tree, `"${other.id}": a file holds one REST or HTTP API and one WebSocket API`);
  const implicit = api ? undefined : implicitApi(template, resources);
  const document = api ? documentOf(api, resources) : (implicit?.document ?? (socket && emptyDocument(socket)));
  if (!document) {
    template.file.report(
      "import-unknown-document",
      { start: 0, end: 1 },
      { found: "no resource of the template is an API of API Gateway" },
    );
    return undefined;
  }
  const home = memberOf(document, "swagger") ? "definitions" : "components/schemas";
  const models = socket && messageModels(socket, resources, home);
  const whole = socket
    ? withComponents(document, { schemas: models?.declared, schemes: webSocketAuthorizers(socket, resources) })
    : document;
  const owner = api ?? implicit?.owner ?? socket;
  const place = placeOf(document);
  const stages = owner ? readStages(owner, resources, importing, place) : undefined;
  const ownDomain = domainsOf(resources, place).find(({ isSocket }) => isSocket);
  const named = ownDomain && new DraftMap().set("name", ownDomain.name);
  const socketDomain = ownDomain && domainMap(ownDomain, stages?.stages ?? emptyMap(), named);
  const surroundings = models && {
    ...{ resources, models, domain: socketDomain, stageDrafts: stages?.stages ?? emptyMap() },
    stages: socketStageRoutes(socket, resources, place),
  };
  const around: Around = {
    variables,
    name: owner?.id,
    stages: stages?.stages ?? emptyMap(),
    plans: stages?.plans ?? emptyMap(),
    keys: stages?.keys ?? emptyMap(),
    domains: stages?.domains ?? emptyMap(),
    stageVariables: stages?.variables ?? new Map(),
    waf: api && !isHttp(api) ? readFirewall(api.id, resources, importing) : undefined,
    routeSettings: api || implicit ? stages?.routes : undefined,
    cors: owner && samCors(owner),
    websocket: surroundings && socket && ((context) => readWebSocket(socket, surroundings, context)),
  };
  const kind = api && isHttp(api) ? "http" : (implicit?.kind ?? "rest");
  // References of the document are paths of the document that was made, not of the template.
  template.file.tree = whole;
  return readOpenApi(whole, importing, { ...options, kind: options.kind ?? kind }, around);
}

function emptyMap() {
  return new DraftMap();
}

function httpAndRestApis(resources: Resources): readonly Resource[] {
  const types = [
    "AWS::ApiGateway::RestApi",
    "AWS::Serverless::Api",
    "AWS::ApiGatewayV2::Api",
    "AWS::Serverless::HttpApi",
  ];
  return types
    .flatMap((type) => resources.of(type))
    .filter(({ properties }) => textOf(memberOf(properties, "ProtocolType")) !== "WEBSOCKET");
}

function isHttp({ type }: Resource): boolean {
  return type === "AWS::ApiGatewayV2::Api" || type === "AWS::Serverless::HttpApi";
}

function documentOf(api: Resource, resources: Resources): MapTree {
  const document = isHttp(api) ? httpDocument(api, resources) : restDocument(api, resources);
  return api.type.startsWith("AWS::Serverless::") ? withEvents(document, api, resources) : document;
}

const policyMember = "x-amazon-apigateway-policy";

/** What SAM adds to an API: the events of functions, and `Auth` with its policy. */
function withEvents(document: MapTree, api: Resource, resources: Resources): MapTree {
  const kind = isHttp(api) ? "HttpApi" : "Api";
  // What SAM makes where events name no API has their routes already.
  const implicit = resources.get(api.id) === undefined ? eventsOf(kind, undefined, resources) : [];
  const events = eventsOf(kind, api.id, resources);
  const defaults = samDefaults(api, memberOf(document, "swagger") !== undefined);
  const paths = eventPaths(kind, events, defaults);
  const { schemes, security } = samSecurity(api);
  const all = [...membersOf(memberOf(document, "paths")).map(({ name, value }) => [name, value] as const), ...paths];
  const members = new Map(membersOf(document).map(({ name, value }) => [name, value as Tree | undefined]));
  members.set("paths", madeMap(api.tree, all));
  members.set("security", security ?? members.get("security"));
  if (kind === "Api") {
    const policy = samPolicy(api, [...implicit, ...events], members.get(policyMember), resources);
    if (policy) members.set(policyMember, policy);
    for (const [name, added] of [
      ["x-amazon-apigateway-gateway-responses", samGatewayResponses(api)],
      ["x-amazon-apigateway-request-validators", samValidators(api.tree)],
    ] as const)
      members.set(name, madeMap(api.tree, [...added, ...membersOf(members.get(name)).map(asPair)]));
  }
  return withComponents(madeMap(document, members), { schemes, schemas: samModels(api) });
}

function asPair({ name, value }: Member): readonly [string, Tree] {
  return [name, value];
}

function samDefaults({ properties }: Resource, isSwagger: boolean): SamDefaults {
  return { auth: memberOf(properties, "Auth"), isSwagger };
}

/** The API that SAM makes where events name none. */
function implicitApi(template: MapTree, resources: Resources) {
  for (const [kind, type] of [
    ["Api", "AWS::Serverless::Api"],
    ["HttpApi", "AWS::Serverless::HttpApi"],
  ] as const) {
    const globals = memberOf(memberOf(template, "Globals"), kind);
    const owner: Resource = {
      id: `Serverless${kind === "Api" ? "RestApi" : "HttpApi"}`,
      type,
      tree: template,
      properties: globals,
    };
    const paths = eventPaths(kind, eventsOf(kind, undefined, resources), samDefaults(owner, false));
    const hasEvents =
      paths.length > 0 ||
      resources.of("AWS::Serverless::Function").some(({ properties }) => hasEventOf(properties, kind, owner.id));
    if (!hasEvents) continue;
    const document = kind === "Api" ? restDocument(owner, resources) : httpDocument(owner, resources);
    const members = membersOf(document).map(asPair);
    const whole = madeMap(document, [...members, ["paths", madeMap(template, paths)]]);
    return {
      kind: kind === "Api" ? ("rest" as const) : ("http" as const),
      owner,
      document: withEvents(whole, owner, resources),
    };
  }
  return undefined;
}

function hasEventOf(properties: Tree | undefined, kind: string, id: string): boolean {
  return membersOf(memberOf(properties, "Events")).some(({ value }) => {
    const owner =
      memberOf(memberOf(value, "Properties"), "RestApiId") ?? memberOf(memberOf(value, "Properties"), "ApiId");
    return textOf(memberOf(value, "Type")) === kind && logicalId(owner) === id;
  });
}

function emptyDocument({ id, tree, properties }: Resource): MapTree {
  const title = memberOf(properties, "Name") ?? {
    kind: "scalar" as const,
    span: tree.span,
    file: tree.file,
    value: id,
    text: id,
  };
  const scalar = (value: string) => ({ kind: "scalar" as const, span: tree.span, file: tree.file, value, text: value });
  return madeMap(tree, [
    ["openapi", scalar("3.0.1")],
    [
      "info",
      madeMap(tree, [
        ["title", title],
        ["version", scalar("1.0.0")],
      ]),
    ],
    // An extension of API Gateway, so that what the template does not say has AWS's defaults.
    ["x-amazon-apigateway-request-validators", madeMap(tree, [])],
  ]);
}
