import { anyType } from "../../model/type-builders.js";
import { DraftMap } from "../draft.js";
import { logicalId } from "../intrinsics.js";
import type { Api } from "../openapi/api.js";
import { textIn, typeExpression } from "../openapi/api.js";
import type { ReadWebSocket } from "../openapi/document.js";
import { finishMock, readIntegration } from "../openapi/integrations.js";
import { responsesOf } from "../openapi/operations.js";
import { RouteDraft } from "../openapi/route-draft.js";
import { type StageRoutes, setStageRoute, settleRoute, throttleOf } from "../stage-routes.js";
import { isTrue, itemsOf, madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { integrationBehind } from "./http-api.js";
import { lowerFirst, type Resource, type Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";
import { type SelectedAnswer, type SelectedTemplates, webSocketIntegration } from "./websocket-integration.js";
import { type MessageModels, modelName } from "./websocket-models.js";

const extension = "x-amazon-apigateway-authorizer";

/** What the routes of a WebSocket API are read with. */
export interface SocketSurroundings {
  readonly resources: Resources;
  readonly models: MessageModels;
  /** What its stages say of routes. */
  readonly stages: readonly StageRoutes[];
  /** Stages of gateway.yaml. */
  readonly stageDrafts: DraftMap;
  readonly domain: DraftMap | undefined;
}

interface Context extends SocketSurroundings {
  readonly api: Api;
  readonly keys: ReadonlySet<string>;
  /** The member of a message that has its route's key, where one member alone has it. */
  readonly selected: string | undefined;
}

/** `websocket:` of a WebSocket API. */
export function readWebSocket(socket: Resource, around: SocketSurroundings, api: Api): ReadWebSocket {
  const { resources, domain } = around;
  const map = new DraftMap();
  const { properties } = socket;
  map.set("description", textOf(memberOf(properties, "Description")));
  const select = textOf(memberOf(properties, "RouteSelectionExpression"));
  map.set("select", select === "$request.body.action" ? undefined : select);
  const routes = resources.belongingTo("AWS::ApiGatewayV2::Route", socket.id);
  const connect = routes.find((route) => textOf(memberOf(route.properties, "RouteKey")) === "$connect");
  map.set("auth", authOf(connect, resources));
  map.set("apiKey", isTrue(memberOf(connect?.properties, "ApiKeyRequired")) ? true : undefined);
  map.set("domain", domain);
  const all = new DraftMap();
  const keyOf = (route: Resource) => textOf(memberOf(route.properties, "RouteKey")) ?? "$default";
  const selected = /^\$(?:request\.body\.(\w+)|\{request\.body\.(\w+)\})$/.exec(select ?? "$request.body.action");
  const context = { ...around, api, keys: new Set(routes.map(keyOf)), selected: selected?.[1] ?? selected?.[2] };
  for (const route of routes) all.set(keyOf(route), routeOf(route, context));
  return { map: map.set("routes", all), origins: routes.map((route) => [keyOf(route), route.tree] as const) };
}

function authOf(connect: Resource | undefined, resources: Resources): string | undefined {
  const type = textOf(memberOf(connect?.properties, "AuthorizationType"));
  if (type === "AWS_IAM") return "iam";
  const authorizer = resources.get(logicalId(memberOf(connect?.properties, "AuthorizerId")));
  return authorizer && nameOf(authorizer);
}

function routeOf(route: Resource, context: Context): DraftMap {
  const { resources, api, stages, keys } = context;
  const key = textOf(memberOf(route.properties, "RouteKey")) ?? "$default";
  const draft = new RouteDraft("ANY", key, route.tree);
  draft.operation = textOf(memberOf(route.properties, "OperationName")) ?? key.replace(/^\$/, "");
  const integration = integrationBehind(memberOf(route.properties, "Target"), resources);
  const found = integration && webSocketIntegration(integration, resources);
  // Templates and responses are those of REST APIs.
  readIntegration(found?.tree, draft, { ...api, kind: "rest" });
  if (draft.integration.has("mock")) finishMock(draft);
  const map = new DraftMap();
  setBodies(map, route, draft, context);
  for (const { name, value } of draft.integration.entries) map.set(name, value);
  if (!draft.integrationOptions.isEmpty) draft.request.set("aws-options", draft.integrationOptions);
  if (found?.selection) setSelected(found.selection, draft.request, map, api);
  map.setFull("request", draft.request);
  map.setFull("responses", withSelections(responsesOf(draft), found?.answers ?? [], api));
  map.set("timeout", draft.timeoutMs === 29_000 ? undefined : draft.timeoutMs);
  const isTwoWay = resources
    .of("AWS::ApiGatewayV2::RouteResponse")
    .some(({ properties }) => logicalId(memberOf(properties, "RouteId")) === route.id);
  if (isTwoWay) map.set("reply", "unknown");
  const settled = settleRoute({ key, method: "", path: key }, stages, keys);
  if (settled) {
    map.setFull("throttle", throttleOf(settled.route)).set("log", settled.route.log);
    for (const [stage, on] of settled.stages) setStageRoute(stage, key, on, context.stageDrafts);
  }
  return map.note(...draft.notes);
}

/** What messages are validated by: one type, or several that the model selection expression chooses among. */
function setBodies(map: DraftMap, route: Resource, draft: RouteDraft, context: Context): void {
  const { api, models, resources, selected } = context;
  const typeOf = (named: Tree) => {
    const schema = models.byName.get(modelName(named, resources) ?? "");
    if (schema) {
      const type = typeExpression({ ...api.schemas.typeOf(schema), docs: anyType.docs });
      const key = /^[^'\\]*$/.test(draft.path) ? `'${draft.path}'` : JSON.stringify(draft.path);
      return selected !== undefined && draft.path !== "$default" && isWithout(schema, selected, models)
        ? `${type} & { ${selected}: ${key} }`
        : type;
    }
    draft.note(api.importing.leftOut(named, "models of messages that the template does not have"));
    return undefined;
  };
  const named = membersOf(memberOf(route.properties, "RequestModels"));
  const expression = textOf(memberOf(route.properties, "ModelSelectionExpression"));
  const [first] = named;
  if (first === undefined) return;
  if (expression === undefined) {
    draft.note(
      api.importing.leftOut(first.value, "models of messages: without ModelSelectionExpression they check nothing"),
    );
    return;
  }
  const constant = /^\\?\$default$/.test(expression) ? "$default" : /\$/.test(expression) ? undefined : expression;
  if (constant !== undefined) {
    const always = named.find(({ name }) => name === constant) ?? named.find(({ name }) => name === "$default");
    map.set("body", always && typeOf(always.value));
    return;
  }
  const bodies = new DraftMap();
  for (const { name, value } of named) bodies.set(name, typeOf(value));
  map.setFull("bodies", bodies).set("bodySelection", bodies.isEmpty ? undefined : expression);
}

/**
 * Whether a schema says nothing of the member that has the route's key, and allows it: API Gateway's models describe what comes
 * beside it, the language's types whole messages.
 */
function isWithout(schema: Tree, member: string, models: MessageModels, depth = 0): boolean {
  const target = /^#\/(?:definitions|components\/schemas)\/(.+)$/.exec(textOf(memberOf(schema, "$ref")) ?? "")?.[1];
  if (target !== undefined) {
    const named = models.declared.find(([name]) => name === target)?.[1];
    return named !== undefined && depth < 20 && isWithout(named, member, models, depth + 1);
  }
  if (combinations.some((word) => memberOf(schema, word) !== undefined)) return false;
  const additional = textOf(memberOf(schema, "additionalProperties")) ?? "true";
  const isObject = textOf(memberOf(schema, "type")) === "object" || memberOf(schema, "properties") !== undefined;
  return isObject && additional === "true" && memberOf(memberOf(schema, "properties"), member) === undefined;
}

const combinations = ["allOf", "anyOf", "oneOf", "not", "patternProperties", "enum"];

/** Templates that an expression chooses: their keys are what it yields. */
function setSelected({ expression, templates }: SelectedTemplates, owner: DraftMap, map: DraftMap, api: Api): void {
  map.set("templateSelection", expression);
  const all = new DraftMap();
  for (const { name, value } of membersOf(templates)) all.set(name, textIn(value, api) ?? "");
  owner.setFull("templates", all);
}

function withSelections(responses: DraftMap, answers: readonly SelectedAnswer[], api: Api): DraftMap {
  for (const { status, ...selected } of answers) {
    const known = responses.get(String(status));
    const response = new DraftMap();
    for (const { name, value } of known instanceof DraftMap ? known.entries : []) response.set(name, value);
    setSelected(selected, response, response, api);
    responses.set(String(status), response);
  }
  return responses;
}

/** Authorizers of a WebSocket API as security schemes: REQUEST ones, which is all that it can have. */
export function webSocketAuthorizers(socket: Resource, resources: Resources): readonly (readonly [string, Tree])[] {
  return resources.belongingTo("AWS::ApiGatewayV2::Authorizer", socket.id).map((authorizer) => {
    const { tree, properties } = authorizer;
    const sources = itemsOf(memberOf(properties, "IdentitySource")).flatMap(
      (item) => textOf(item)?.replace(/^route\.request\./, "method.request.") ?? [],
    );
    const members = membersOf(properties).map(({ name, value }): readonly [string, Tree] =>
      name === "IdentitySource" ? ["identitySource", madeScalar(value, sources.join(", "))] : [lowerFirst(name), value],
    );
    const own = madeMap(tree, [...members, ["type", madeScalar(tree, "request")]]);
    return [
      nameOf(authorizer),
      madeMap(tree, [
        ["type", madeScalar(tree, "apiKey")],
        [extension, own],
      ]),
    ] as const;
  });
}
