import { DraftMap } from "../draft.js";
import { logicalId } from "../intrinsics.js";
import { type MapTree, madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import type { Resource, Resources } from "./resources.js";

const prefix = "x-amazon-apigateway-";

/** A route that a function of a SAM template has as an event. */
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
  return resources.of("AWS::Serverless::Function").flatMap((called) =>
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
export function eventPaths(kind: "Api" | "HttpApi", events: readonly SamEvent[]): readonly (readonly [string, Tree])[] {
  const paths = new Map<string, [string, Tree][]>();
  for (const { called, tree, properties, path, method } of events) {
    const operations = paths.get(path) ?? [];
    operations.push([method === "any" ? `${prefix}any-method` : method, operationOf(called, tree, properties, kind)]);
    paths.set(path, operations);
  }
  return [...paths].map(([path, operations]) => [path, madeMap(operations[0]?.[1] as Tree, operations)] as const);
}

function operationOf({ id }: Resource, at: Tree, properties: Tree | undefined, kind: "Api" | "HttpApi"): MapTree {
  const auth = memberOf(properties, "Auth");
  const authorizer = textOf(memberOf(auth, "Authorizer"));
  const isKeyed = textOf(memberOf(auth, "ApiKeyRequired")) === "true";
  const uri = madeMap(at, [
    ["Fn::GetAtt", { kind: "list", span: at.span, file: at.file, items: [madeScalar(at, id), madeScalar(at, "Arn")] }],
  ]);
  const requirements: Tree[] = [];
  const scopes = memberOf(auth, "AuthorizationScopes") ?? {
    kind: "list" as const,
    span: at.span,
    file: at.file,
    items: [],
  };
  if (authorizer !== undefined && authorizer !== "NONE" && authorizer !== "AWS_IAM")
    requirements.push(madeMap(at, [[authorizer, scopes]]));
  if (isKeyed) requirements.push(madeMap(at, [["api_key", { kind: "list", span: at.span, file: at.file, items: [] }]]));
  const type =
    authorizer === "NONE" || authorizer === "AWS_IAM" ? madeMap(at, [["type", madeScalar(at, authorizer)]]) : undefined;
  return madeMap(at, [
    [
      "security",
      requirements.length > 0 ? { kind: "list", span: at.span, file: at.file, items: requirements } : undefined,
    ],
    [`${prefix}auth`, type],
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
      ]),
    ],
  ]);
}

/** `Auth` of a SAM API as security schemes, and what every route needs by default. */
export function samSecurity(api: Resource): {
  readonly schemes: readonly (readonly [string, Tree])[];
  readonly security: Tree | undefined;
} {
  const auth = memberOf(api.properties, "Auth");
  const at = auth ?? api.tree;
  const schemes = membersOf(memberOf(auth, "Authorizers")).map(({ name, value }) => [name, schemeOf(value)] as const);
  const chosen = textOf(memberOf(auth, "DefaultAuthorizer"));
  const isKeyed = textOf(memberOf(auth, "ApiKeyRequired")) === "true";
  const key = madeMap(at, [
    ["type", madeScalar(at, "apiKey")],
    ["name", madeScalar(at, "x-api-key")],
    ["in", madeScalar(at, "header")],
  ]);
  const none = { kind: "list" as const, span: at.span, file: at.file, items: [] };
  const iam = madeMap(at, [
    ["type", madeScalar(at, "apiKey")],
    [`${prefix}authtype`, madeScalar(at, "awsSigv4")],
  ]);
  const items = [
    ...(chosen === undefined ? [] : [madeMap(at, [[chosen, none]])]),
    ...(isKeyed ? [madeMap(at, [["api_key", none]])] : []),
  ];
  return {
    schemes: [...schemes, ["api_key", key], ...(chosen === "AWS_IAM" ? [["AWS_IAM", iam] as const] : [])],
    security: items.length > 0 ? { ...none, items } : undefined,
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

function schemeOf(tree: Tree): MapTree {
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
    const names = value.kind === "list" ? value.items.flatMap((item) => textOf(item) ?? []) : [];
    const place = name === "Headers" ? "header" : name === "QueryStrings" ? "querystring" : undefined;
    return place === undefined ? [] : names.map((each) => `method.request.${place}.${each}`);
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
