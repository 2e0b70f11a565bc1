import { DraftMap } from "../draft.js";
import { logicalId } from "../intrinsics.js";
import type { Api } from "../openapi/api.js";
import { readIntegration } from "../openapi/integrations.js";
import { RouteDraft } from "../openapi/route-draft.js";
import { isTrue, itemsOf, madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { httpIntegration, integrationBehind } from "./http-api.js";
import { lowerFirst, type Resource, type Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";

const extension = "x-amazon-apigateway-authorizer";

/** `websocket:` of a WebSocket API. */
export function readWebSocket(
  socket: Resource,
  resources: Resources,
  api: Api,
  domain: DraftMap | undefined,
): DraftMap {
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
  for (const route of routes)
    all.set(textOf(memberOf(route.properties, "RouteKey")) ?? "$default", routeOf(route, resources, api));
  return map.set("routes", all);
}

function authOf(connect: Resource | undefined, resources: Resources): string | undefined {
  const type = textOf(memberOf(connect?.properties, "AuthorizationType"));
  if (type === "AWS_IAM") return "iam";
  const authorizer = resources.get(logicalId(memberOf(connect?.properties, "AuthorizerId")));
  return authorizer && nameOf(authorizer);
}

function routeOf(route: Resource, resources: Resources, api: Api): DraftMap {
  const key = textOf(memberOf(route.properties, "RouteKey")) ?? "$default";
  const draft = new RouteDraft("ANY", key, route.tree);
  draft.operation = textOf(memberOf(route.properties, "OperationName")) ?? key.replace(/^\$/, "");
  const integration = integrationBehind(memberOf(route.properties, "Target"), resources);
  // Templates and responses are those of REST APIs.
  readIntegration(integration && withResponses(integration, resources), draft, { ...api, kind: "rest" });
  const map = new DraftMap();
  for (const { name, value } of draft.integration.entries) map.set(name, value);
  if (!draft.integrationOptions.isEmpty) draft.request.set("aws-options", draft.integrationOptions);
  map.setFull("request", draft.request);
  map.set("timeout", draft.timeoutMs === 29_000 ? undefined : draft.timeoutMs);
  const isTwoWay = resources
    .of("AWS::ApiGatewayV2::RouteResponse")
    .some(({ properties }) => logicalId(memberOf(properties, "RouteId")) === route.id);
  if (isTwoWay) map.set("reply", "unknown");
  return map.note(...draft.notes);
}

function withResponses(integration: Resource, resources: Resources): Tree {
  const tree = httpIntegration(integration);
  const own = resources
    .of("AWS::ApiGatewayV2::IntegrationResponse")
    .filter(({ properties }) => logicalId(memberOf(properties, "IntegrationId")) === integration.id);
  const responses = own.map(({ tree: at, properties }) => {
    const key = textOf(memberOf(properties, "IntegrationResponseKey")) ?? "$default";
    const pattern = key === "$default" ? "default" : key.replaceAll(/^\/|\/$/g, "");
    const templates = memberOf(properties, "ResponseTemplates");
    const status = /^\d{3}$/.test(pattern) ? pattern : "200";
    return [
      pattern,
      madeMap(at, [
        ["statusCode", madeScalar(at, status)],
        ["responseTemplates", templates],
      ]),
    ] as const;
  });
  const members = membersOf(tree).map(({ name, value }) => [name, value] as const);
  return madeMap(tree, responses.length > 0 ? [...members, ["responses", madeMap(tree, responses)]] : members);
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
