import { places } from "../mapping/expressions/index.js";
import { linearPatternProblem } from "../mapping/linear-pattern.js";
import type { Authorizer, CognitoAuthorizer, JwtAuthorizer, LambdaAuthorizer } from "../model/authorizers.js";
import type { Reference, Text } from "../model/expressions.js";
import type {
  AuthorizerSyntax,
  CognitoAuthorizerSyntax,
  JwtAuthorizerSyntax,
  LambdaAuthorizerSyntax,
  TextValue,
} from "../syntax/gateway-syntax.js";
import { builtInAuthorizers } from "./authorization.js";
import type { Checking } from "./checking.js";
import { readExpression, readText } from "./expressions.js";
import type { FunctionTable } from "./functions.js";
import { checkCount, numberOr, ttlRange } from "./limits.js";
import { isHeaderName } from "./names.js";
import { readPattern } from "./selection-patterns.js";

const authorization: Reference = { kind: "header", name: "Authorization" };

/** Authorizers of the file; what is broken is left out, its name stays known. */
export function checkAuthorizers(checking: Checking, functions: FunctionTable): readonly Authorizer[] {
  const { authorizers } = checking.syntax;
  for (const { name } of authorizers) {
    if (builtInAuthorizers.includes(name.text)) {
      checking.report("reserved-authorizer", name.span, { name: name.text });
    } else if (!/^[A-Za-z0-9_-]{1,128}$/.test(name.text)) {
      checking.report("bad-authorizer-name", name.span, { name: name.text });
    }
  }
  const names = authorizers.map(({ name }) => name);
  const instead = "share an authorizer between routes, or ask AWS to raise the quota";
  checkCount(names, { most: 10, what: "authorizers of an API", instead, canBeRaised: true }, checking.report);
  return authorizers.flatMap((syntax) => checkAuthorizer(syntax, checking, functions) ?? []);
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

function checkCognito(syntax: CognitoAuthorizerSyntax, checking: Checking): CognitoAuthorizer | undefined {
  if (checking.kind === "http") {
    checking.report("not-on-http-apis", syntax.name.span, {
      what: "Cognito authorizers",
      instead: "use jwt: with the user pool as its issuer, https://cognito-idp.<region>.amazonaws.com/<pool id>",
    });
    return undefined;
  }
  if (syntax.header && !isHeaderName(syntax.header, checking)) return undefined;
  return {
    kind: "cognito",
    name: syntax.name.text,
    description: syntax.description?.text,
    providerArns: syntax.cognito.flatMap((arn) => userPool(arn, checking) ?? []),
    header: syntax.header?.text ?? "Authorization",
    ttlSeconds: numberOr(syntax.ttl, 300, ttlRange("the authorizer's ttl"), checking.report),
    ...issuerOptions(syntax, checking),
  };
}

const skewRange = { least: 0, most: 300, what: "the clock skew, in seconds" };

function issuerOptions(
  { issuerEndpoint, clockSkew }: CognitoAuthorizerSyntax | JwtAuthorizerSyntax,
  checking: Checking,
): Pick<JwtAuthorizer, "issuerEndpoint" | "clockSkewSeconds"> {
  return {
    issuerEndpoint: issuerEndpoint && endpointOf(issuerEndpoint, checking),
    clockSkewSeconds: numberOr(clockSkew, 5, skewRange, checking.report),
  };
}

/** Keys come over https, or from this machine, or from a neighbour that is named by one label. */
function endpointOf(endpoint: TextValue, checking: Checking): Text | undefined {
  const text = readText(endpoint, places.arn, checking);
  if (!text) return undefined;
  const [first] = text.parts;
  if (
    typeof first === "object" ||
    /^(?:https:\/\/[^/\s]+|http:\/\/(?:127(?:\.\d+){3}|\[::1\]|[\w-]+)(?::\d+)?(?:\/|$))/.test(first ?? "")
  )
    return text;
  checking.report("bad-issuer-endpoint", endpoint.span, { endpoint: endpoint.text });
  return undefined;
}

/** A stage variable may stand for the pool's id only (aws-behaviour.md section 19). */
function userPool(arn: TextValue, checking: Checking): Text | undefined {
  const text = readText(arn, places.arn, checking);
  if (!text) return undefined;
  const [first] = text.parts;
  const isPool = typeof first === "string" && /^arn:aws[\w-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\//.test(first);
  if (isPool || (typeof first === "object" && first.kind === "env")) return text;
  checking.report("bad-user-pool-arn", arn.span, { arn: arn.text });
  return undefined;
}

function checkLambda(
  syntax: LambdaAuthorizerSyntax,
  checking: Checking,
  functions: FunctionTable,
): LambdaAuthorizer | undefined {
  const name = functions.use(syntax.lambda);
  const isHttp = checking.kind === "http";
  const type = syntax.type?.value ?? (syntax.validation && !isHttp ? "token" : "request");
  const identity = identityOf(syntax, type, checking);
  const ttlSeconds = numberOr(syntax.ttl, isHttp ? 0 : 300, ttlRange("the authorizer's ttl"), checking.report);
  const payloadFormat = syntax.payloadFormat?.value ?? (isHttp ? "2.0" : "1.0");
  if (!optionsFit(syntax, type, payloadFormat, checking) || identity === undefined) return undefined;
  if (ttlSeconds > 0 && identity.length === 0) {
    checking.report("identity-missing", syntax.name.span, { name: syntax.name.text });
  }
  return {
    kind: "lambda",
    name: syntax.name.text,
    description: syntax.description?.text,
    function: name,
    type,
    identity,
    validation: syntax.validation?.text,
    ttlSeconds,
    payloadFormat,
    simpleResponses: syntax.simpleResponses?.value ?? false,
    ...(syntax.credentials ? { credentials: readText(syntax.credentials, places.arn, checking) } : {}),
    context: syntax.context.map(({ name: key, type: value }) => ({ name: key.text, type: value?.value ?? "string" })),
  };
}

/** Options that only one type, format or kind of API has. */
function optionsFit(
  syntax: LambdaAuthorizerSyntax,
  type: "token" | "request",
  payloadFormat: "1.0" | "2.0",
  checking: Checking,
): boolean {
  const { report, kind } = checking;
  if (kind === "http" && type === "token") {
    report("not-on-http-apis", syntax.type?.span ?? syntax.name.span, {
      what: "TOKEN authorizers",
      instead: "use type: request with identity: [$request.header.Authorization]",
    });
    return false;
  }
  if (syntax.validation && type === "request") {
    const option = "validation";
    report("authorizer-option", syntax.validation.span, { option, only: "type: token" });
    return false;
  }
  if (kind === "rest" && payloadFormat === "2.0" && syntax.payloadFormat) {
    report("not-on-rest-apis", syntax.payloadFormat.span, {
      what: "authorizer events of format 2.0",
      instead: "leave payloadFormat out, or use kind: http",
    });
    return false;
  }
  if (syntax.simpleResponses?.value && payloadFormat !== "2.0") {
    const only = "payloadFormat 2.0 of HTTP APIs";
    report("authorizer-option", syntax.simpleResponses.span, { option: "simpleResponses", only });
    return false;
  }
  return !syntax.validation || patternIsFine(syntax.validation, checking);
}

/** Tokens come from anybody: the pattern must not be made to run for long. */
function patternIsFine({ text, span }: TextValue, { report, checkPattern }: Checking): boolean {
  const read = readPattern(text);
  if ("detail" in read) {
    report("bad-selection-pattern", span, { pattern: text, detail: read.detail });
    return false;
  }
  const verdict = checkPattern(read.pattern, { maxLength: 8192 });
  const linear = linearPatternProblem(text);
  if (verdict.kind === "exponential" || verdict.kind === "polynomial")
    report("slow-selection-pattern", span, { pattern: text, attack: verdict.attack });
  else if (linear !== undefined) report("bad-token-pattern", span, { pattern: text, detail: linear });
  else return true;
  return false;
}

function identityOf(
  { identity }: LambdaAuthorizerSyntax,
  type: "token" | "request",
  checking: Checking,
): readonly Reference[] | undefined {
  if (identity === undefined) return [authorization];
  const read = identity.map((text) => readExpression(text, places.identity, checking));
  if (!read.every((reference) => reference !== undefined)) return undefined;
  const [first, second] = read;
  if (type === "request" || (first?.kind === "header" && second === undefined)) return read;
  checking.report("bad-identity-source", (identity[second ? 1 : 0] as TextValue).span, {});
  return undefined;
}

function checkJwt(syntax: JwtAuthorizerSyntax, checking: Checking): JwtAuthorizer | undefined {
  if (checking.kind === "rest") {
    checking.report("not-on-rest-apis", syntax.name.span, {
      what: "JWT authorizers",
      instead: "use cognito: with a user pool, a Lambda authorizer, or kind: http",
    });
    return undefined;
  }
  const issuer = issuerOf(syntax.jwt, checking);
  const audience = syntax.audience ?? [];
  if (audience.length === 0) checking.report("audience-missing", syntax.name.span, { name: syntax.name.text });
  const instead = "use several authorizers";
  checkCount(audience, { most: 50, what: "audiences of an authorizer", instead, canBeRaised: false }, checking.report);
  const audiences = audience.flatMap((text) => readText(text, places.secret, checking) ?? []);
  const identity = syntax.identity ? readExpression(syntax.identity, places.identity, checking) : authorization;
  if (issuer === undefined || identity === undefined) return undefined;
  return {
    kind: "jwt",
    name: syntax.name.text,
    description: syntax.description?.text,
    issuer,
    audience: audiences,
    identity,
    ...issuerOptions(syntax, checking),
  };
}

/** AWS reads the keys from the issuer over HTTPS. */
function issuerOf(jwt: TextValue, checking: Checking): Text | undefined {
  const text = readText(jwt, places.secret, checking);
  if (!text) return undefined;
  const [first] = text.parts;
  if (typeof first === "object" || /^https:\/\/[^/\s]+/.test(first ?? "")) return text;
  checking.report("bad-issuer", jwt.span, { issuer: jwt.text });
  return undefined;
}
