import { logicalId } from "../intrinsics.js";
import {
  itemsOf,
  type MapTree,
  madeList,
  madeMap,
  madeScalar,
  memberOf,
  membersOf,
  type Tree,
  textOf,
} from "../tree.js";
import { withComponents } from "./components.js";
import { lowerFirst, type Resource, type Resources } from "./resources.js";
import { nameOf } from "./rest-api.js";

const prefix = "x-amazon-apigateway-";

/** An HTTP API of routes and integrations as the OpenAPI document that says the same. */
export function httpDocument(api: Resource, resources: Resources): MapTree {
  const { tree, properties, id } = api;
  const own = memberOf(properties, "Body") ?? memberOf(properties, "DefinitionBody");
  const members = new Map<string, Tree | undefined>(membersOf(own).map(({ name, value }) => [name, value]));
  members.set("openapi", members.get("openapi") ?? madeScalar(tree, "3.0.1"));
  const info = members.get("info");
  members.set(
    "info",
    madeMap(tree, [
      ["title", memberOf(info, "title") ?? memberOf(properties, "Name") ?? madeScalar(tree, id)],
      ["version", memberOf(info, "version") ?? memberOf(properties, "Version") ?? madeScalar(tree, "1.0.0")],
      ["description", memberOf(info, "description") ?? memberOf(properties, "Description")],
    ]),
  );
  members.set(`${prefix}importexport-version`, madeScalar(tree, "1.0"));
  members.set(
    "paths",
    madeMap(tree, [
      ...membersOf(members.get("paths")).map(({ name, value }) => [name, value] as const),
      ...pathsOf(api, resources),
    ]),
  );
  const closed = memberOf(properties, "DisableExecuteApiEndpoint");
  if (closed) members.set(`${prefix}disable-execute-api-endpoint`, closed);
  const cors = memberOf(properties, "CorsConfiguration");
  if (cors?.kind === "map")
    members.set(
      `${prefix}cors`,
      madeMap(
        cors,
        membersOf(cors).map(({ name, value }) => [lowerFirst(name), value]),
      ),
    );
  // SAM's `CorsConfiguration: true` lets everybody in.
  if (cors?.kind === "scalar" && cors.value === true)
    members.set(`${prefix}cors`, madeMap(cors, [["allowOrigins", madeList(cors, [madeScalar(cors, "*")])]]));
  return withComponents(madeMap(tree, members), { schemes: authorizersOf(api, resources) });
}

function pathsOf(api: Resource, resources: Resources): readonly (readonly [string, Tree])[] {
  const paths = new Map<string, [string, Tree][]>();
  const add = (key: string, operation: Tree) => {
    const [method = "", path = ""] = key === "$default" ? ["ANY", "/$default"] : key.split(/\s+/);
    const word = method === "ANY" ? `${prefix}any-method` : method.toLowerCase();
    paths.set(path, [...(paths.get(path) ?? []), [word, operation]]);
  };
  for (const route of resources.belongingTo("AWS::ApiGatewayV2::Route", api.id)) {
    add(textOf(memberOf(route.properties, "RouteKey")) ?? "$default", operationOf(route, resources));
  }
  const target = memberOf(api.properties, "Target");
  if (target) {
    const isUrl = /^https?:/.test(textOf(target) ?? "");
    const integration = madeMap(target, [
      ["type", madeScalar(target, isUrl ? "http_proxy" : "aws_proxy")],
      ["uri", target],
      ["payloadFormatVersion", madeScalar(target, isUrl ? "1.0" : "2.0")],
    ]);
    add(
      textOf(memberOf(api.properties, "RouteKey")) ?? "$default",
      madeMap(target, [[`${prefix}integration`, integration]]),
    );
  }
  return [...paths].map(([path, operations]) => [path, madeMap(api.tree, operations)] as const);
}

function operationOf({ tree, properties }: Resource, resources: Resources): MapTree {
  const integration = integrationBehind(memberOf(properties, "Target"), resources);
  const authorizer = resources.get(logicalId(memberOf(properties, "AuthorizerId")));
  const isIam = textOf(memberOf(properties, "AuthorizationType")) === "AWS_IAM";
  const scopes = memberOf(properties, "AuthorizationScopes") ?? madeList(tree, []);
  return madeMap(tree, [
    ["operationId", memberOf(properties, "OperationName")],
    ["security", madeList(tree, authorizer ? [madeMap(tree, [[nameOf(authorizer), scopes]])] : [])],
    [`${prefix}auth`, isIam ? madeMap(tree, [["type", madeScalar(tree, "AWS_IAM")]]) : undefined],
    [`${prefix}integration`, integration && httpIntegration(integration)],
  ]);
}

/** `integrations/${Integration}`: by Fn::Sub, or Fn::Join. */
export function integrationBehind(target: Tree | undefined, resources: Resources): Resource | undefined {
  const direct = resources.get(logicalId(target));
  if (direct) return direct;
  const join = memberOf(target, "Fn::Join");
  const parts = itemsOf(itemsOf(join)[1]);
  return parts.map((part) => resources.get(logicalId(part))).find((resource) => resource !== undefined);
}

export function httpIntegration({ tree, properties }: Resource): MapTree {
  const names: ReadonlyMap<string, string> = new Map([
    ["IntegrationType", "type"],
    ["IntegrationUri", "uri"],
    ["IntegrationMethod", "httpMethod"],
    ["CredentialsArn", "credentials"],
  ]);
  const members = membersOf(properties)
    .filter(({ name }) => name !== "ApiId" && name !== "Description")
    .map(({ name, value }) => [names.get(name) ?? lowerFirst(name), value] as const);
  return madeMap(tree, members);
}

function authorizersOf(api: Resource, resources: Resources): readonly (readonly [string, Tree])[] {
  return resources.belongingTo("AWS::ApiGatewayV2::Authorizer", api.id).map((authorizer) => {
    const { tree, properties } = authorizer;
    const jwt = memberOf(properties, "JwtConfiguration");
    const source = memberOf(properties, "IdentitySource");
    const list = itemsOf(source).flatMap((item) => textOf(item) ?? []);
    const members = membersOf(properties).map(({ name, value }): readonly [string, Tree] => {
      if (name === "AuthorizerType") return ["type", value];
      if (name === "IdentitySource")
        return ["identitySource", madeScalar(value, list.length > 0 ? list.join(", ") : (textOf(value) ?? ""))];
      if (name === "JwtConfiguration")
        return [
          "jwtConfiguration",
          madeMap(value, [
            ["issuer", memberOf(jwt, "Issuer")],
            ["audience", memberOf(jwt, "Audience")],
          ]),
        ];
      return [lowerFirst(name), value];
    });
    return [
      nameOf(authorizer),
      madeMap(tree, [
        ["type", madeScalar(tree, jwt ? "oauth2" : "apiKey")],
        [`${prefix}authorizer`, madeMap(tree, members)],
      ]),
    ] as const;
  });
}
