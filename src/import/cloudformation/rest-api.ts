import { logicalId } from "../intrinsics.js";
import {
  isTrue,
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
import { readJsonText } from "./json-text.js";
import { lowerFirst, type Resource, type Resources } from "./resources.js";

const prefix = "x-amazon-apigateway-";

/** A REST API of resources and methods as the OpenAPI document that says the same; its own document, where it has one. */
export function restDocument(api: Resource, resources: Resources): MapTree {
  const { tree, properties } = api;
  const own = memberOf(properties, "Body") ?? memberOf(properties, "DefinitionBody");
  const base = own?.kind === "map" ? own : undefined;
  const members = new Map<string, Tree | undefined>(membersOf(base).map(({ name, value }) => [name, value]));
  if (!members.has("swagger")) members.set("openapi", members.get("openapi") ?? madeScalar(tree, "3.0.1"));
  members.set("info", infoOf(api, members.get("info")));
  const paths = madePaths(api, resources);
  members.set(
    "paths",
    madeMap(
      tree,
      [...membersOf(members.get("paths")), ...membersOf(paths)].map(({ name, value }) => [name, value]),
    ),
  );
  setSettings(members, api);
  members.set(
    `${prefix}request-validators`,
    joined(members.get(`${prefix}request-validators`), validatorsOf(api, resources)),
  );
  members.set(
    `${prefix}gateway-responses`,
    joined(members.get(`${prefix}gateway-responses`), gatewayResponsesOf(api, resources)),
  );
  return withComponents(madeMap(tree, members), {
    schemas: modelsOf(api, resources),
    schemes: authorizersOf(api, resources),
  });
}

function joined(one: Tree | undefined, other: MapTree): MapTree {
  return madeMap(
    other,
    [...membersOf(one), ...other.members.values()].map(({ name, value }) => [name, value]),
  );
}

function infoOf({ id, tree, properties }: Resource, own: Tree | undefined): MapTree {
  return madeMap(tree, [
    ["title", memberOf(own, "title") ?? memberOf(properties, "Name") ?? madeScalar(tree, id)],
    ["version", memberOf(own, "version") ?? madeScalar(tree, "1.0.0")],
    ["description", memberOf(own, "description") ?? memberOf(properties, "Description")],
    ["license", memberOf(own, "license")],
  ]);
}

function setSettings(members: Map<string, Tree | undefined>, { properties }: Resource): void {
  const settings: readonly (readonly [string, string])[] = [
    ["BinaryMediaTypes", "binary-media-types"],
    ["MinimumCompressionSize", "minimum-compression-size"],
    ["ApiKeySourceType", "api-key-source"],
    ["Policy", "policy"],
    ["DisableExecuteApiEndpoint", "disable-execute-api-endpoint"],
  ];
  for (const [property, name] of settings) {
    const value = memberOf(properties, property);
    if (value) members.set(prefix + name, property === "BinaryMediaTypes" ? withSlashes(value) : value);
  }
  const written = memberOf(properties, "EndpointConfiguration");
  const endpoint = written && endpointMap(written);
  if (endpoint) {
    members.set(
      `${prefix}endpoint-configuration`,
      madeMap(endpoint, [
        ["types", memberOf(endpoint, "Types")],
        ["vpcEndpointIds", memberOf(endpoint, "VpcEndpointIds") ?? memberOf(endpoint, "VPCEndpointIds")],
      ]),
    );
  }
}

/** SAM writes `image~1png`. */
function withSlashes(types: Tree): Tree {
  return madeList(
    types,
    itemsOf(types).map((type) => madeScalar(type, (textOf(type) ?? "").replaceAll("~1", "/"))),
  );
}

/** SAM has one type: `EndpointConfiguration: REGIONAL`, or `{ Type: REGIONAL }`. */
function endpointMap(endpoint: Tree): MapTree | undefined {
  const type = endpoint.kind === "scalar" ? endpoint : memberOf(endpoint, "Type");
  if (type !== undefined)
    return madeMap(endpoint, [
      ["Types", madeList(endpoint, [type])],
      ["VpcEndpointIds", memberOf(endpoint, "VPCEndpointIds")],
    ]);
  return endpoint.kind === "map" ? endpoint : undefined;
}

/** Paths of `AWS::ApiGateway::Resource`, each with its methods. */
function madePaths(api: Resource, resources: Resources): MapTree {
  const paths = new Map<string, [string, Tree][]>();
  for (const method of resources.belongingTo("AWS::ApiGateway::Method", api.id)) {
    const path = pathOf(memberOf(method.properties, "ResourceId"), resources, 0);
    const name = textOf(memberOf(method.properties, "HttpMethod"))?.toLowerCase() ?? "any";
    const operations = paths.get(path) ?? [];
    operations.push([name === "any" ? `${prefix}any-method` : name, operationOf(method, path, resources)]);
    paths.set(path, operations);
  }
  return madeMap(
    api.tree,
    [...paths].map(([path, operations]) => [path, madeMap(api.tree, operations)] as const),
  );
}

function pathOf(id: Tree | undefined, resources: Resources, depth: number): string {
  const resource = resources.get(logicalId(id));
  if (resource?.type !== "AWS::ApiGateway::Resource" || depth > 50) return "/";
  const parent = pathOf(memberOf(resource.properties, "ParentId"), resources, depth + 1);
  return `${parent === "/" ? "" : parent}/${textOf(memberOf(resource.properties, "PathPart")) ?? resource.id}`;
}

function operationOf(method: Resource, path: string, resources: Resources): MapTree {
  const { tree, properties } = method;
  const validator = resources.get(logicalId(memberOf(properties, "RequestValidatorId")));
  return madeMap(tree, [
    ["operationId", memberOf(properties, "OperationName")],
    ["parameters", parametersOf(method, path)],
    ["requestBody", bodyOf(memberOf(properties, "RequestModels"), resources)],
    ["responses", responsesOf(method, resources)],
    ["security", securityOf(method, resources)],
    [
      `${prefix}auth`,
      textOf(memberOf(properties, "AuthorizationType")) === "AWS_IAM"
        ? madeMap(tree, [["type", madeScalar(tree, "AWS_IAM")]])
        : undefined,
    ],
    [`${prefix}request-validator`, validator && madeScalar(tree, validator.id)],
    [`${prefix}integration`, integrationOf(memberOf(properties, "Integration"))],
  ]);
}

const places: ReadonlyMap<string, string> = new Map([
  ["querystring", "query"],
  ["header", "header"],
  ["path", "path"],
]);

function parametersOf({ tree, properties }: Resource, path: string): Tree {
  const declared = membersOf(memberOf(properties, "RequestParameters")).flatMap(({ name, value }) => {
    const [, place = "", parameter = ""] = /^method\.request\.(\w+)\.(.+)$/.exec(name) ?? [];
    const where = places.get(place);
    if (where === undefined || (where === "path" && !path.includes(parameter))) return [];
    const required = textOf(memberOf(value, "Required")) ?? textOf(value);
    return [
      madeMap(value, [
        ["name", madeScalar(value, parameter)],
        ["in", madeScalar(value, where)],
        ["required", madeScalar(value, required === "true")],
        ["schema", madeMap(value, [["type", madeScalar(value, "string")]])],
      ]),
    ];
  });
  return madeList(tree, declared);
}

function bodyOf(models: Tree | undefined, resources: Resources): MapTree | undefined {
  if (models?.kind !== "map" || models.members.size === 0) return undefined;
  return madeMap(models, [
    ["content", contentOf(models, resources)],
    ["required", madeScalar(models, true)],
  ]);
}

function contentOf(models: Tree, resources: Resources): MapTree {
  return madeMap(
    models,
    membersOf(models).map(
      ({ name, value }) => [name, madeMap(value, [["schema", modelReference(value, resources)]])] as const,
    ),
  );
}

/** A model by its resource, or by its name; every API has `Empty` and `Error`. */
function modelReference(value: Tree, resources: Resources): Tree {
  const model = resources.get(logicalId(value));
  const name = model ? nameOf(model) : (textOf(value) ?? "");
  const isBuiltIn =
    (name === "Empty" || name === "Error") &&
    !resources.of("AWS::ApiGateway::Model").some((each) => nameOf(each) === name);
  if (isBuiltIn) return madeMap(value, [["type", madeScalar(value, "object")]]);
  return madeMap(value, [["$ref", madeScalar(value, `#/components/schemas/${name}`)]]);
}

/** The name that the template gives, or the resource's own. */
export function nameOf({ id, properties }: Resource): string {
  return textOf(memberOf(properties, "Name")) ?? id;
}

function responsesOf({ tree, properties }: Resource, resources: Resources): MapTree {
  return madeMap(
    tree,
    itemsOf(memberOf(properties, "MethodResponses")).map((response) => {
      const models = memberOf(response, "ResponseModels");
      const headers = membersOf(memberOf(response, "ResponseParameters")).flatMap(({ name, value }) => {
        const header = /^method\.response\.header\.(.+)$/.exec(name)?.[1];
        return header === undefined
          ? []
          : [[header, madeMap(value, [["schema", madeMap(value, [["type", madeScalar(value, "string")]])]])] as const];
      });
      return [
        textOf(memberOf(response, "StatusCode")) ?? "200",
        madeMap(response, [
          ["headers", madeMap(response, headers)],
          ["content", models ? contentOf(models, resources) : undefined],
        ]),
      ] as const;
    }),
  );
}

function securityOf({ tree, properties }: Resource, resources: Resources): Tree {
  const authorizer = resources.get(logicalId(memberOf(properties, "AuthorizerId")));
  const scopes = memberOf(properties, "AuthorizationScopes") ?? madeList(tree, []);
  return madeList(tree, [
    ...(authorizer ? [madeMap(tree, [[nameOf(authorizer), scopes]])] : []),
    ...(isTrue(memberOf(properties, "ApiKeyRequired")) ? [madeMap(tree, [["api_key", madeList(tree, [])]])] : []),
  ]);
}

/** The extension of OpenAPI that an integration's properties are. */
export function integrationOf(tree: Tree | undefined): MapTree | undefined {
  if (tree?.kind !== "map") return undefined;
  const members = membersOf(tree).flatMap(({ name, value }): readonly (readonly [string, Tree | undefined])[] => {
    switch (name) {
      case "IntegrationHttpMethod":
        return [["httpMethod", value]];
      case "IntegrationResponses":
        return [["responses", integrationResponses(value)]];
      default:
        return [[lowerFirst(name), value]];
    }
  });
  return madeMap(tree, members);
}

function integrationResponses(list: Tree): MapTree {
  return madeMap(
    list,
    itemsOf(list).map((response) => {
      const pattern = textOf(memberOf(response, "SelectionPattern"));
      const members = membersOf(response).map(({ name, value }) => [lowerFirst(name), value] as const);
      return [pattern === undefined || pattern === "" ? "default" : pattern, madeMap(response, members)] as const;
    }),
  );
}

function modelsOf(api: Resource, resources: Resources): readonly (readonly [string, Tree])[] {
  return resources.belongingTo("AWS::ApiGateway::Model", api.id).flatMap((model) => {
    const schema = memberOf(model.properties, "Schema");
    const tree = schema?.kind === "scalar" ? readJsonText(schema) : schema;
    return tree ? [[nameOf(model), tree] as const] : [];
  });
}

function authorizersOf(api: Resource, resources: Resources): readonly (readonly [string, Tree])[] {
  const needsKey = resources
    .belongingTo("AWS::ApiGateway::Method", api.id)
    .some(({ properties }) => isTrue(memberOf(properties, "ApiKeyRequired")));
  const own = resources.belongingTo("AWS::ApiGateway::Authorizer", api.id).map((authorizer) => {
    const { tree, properties } = authorizer;
    const source = textOf(memberOf(properties, "IdentitySource"));
    const members = membersOf(properties).map(
      ({ name, value }) => [name === "ProviderARNs" ? "providerARNs" : lowerFirst(name), value] as const,
    );
    const header = /^method\.request\.header\.([^,]+)/.exec(source ?? "")?.[1] ?? "Authorization";
    return [
      nameOf(authorizer),
      madeMap(tree, [
        ["type", madeScalar(tree, "apiKey")],
        ["name", madeScalar(tree, header)],
        ["in", madeScalar(tree, "header")],
        [`${prefix}authorizer`, madeMap(tree, members)],
      ]),
    ] as const;
  });
  const key = madeMap(api.tree, [
    ["type", madeScalar(api.tree, "apiKey")],
    ["name", madeScalar(api.tree, "x-api-key")],
    ["in", madeScalar(api.tree, "header")],
  ]);
  return needsKey ? [...own, ["api_key", key]] : own;
}

function validatorsOf(api: Resource, resources: Resources): MapTree {
  const validators = resources.belongingTo("AWS::ApiGateway::RequestValidator", api.id);
  return madeMap(
    api.tree,
    validators.map(
      ({ id, tree, properties }) =>
        [
          id,
          madeMap(
            tree,
            membersOf(properties).map(({ name, value }) => [lowerFirst(name), value]),
          ),
        ] as const,
    ),
  );
}

function gatewayResponsesOf(api: Resource, resources: Resources): MapTree {
  const responses = resources.belongingTo("AWS::ApiGateway::GatewayResponse", api.id);
  return madeMap(
    api.tree,
    responses.map(
      ({ tree, properties }) =>
        [
          textOf(memberOf(properties, "ResponseType")) ?? "DEFAULT_4XX",
          madeMap(
            tree,
            membersOf(properties).map(({ name, value }) => [lowerFirst(name), value]),
          ),
        ] as const,
    ),
  );
}
