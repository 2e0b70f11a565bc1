import { DraftMap } from "../draft.js";
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
import type { Resource, Resources } from "./resources.js";
import { requestOf } from "./sam-requests.js";

const prefix = "x-amazon-apigateway-";
const stateMachine = "AWS::Serverless::StateMachine";

/** A route that a function or a state machine of a SAM template has as an event. */
export interface SamEvent {
  readonly called: Resource;
  readonly tree: Tree;
  readonly properties: Tree | undefined;
  readonly path: string;
  /** In lower case; `any` for all. */
  readonly method: string;
}

/** Events of an API; undefined: of the one that SAM makes where events name none. */
export function eventsOf(kind: "Api" | "HttpApi", api: string | undefined, resources: Resources): readonly SamEvent[] {
  const callable = [...resources.of("AWS::Serverless::Function"), ...resources.of(stateMachine)];
  return callable.flatMap((called) =>
    membersOf(memberOf(called.properties, "Events")).flatMap(({ value: tree }): readonly SamEvent[] => {
      if (textOf(memberOf(tree, "Type")) !== kind) return [];
      const properties = memberOf(tree, "Properties");
      const owner = logicalId(memberOf(properties, "RestApiId") ?? memberOf(properties, "ApiId"));
      if (owner !== api) return [];
      const path = textOf(memberOf(properties, "Path")) ?? (kind === "HttpApi" ? "/$default" : "/{proxy+}");
      const method = textOf(memberOf(properties, "Method"))?.toLowerCase() ?? "any";
      const isAny = method === "any" || method === "*" || path === "/$default";
      return [{ called, tree, properties, path, method: isAny ? "any" : method }];
    }),
  );
}

/** Routes that functions of a SAM template have as events, as paths of OpenAPI. */
export function eventPaths(
  kind: "Api" | "HttpApi",
  events: readonly SamEvent[],
  defaults: SamDefaults,
): readonly (readonly [string, Tree])[] {
  const paths = new Map<string, [string, Tree][]>();
  for (const event of events) {
    const { path, method } = event;
    const operations = paths.get(path) ?? [];
    operations.push([method === "any" ? `${prefix}any-method` : method, operationOf(event, kind, defaults)]);
    paths.set(path, operations);
  }
  return [...paths].map(([path, operations]) => [path, madeMap(operations[0]?.[1] as Tree, operations)] as const);
}

/** What an API of SAM says of all its routes. */
export interface SamDefaults {
  readonly auth: Tree | undefined;
  readonly isSwagger: boolean;
}

function operationOf(event: SamEvent, kind: "Api" | "HttpApi", { auth: ofApi, isSwagger }: SamDefaults): MapTree {
  const { called, tree: at, properties } = event;
  if (called.type === stateMachine)
    return madeMap(at, [
      ...accessOf(memberOf(properties, "Auth"), ofApi, at),
      ["responses", statuses(at)],
      [`${prefix}integration`, executionOf(event)],
    ]);
  const uri = madeMap(at, [["Fn::GetAtt", madeList(at, [madeScalar(at, called.id), madeScalar(at, "Arn")])]]);
  const request = requestOf(properties, isSwagger);
  return madeMap(at, [
    ...accessOf(memberOf(properties, "Auth"), ofApi, at),
    ...request.members,
    [
      `${prefix}integration`,
      madeMap(at, [
        ["type", madeScalar(at, "aws_proxy")],
        ["httpMethod", madeScalar(at, "POST")],
        ["uri", uri],
        [
          "payloadFormatVersion",
          kind === "HttpApi" ? (memberOf(properties, "PayloadFormatVersion") ?? madeScalar(at, "2.0")) : undefined,
        ],
        ["timeoutInMillis", memberOf(properties, "TimeoutInMillis")],
        ["cacheKeyParameters", request.cacheKeys.length > 0 ? madeList(at, request.cacheKeys) : undefined],
      ]),
    ],
  ]);
}

/** What SAM makes of a state machine's event: an execution whose input is the request's body. */
function executionOf({ called, tree: at, properties }: SamEvent): MapTree {
  const body = "$util.escapeJavaScript($input.json('$'))";
  const isUnescaped = isTrue(memberOf(properties, "UnescapeMappingTemplate"));
  const input = isUnescaped ? `${body}.replaceAll("\\\\'","'")` : body;
  const sub = (text: string) => madeMap(at, [["Fn::Sub", madeScalar(at, text)]]);
  const template = sub(`{"input": "${input}", "stateMachineArn": "\${${called.id}}"}`);
  return madeMap(at, [
    ["type", madeScalar(at, "aws")],
    ["httpMethod", madeScalar(at, "POST")],
    ["uri", sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution")],
    ["requestTemplates", madeMap(at, [["application/json", template]])],
    ["responses", statuses(at)],
  ]);
}

function statuses(at: Tree): MapTree {
  return madeMap(
    at,
    ["200", "400"].map((status) => [status, madeMap(at, [["statusCode", madeScalar(at, status)]])] as const),
  );
}

/** `Auth` of an event: what it does not say is the API's. Nothing where it says nothing of who may call. */
function accessOf(auth: Tree | undefined, ofApi: Tree | undefined, at: Tree) {
  const own = textOf(memberOf(auth, "Authorizer"));
  const scopes = memberOf(auth, "AuthorizationScopes");
  const keyed = memberOf(auth, "ApiKeyRequired");
  if (own === undefined && scopes === undefined && keyed === undefined) return [];
  const name = own ?? textOf(memberOf(ofApi, "DefaultAuthorizer"));
  const isBuiltIn = name === "NONE" || name === "AWS_IAM";
  const requirements = requirementsOf(
    isBuiltIn ? undefined : name,
    scopes,
    isTrue(keyed ?? memberOf(ofApi, "ApiKeyRequired")),
    { auth: ofApi, at },
  );
  return [
    ["security", madeList(at, requirements)],
    [`${prefix}auth`, isBuiltIn ? madeMap(at, [["type", madeScalar(at, name)]]) : undefined],
  ] as const;
}

/** An authorizer asks for its own scopes where nothing else is said. */
function requirementsOf(
  name: string | undefined,
  scopes: Tree | undefined,
  isKeyed: boolean,
  { auth, at }: { readonly auth: Tree | undefined; readonly at: Tree },
): readonly Tree[] {
  const authorizer = name === undefined ? undefined : memberOf(memberOf(auth, "Authorizers"), name);
  const wanted = scopes ?? memberOf(authorizer, "AuthorizationScopes") ?? madeList(at, []);
  return [
    ...(name === undefined ? [] : [madeMap(at, [[name, wanted]])]),
    ...(isKeyed ? [madeMap(at, [["api_key", madeList(at, [])]])] : []),
  ];
}

/** `Auth` of a SAM API as security schemes, and what every route needs by default. */
export function samSecurity(api: Resource): {
  readonly schemes: readonly (readonly [string, Tree])[];
  readonly security: Tree | undefined;
} {
  const auth = memberOf(api.properties, "Auth");
  const at = auth ?? api.tree;
  const isHttp = api.type === "AWS::Serverless::HttpApi";
  const schemes = membersOf(memberOf(auth, "Authorizers")).map(
    ({ name, value }) => [name, schemeOf(value, isHttp)] as const,
  );
  const chosen = textOf(memberOf(auth, "DefaultAuthorizer"));
  const key = madeMap(at, [
    ["type", madeScalar(at, "apiKey")],
    ["name", madeScalar(at, "x-api-key")],
    ["in", madeScalar(at, "header")],
  ]);
  const iam = madeMap(at, [
    ["type", madeScalar(at, "apiKey")],
    [`${prefix}authtype`, madeScalar(at, "awsSigv4")],
  ]);
  const items = requirementsOf(chosen, undefined, isTrue(memberOf(auth, "ApiKeyRequired")), { auth, at });
  const keys = isHttp ? [] : [["api_key", key] as const];
  return {
    schemes: [...schemes, ...keys, ...(chosen === "AWS_IAM" ? [["AWS_IAM", iam] as const] : [])],
    security: items.length > 0 ? madeList(at, items) : undefined,
  };
}

/** `Cors` of a SAM REST API, whose texts API Gateway wants in quotes: `"'GET,POST'"`. */
export function samCors({ type, properties }: Resource): DraftMap | undefined {
  const cors = memberOf(properties, "Cors");
  if (type !== "AWS::Serverless::Api" || cors === undefined) return undefined;
  const listOf = (tree: Tree | undefined) =>
    (textOf(tree) ?? "").split(",").flatMap((each) => each.replaceAll("'", "").trim() || []);
  if (cors.kind === "scalar") return new DraftMap().setFull("origins", listOf(cors));
  const age = Number((textOf(memberOf(cors, "MaxAge")) ?? "").replaceAll("'", ""));
  const methods = listOf(memberOf(cors, "AllowMethods")).filter((method) => method !== "OPTIONS");
  return new DraftMap()
    .setFull("origins", listOf(memberOf(cors, "AllowOrigin")))
    .setFull("methods", methods.includes("*") ? [] : methods)
    .setFull("headers", listOf(memberOf(cors, "AllowHeaders")))
    .set("credentials", textOf(memberOf(cors, "AllowCredentials")) === "true" ? true : undefined)
    .set("maxAge", age > 0 ? age : undefined);
}

/** Where `Identity` of an authorizer reads, as REST and as HTTP APIs write it. */
const identityPlaces: ReadonlyMap<string, readonly [rest: string, http: string]> = new Map([
  ["Headers", ["method.request.header", "$request.header"]],
  ["QueryStrings", ["method.request.querystring", "$request.querystring"]],
  ["StageVariables", ["stageVariables", "$stageVariables"]],
  ["Context", ["context", "$context"]],
]);

function schemeOf(tree: Tree, isHttp: boolean): MapTree {
  const jwt = memberOf(tree, "JwtConfiguration");
  const identity = memberOf(tree, "Identity");
  const header = textOf(memberOf(identity, "Header")) ?? "Authorization";
  const pool = memberOf(tree, "UserPoolArn");
  const type = pool
    ? "cognito_user_pools"
    : jwt
      ? "jwt"
      : (textOf(memberOf(tree, "FunctionPayloadType")) ?? "TOKEN").toLowerCase();
  const sources = membersOf(identity).flatMap(({ name, value }) => {
    const place = identityPlaces.get(name)?.[isHttp ? 1 : 0];
    const names = itemsOf(value).flatMap((item) => textOf(item) ?? []);
    return place === undefined ? [] : names.map((each) => `${place}.${each}`);
  });
  const authorizer = madeMap(tree, [
    ["type", madeScalar(tree, type)],
    [
      "providerARNs",
      pool && { kind: "list", span: pool.span, file: pool.file, items: pool.kind === "list" ? pool.items : [pool] },
    ],
    ["authorizerUri", memberOf(tree, "FunctionArn")],
    [
      "identitySource",
      memberOf(tree, "IdentitySource") ?? (sources.length > 0 ? madeScalar(tree, sources.join(", ")) : undefined),
    ],
    ["identityValidationExpression", memberOf(identity, "ValidationExpression")],
    ["authorizerResultTtlInSeconds", memberOf(identity, "ReauthorizeEvery")],
    ["authorizerPayloadFormatVersion", memberOf(tree, "AuthorizerPayloadFormatVersion")],
    ["enableSimpleResponses", memberOf(tree, "EnableSimpleResponses")],
    [
      "jwtConfiguration",
      jwt &&
        madeMap(jwt, [
          ["issuer", memberOf(jwt, "issuer") ?? memberOf(jwt, "Issuer")],
          ["audience", memberOf(jwt, "audience") ?? memberOf(jwt, "Audience")],
        ]),
    ],
  ]);
  return madeMap(tree, [
    ["type", madeScalar(tree, jwt ? "oauth2" : "apiKey")],
    ["name", madeScalar(tree, header)],
    ["in", madeScalar(tree, "header")],
    [`${prefix}authorizer`, authorizer],
  ]);
}
