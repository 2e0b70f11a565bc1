import type { AuthorizerLambda } from "./authorizer.template.js";

/** Parts of a request that a test gives an authorizer; all others are valid samples. */
export interface AuthorizerGiven {
  /** The method that is called, as `GET /orders/1`; default `GET /`. */
  readonly method?: string;
  /** The token, or the first of the identity sources; undefined: there is none. */
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Milliseconds that the function has left; default 3,000. */
  readonly remainingMs?: number;
}

/** What an authorizer has decided, as API Gateway understands it. */
export interface AuthorizerAnswer {
  /** 200: the method may be called; 401: the caller is unknown; 403: refused. */
  readonly status: 200 | 401 | 403;
  readonly principalId: string | undefined;
  readonly context: Readonly<Record<string, unknown>>;
  readonly usageIdentifierKey: string | undefined;
  /** Whether the decision, which may be kept, lets another method be called: `allows("DELETE /orders/1")`. */
  allows(method: string): boolean;
}

interface Sample {
  readonly type: "token" | "request";
  readonly payloadFormat: "1.0" | "2.0";
  readonly source: { readonly in: "header" | "query"; readonly name: string } | undefined;
}

const stageArn = "arn:aws:execute-api:us-east-1:123456789012:api1234567/test";

/** Calls an authorizer with an event as API Gateway sends it. What it throws, but for the 401, is thrown. */
export async function callAuthorizer(
  handler: AuthorizerLambda,
  sample: Sample,
  given: AuthorizerGiven,
): Promise<AuthorizerAnswer> {
  const method = given.method ?? "GET /";
  const context = {
    awsRequestId: "00000000-0000-4000-8000-000000000000",
    getRemainingTimeInMillis: () => given.remainingMs ?? 3000,
  };
  try {
    return answerOf((await handler(eventOf(sample, given, method), context)) as Result, method);
  } catch (error) {
    if (!(error instanceof Error) || error.message !== "Unauthorized") throw error;
    return { status: 401, principalId: undefined, context: {}, usageIdentifierKey: undefined, allows: () => false };
  }
}

function eventOf({ type, payloadFormat, source }: Sample, given: AuthorizerGiven, method: string): object {
  const token = "token" in given ? given.token : "test-token";
  const arn = arnOf(method);
  if (type === "token")
    return { type: "TOKEN", methodArn: arn, ...(token !== undefined && { authorizationToken: token }) };
  const [httpMethod = "GET", path = "/"] = method.split(" ");
  const sent = (place: "header" | "query") =>
    source?.in === place && token !== undefined ? { [source.name]: token } : {};
  const headers = { Host: "example.com", ...sent("header"), ...given.headers };
  const query = { ...sent("query"), ...given.query };
  const parts = { pathParameters: given.params ?? {}, stageVariables: given.stageVariables ?? {} };
  if (payloadFormat === "2.0")
    return {
      version: "2.0",
      type: "REQUEST",
      routeArn: arn,
      identitySource: token === undefined ? null : [token],
      routeKey: method,
      rawPath: path,
      rawQueryString: "",
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
      queryStringParameters: query,
      requestContext: {
        http: { method: httpMethod, path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1" },
        stage: "test",
      },
      ...parts,
    };
  return {
    type: "REQUEST",
    methodArn: arn,
    resource: path,
    path,
    httpMethod,
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: query,
    multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    requestContext: { httpMethod, path: `/test${path}`, stage: "test", identity: { sourceIp: "127.0.0.1" } },
    ...parts,
  };
}

function arnOf(method: string): string {
  return `${stageArn}/${method.trim().replace(/\s+\/?/, "/")}`;
}

interface Result {
  readonly principalId?: string;
  readonly isAuthorized?: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly usageIdentifierKey?: string;
  readonly policyDocument?: { readonly Statement: readonly Statement[] };
}

interface Statement {
  readonly Effect: string;
  readonly Resource: string | readonly string[];
}

function answerOf(result: Result, method: string): AuthorizerAnswer {
  const { principalId, isAuthorized, context = {}, usageIdentifierKey, policyDocument } = result;
  const covers = (effect: string, arn: string) =>
    (policyDocument?.Statement ?? []).some(
      ({ Effect, Resource }) =>
        Effect === effect &&
        (typeof Resource === "string" ? [Resource] : Resource).some((pattern) => isLike(arn, pattern)),
    );
  const allows = (other: string) => isAuthorized ?? (covers("Allow", arnOf(other)) && !covers("Deny", arnOf(other)));
  return { status: allows(method) ? 200 : 403, principalId, context, usageIdentifierKey, allows };
}

/** Policies know `*` and `?`. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(text);
}
