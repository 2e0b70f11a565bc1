import { parseValue } from "../mapping/expressions/parse-text.js";
import type { Authorization, Authorizer, LambdaAuthorizer } from "../model/authorizers.js";
import type { Reference } from "../model/expressions.js";
import { nearest } from "../nearest.js";
import type {
  AuthorizerSyntax,
  AuthSyntax,
  CognitoAuthorizerSyntax,
  JwtAuthorizerSyntax,
  LambdaAuthorizerSyntax,
  TextValue,
} from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import type { FunctionTable } from "./functions.js";
import { isInRange } from "./limits.js";
import { checkConfigText } from "./mapping-values.js";

const builtIn = ["iam", "none"];

/** Authorizers of the file; what is broken is left out, its name stays known. */
export function checkAuthorizers(checking: Checking, functions: FunctionTable): readonly Authorizer[] {
  const { authorizers } = checking.syntax;
  for (const { name } of authorizers) {
    if (builtIn.includes(name.text)) checking.report("reserved-authorizer", name.span, { name: name.text });
  }
  return authorizers.flatMap((syntax) => checkAuthorizer(syntax, checking, functions) ?? []);
}

/** Each route's `auth` names a declared authorizer, or `iam` or `none`. */
export function checkAuth(auth: AuthSyntax | undefined, checking: Checking): Authorization {
  if (auth?.name === undefined) return { kind: "none" };
  const name = auth.name.text;
  if (name === "none" || name === "iam") {
    const [scope] = auth.scopes;
    if (scope) checking.report("scopes-not-here", scope.span, { name });
    return { kind: name };
  }
  const { authorizers } = checking.syntax;
  const declared = authorizers.find((authorizer) => authorizer.name.text === name);
  if (declared === undefined) {
    const names = [...builtIn, ...authorizers.map((authorizer) => authorizer.name.text)];
    checking.report("unknown-authorizer", auth.name.span, { name, near: nearest(name, names) });
    return { kind: "none" };
  }
  const [scope] = auth.scopes;
  if (scope && declared.kind === "lambda") checking.report("scopes-not-here", scope.span, { name });
  return { kind: "authorizer", name, scopes: auth.scopes.map(({ text }) => text) };
}

function checkAuthorizer(
  syntax: AuthorizerSyntax,
  checking: Checking,
  functions: FunctionTable,
): Authorizer | undefined {
  switch (syntax.kind) {
    case "cognito":
      return checkCognito(syntax, checking);
    case "lambda":
      return checkLambda(syntax, checking, functions);
    case "jwt":
      return checkJwt(syntax, checking);
    case "broken":
      return undefined;
  }
}

function checkCognito(syntax: CognitoAuthorizerSyntax, checking: Checking): Authorizer | undefined {
  if (checking.kind === "http") {
    checking.report("not-on-http-apis", syntax.name.span, {
      what: "a Cognito authorizer",
      instead:
        "a JWT authorizer with the user pool as its issuer: jwt: https://cognito-idp.<region>.amazonaws.com/<pool id>",
    });
  }
  const providerArns = syntax.cognito.flatMap((arn) => {
    if (!/^arn:[^:]+:cognito-idp:/.test(arn.text) && !arn.text.startsWith("${")) {
      checking.report("bad-user-pool-arn", arn.span, { arn: arn.text });
    }
    return checkConfigText(arn, checking) ?? [];
  });
  return {
    kind: "cognito",
    name: syntax.name.text,
    description: syntax.description?.text,
    providerArns,
    header: syntax.header?.text ?? "Authorization",
    ttlSeconds: ttlOf(syntax.ttl, 300, checking),
  };
}

function checkLambda(syntax: LambdaAuthorizerSyntax, checking: Checking, functions: FunctionTable): LambdaAuthorizer {
  const type = syntax.type?.value ?? (checking.kind === "http" ? "request" : "token");
  const ttlSeconds = ttlOf(syntax.ttl, checking.kind === "http" ? 0 : 300, checking);
  const identity = identityOf(syntax, type, checking);
  if (checking.kind === "http" && type === "token") {
    checking.report("not-on-http-apis", syntax.type?.span ?? syntax.name.span, {
      what: "a TOKEN authorizer",
      instead: "type: request with identity: [$request.header.Authorization]",
    });
  }
  if (type === "request" && ttlSeconds > 0 && identity.length === 0) {
    checking.report("identity-missing", syntax.name.span, { name: syntax.name.text });
  }
  return {
    kind: "lambda",
    name: syntax.name.text,
    description: syntax.description?.text,
    function: functions.use(syntax.lambda),
    type,
    identity,
    validation: syntax.validation?.text,
    ttlSeconds,
    payloadFormat: syntax.payloadFormat?.value ?? (checking.kind === "http" ? "2.0" : "1.0"),
    simpleResponses: syntax.simpleResponses?.value ?? checking.kind === "http",
    context: syntax.context.map(({ name, type: value }) => ({ name: name.text, type: value?.value ?? "string" })),
  };
}

function identityOf(
  syntax: LambdaAuthorizerSyntax,
  type: "token" | "request",
  checking: Checking,
): readonly Reference[] {
  const parsed = (syntax.identity ?? []).flatMap((text) => identitySource(text, checking) ?? []);
  if (type === "request" || parsed.length > 0) return parsed;
  return [{ kind: "header", name: "Authorization" }];
}

function identitySource(text: TextValue, checking: Checking): Reference | undefined {
  const value = parseValue(text, { report: checking.report });
  if (value === undefined) return undefined;
  const allowed = ["header", "querystring", "context", "stageVariable"];
  if (value.kind === "reference" && allowed.includes(value.reference.kind)) return value.reference;
  checking.report("bad-identity-source", text.span, { text: text.text });
  return undefined;
}

function checkJwt(syntax: JwtAuthorizerSyntax, checking: Checking): Authorizer | undefined {
  if (checking.kind === "rest") checking.report("jwt-on-rest", syntax.name.span, { name: syntax.name.text });
  const issuer = checkConfigText(syntax.jwt, checking);
  if (issuer === undefined) return undefined;
  if (!/^(https:\/\/|\$\{)/.test(syntax.jwt.text) && !/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(syntax.jwt.text)) {
    checking.report("bad-issuer", syntax.jwt.span, { issuer: syntax.jwt.text });
  }
  return {
    kind: "jwt",
    name: syntax.name.text,
    description: syntax.description?.text,
    issuer,
    audience: (syntax.audience ?? []).flatMap((text) => checkConfigText(text, checking) ?? []),
    identity: (syntax.identity && identitySource(syntax.identity, checking)) ?? {
      kind: "header",
      name: "Authorization",
    },
  };
}

function ttlOf(
  ttl: { readonly value: number; readonly span: { start: number; end: number } } | undefined,
  otherwise: number,
  checking: Checking,
): number {
  if (ttl === undefined) return otherwise;
  isInRange(ttl, { least: 0, most: 3600, what: "the authorizer's ttl, in seconds" }, checking.report);
  return ttl.value;
}
