import type { TokenAuthorizerEntry } from "../../runtime/auth/authorizer-entry.js";
import { cognitoAuthorizer } from "../../runtime/auth/tokens/cognito-authorizer.js";
import { jwtAuthorizer } from "../../runtime/auth/tokens/jwt-authorizer.js";
import { createGateway } from "../../runtime/host/gateway.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { flatHeaders } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";
import { TestIssuer } from "./test-issuer.js";

interface TokenGiven {
  readonly use?: "id" | "access";
  readonly valid?: boolean;
  readonly expired?: boolean;
  readonly scope?: string;
  readonly claims?: object;
}

interface Given {
  readonly authorizer: {
    readonly type: string;
    readonly scopes?: readonly string[];
    readonly issuer?: string;
    readonly audience?: readonly string[];
  };
  readonly request?: { readonly headers?: object };
  readonly token?: TokenGiven;
}

const pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc";
const poolIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
const passes = "passes to the integration";

/** Cognito and JWT authorizers, with tokens of an issuer that runs for the case. */
export const runTokenAuthorizer: AreaRunner = async ({ given: untyped, expect }) => {
  const { authorizer, request, token } = untyped as unknown as Given;
  const issuer = await TestIssuer.start();
  try {
    const isJwt = authorizer.type === "JWT";
    const entry: TokenAuthorizerEntry = {
      kind: isJwt ? "jwt" : "cognito",
      name: "authorizer",
      identity: { in: "header", name: "authorization" },
      issuers: [isJwt ? (authorizer.issuer ?? "https://issuer.example") : pool],
      audience: authorizer.audience ?? ["audience"],
      issuerEndpoint: issuer.url,
      clockSkewSeconds: 5,
    };
    const step = isJwt ? jwtAuthorizer : cognitoAuthorizer;
    const route = testRoute("ANY /{path+}", async (x) => (await step(x)) || x.answer(200, [], passes), {
      authorizer: entry,
      scopes: authorizer.scopes ?? [],
    });
    const stage = isJwt ? "$default" : "dev";
    const gateway = createGateway({
      program: testProgram([route], {
        api: { kind: isJwt ? "http" : "rest" },
        stages: [{ name: stage, variables: [], log: "off" }],
      }),
      environment: {},
    });
    const headers = [
      ...flatHeaders(request?.headers),
      ...(token ? ["Authorization", tokenOf(token, issuer, entry)] : []),
    ];
    const answer = await gateway.inject({ path: isJwt ? "/x" : "/dev/x", headers });
    const seen = answer.body.toString() === passes ? passes : answer.status;
    if (expect["outcome"] !== undefined && expect["outcome"] !== seen)
      return `${show(seen)}, wanted ${show(expect["outcome"])}`;
    return answerProblem(expect, answer);
  } finally {
    await issuer.close();
  }
};

function tokenOf(
  { use, valid = true, expired = false, scope, claims }: TokenGiven,
  issuer: TestIssuer,
  entry: TokenAuthorizerEntry,
) {
  const now = Math.floor(Date.now() / 1000);
  const token = issuer.mint({
    iss: entry.kind === "jwt" ? entry.issuers[0] : poolIssuer,
    sub: "somebody",
    ...(entry.kind === "jwt" && { aud: entry.audience[0] }),
    iat: now - 3600,
    exp: expired ? now - 60 : now + 600,
    ...(use !== undefined && { token_use: use }),
    ...(scope !== undefined && { scope }),
    ...claims,
  });
  return valid ? token : `${token.slice(0, -8)}AAAAAAAA`;
}
