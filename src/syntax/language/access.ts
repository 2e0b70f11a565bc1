import type { AuthorizerSyntax, PolicyRuleSyntax, PolicySyntax } from "../access-syntax.js";
import {
  boolean,
  choice,
  duration,
  entries,
  found,
  isNothing,
  jsonMap,
  key,
  type Members,
  map,
  on,
  type Place,
  prose,
  type Shape,
  text,
  textOf,
} from "../shape/index.js";
import { entryOf, type Name, type Node } from "../tree.js";
import type { TextValue } from "../values-syntax.js";
import { name, texts } from "./shared.js";

const fields = {
  description: key(prose(), "What the authorizer is for.", { examples: ["Partners by the key that they were given."] }),
  cognito: key(
    texts("the ARN of a user pool"),
    "ARNs of Cognito user pools. The token's signature, issuer, expiry and scopes are checked.",
    {
      examples: ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"],
      on: on.rest,
    },
  ),
  lambda: key(
    name("the name of a function"),
    "Name of the function that decides: an entry of `functions`, or handlers/<name>.ts.",
    { examples: ["authorizePartner"] },
  ),
  jwt: key(
    text("the issuer's URL"),
    "Issuer of the JSON Web Tokens, as in their `iss` claim. Keys are found by OpenID discovery.",
    {
      examples: ["https://login.example.com/"],
      on: on.http,
    },
  ),
  header: key(text("the name of a header"), "Header that carries the token.", {
    examples: ["X-Token"],
    default: "Authorization",
    on: on.rest,
  }),
  type: key(
    choice(["token", "request"]),
    "`token`: the function gets one header, the first of `identity`. `request`: it gets the request.",
    {
      default: "request",
      on: on.rest,
    },
  ),
  identity: key(
    texts("an expression"),
    "Where the caller's identity comes from. A request without it is refused before the function runs, and it is the key of the cached result.",
    {
      default: ["$request.header.Authorization"],
      examples: [["$request.header.X-Partner", "$request.querystring.tenant"]],
    },
  ),
  validation: key(
    text("a regular expression"),
    "Java regular expression that a token must match; only with `type: token`.",
    {
      examples: ["^Bearer [-0-9A-Za-z._]+$"],
      on: on.rest,
    },
  ),
  ttl: key(duration("s", { min: 0 }), "Seconds that a decision is kept; 0 keeps none. AWS allows up to 3600.", {
    examples: [60],
    default: 300,
    on: on.restAndHttp,
  }),
  payloadFormat: key(choice(["1.0", "2.0"]), "Format of the event. REST APIs have 1.0 only.", {
    default: "2.0",
    on: on.http,
  }),
  simpleResponses: key(boolean(), "Whether the function answers `{ isAuthorized, context }` instead of a policy.", {
    default: false,
    on: on.http,
  }),
  credentials: key(
    text("the ARN of a role"),
    "Role that API Gateway calls the function with. By default the function's own permission lets it; the generated gateway uses its own credentials.",
    {
      examples: ["arn:aws:iam::123456789012:role/call-authorizers"],
      on: on.awsOnly,
    },
  ),
  context: key(
    entries(choice(["string", "number", "boolean"]), "a map of context values", (key, type) => ({ name: key, type })),
    "What the function hands on to handlers, templates and logs as $context.authorizer.<name>, with its type.",
    { default: {}, examples: [{ tenant: "string" }] },
  ),
  audience: key(texts("an audience"), "Values of `aud` (or `client_id`), one of which the token must have.", {
    examples: [["my-client-id"]],
    on: on.http,
  }),
  issuerEndpoint: key(
    text("an address"),
    "What is asked for the issuer's keys in its place, by the generated gateway: a local issuer. Tokens name the issuer as ever. GATEWAY_ISSUER_ENDPOINT_<NAME> in the environment goes before it.",
    { examples: ["${stageVariables.issuerEndpoint}", "http://127.0.0.1:9229"], on: on.nodeOnly },
  ),
  clockSkew: key(
    duration("s", { min: 0 }),
    "Seconds that the issuer's clock may be ahead of the gateway's, for `nbf` and `iat`; `exp` is never stretched.",
    { examples: [30], default: 5, on: on.nodeOnly },
  ),
};

const definition = map("an authorizer", fields, {
  oneOf: ["cognito", "lambda", "jwt"],
  needs: {
    header: ["cognito"],
    type: ["lambda"],
    identity: ["lambda", "jwt"],
    validation: ["lambda"],
    ttl: ["cognito", "lambda"],
    payloadFormat: ["lambda"],
    simpleResponses: ["lambda"],
    credentials: ["lambda"],
    context: ["lambda"],
    audience: ["jwt"],
    issuerEndpoint: ["cognito", "jwt"],
    clockSkew: ["cognito", "jwt"],
  },
  synonyms: {
    function: "lambda",
    arn: "cognito",
    userPool: "cognito",
    userPools: "cognito",
    issuer: "jwt",
    identitySource: "identity",
    identityValidationExpression: "validation",
    authorizerResultTtlInSeconds: "ttl",
    authorizerPayloadFormatVersion: "payloadFormat",
    enableSimpleResponses: "simpleResponses",
  },
});

export const authorizers = (): Shape<readonly AuthorizerSyntax[]> =>
  entries(definition, "a map of authorizers", (key, members, node) =>
    authorizerOf(key, members ?? definition.none(node.span)),
  );

function authorizerOf(name: Name, members: Members<typeof fields>): AuthorizerSyntax {
  const { span, description, cognito, lambda, jwt, header, ttl, identity, audience, issuerEndpoint, clockSkew } =
    members;
  const { type, validation, payloadFormat, simpleResponses, credentials, context } = members;
  const base = { name, span, description };
  if (cognito) return { ...base, kind: "cognito", cognito, header, ttl, issuerEndpoint, clockSkew };
  if (lambda) {
    const rest = { type, identity, validation, ttl, payloadFormat, simpleResponses, credentials };
    return { ...base, kind: "lambda", lambda, ...rest, context: context ?? [] };
  }
  if (jwt) return { ...base, kind: "jwt", jwt, audience, identity: identity?.[0], issuerEndpoint, clockSkew };
  return { ...base, kind: "broken" };
}

const rule = (): Shape<PolicyRuleSyntax> =>
  map("a policy rule", {
    ips: key(texts("an IP address or CIDR block"), "IP addresses and CIDR blocks of callers.", {
      examples: [["203.0.113.0/24"]],
    }),
    accounts: key(accounts(), "AWS accounts, or ARNs of principals, that callers belong to.", {
      examples: [["123456789012"]],
    }),
    vpcs: key(texts("the id of a VPC"), "VPCs that calls come from.", { examples: [["vpc-1a2b3c4d"]] }),
    vpcEndpoints: key(texts("the id of a VPC endpoint"), "VPC endpoints that calls come through.", {
      examples: [["vpce-1a2b3c4d"]],
    }),
  });

/** Account numbers are texts, quoted or not. */
function accounts(): Shape<readonly TextValue[]> {
  const expected = "an account number or ARN, or a list";
  const schema = { type: ["string", "number"] };
  return {
    expected,
    schema: () => ({ anyOf: [schema, { type: "array", items: schema }] }),
    read(node, place) {
      const items = node.kind === "list" ? node.items : [node];
      return items.flatMap((item) => accountOf(item, expected, place) ?? []);
    },
  };
}

function accountOf(node: Node, expected: string, { report }: Place): TextValue | undefined {
  if (node.kind === "scalar" && node.value !== null && typeof node.value !== "boolean") return textOf(node);
  report("wrong-type", node.span, { expected, found: found(node) });
  return undefined;
}

/** AWS's own document where there is a `Statement`; otherwise the shorthands. */
export function policy(): Shape<PolicySyntax> {
  const document = jsonMap("a policy document");
  const rules = map("a policy", {
    allow: key(rule(), "Who may call. Whoever is not named may not, unless another rule allows it.", {
      examples: [{ ips: ["203.0.113.0/24"] }],
    }),
    deny: key(rule(), "Who may not call, whatever else allows it.", { examples: [{ ips: ["203.0.113.7"] }] }),
  });
  return {
    expected: "a policy",
    schema: () => ({
      anyOf: [
        { ...document.schema(), required: ["Statement"], properties: { Version: { type: "string" }, Statement: {} } },
        { ...rules.schema(), type: "object" },
      ],
    }),
    read(node, place) {
      if (node.kind === "map" && entryOf(node, "Statement"))
        return { kind: "document", document: node, span: node.span };
      if (isNothing(node)) {
        place.report("wrong-type", node.span, { expected: "a policy", found: found(node) });
        return undefined;
      }
      const members = rules.read(node, place);
      return members ? { kind: "rules", ...members } : undefined;
    },
  };
}
