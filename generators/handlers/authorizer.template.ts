/** How the authorizer is declared; the binder answers in the form that it wants. */
export interface AuthorizerSpec {
  /** `policy`: a policy document. `simple`: `{ isAuthorized }` (HTTP APIs with simple responses). */
  readonly answer: "policy" | "simple";
  /** Where a REQUEST authorizer finds its first identity source. */
  readonly token?: { readonly in: "header" | "query"; readonly name: string };
}

/** The part of AWS Lambda's context object that is used here. */
export interface AuthorizerLambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** A Node.js Lambda handler: deploy it as it is, or let the gateway call it in process. */
export type AuthorizerLambda = (event: unknown, context: AuthorizerLambdaContext) => Promise<unknown>;

/** What an authorizer may know of a request. A TOKEN authorizer sees its token and the method's ARN only. */
export interface AuthorizerRequest {
  /** The header of a TOKEN authorizer as it was sent; of a REQUEST authorizer the first of its identity sources. */
  readonly token: string | undefined;
  /** A header, whatever its spelling. */
  header(name: string): string | undefined;
  query(name: string): string | undefined;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly stageVariables: Readonly<Record<string, string | undefined>>;
  /** `arn:aws:execute-api:region:account:api/stage/METHOD/path` of this request. */
  readonly methodArn: string;
  /** The event as API Gateway sent it. */
  readonly event: unknown;
  readonly context: AuthorizerLambdaContext;
}

/** Values that reach templates, functions and logs as `$context.authorizer.<name>`. */
export type ContextValues = Readonly<Record<string, string | number | boolean | null>>;

/** A caller who may call. */
export type Allowed<C> = {
  /** Names the caller in `$context.authorizer.principalId` and logs. */
  readonly principalId: string;
  /** API key of the caller, where the API takes its keys from authorizers. */
  readonly usageIdentifierKey?: string | undefined;
} & MethodLimits &
  ([C] extends [undefined] ? { readonly context?: ContextValues | undefined } : { readonly context: C });

/**
 * Methods as `GET /orders/*`, `*` being any run of characters. A decision is kept and holds for every method of the stage:
 * name all that the caller may call, or none at all, not just the one that is being called.
 */
export interface MethodLimits {
  /** Default: every method of the stage. */
  readonly only?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
}

/** What an authorizer may decide. */
export interface Decide<C> {
  allow(caller: Allowed<C>): Decision;
  /** 403. */
  deny(caller?: { readonly principalId?: string | undefined }): Decision;
  /** 401; kept by nobody. */
  unauthorized(): Decision;
}

declare const decision: unique symbol;
export interface Decision {
  readonly [decision]: true;
}

export type Authorizer<C> = (request: AuthorizerRequest, decide: Decide<C>) => Decision | Promise<Decision>;

/** Makes the Lambda handler of an authorizer. Whatever it throws refuses the request. */
export function bindAuthorizer<C>(spec: AuthorizerSpec, authorizer: Authorizer<C>): AuthorizerLambda {
  return async (event, context) => {
    const incoming = event as AuthorizerEvent;
    const methodArn = incoming.methodArn ?? incoming.routeArn ?? "";
    const policies: Decide<C> = {
      allow: (caller) => answer(spec, methodArn, true, caller),
      deny: (caller = {}) => answer(spec, methodArn, false, { principalId: caller.principalId ?? "anonymous" }),
      unauthorized: () => {
        throw new Error("Unauthorized");
      },
    };
    return authorizer(requestOf(spec, incoming, methodArn, context), policies);
  };
}

interface AuthorizerEvent {
  readonly methodArn?: string;
  readonly routeArn?: string;
  readonly authorizationToken?: string;
  readonly identitySource?: string | readonly string[] | null;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly stageVariables?: Readonly<Record<string, string | undefined>> | null;
}

function requestOf(
  { token }: AuthorizerSpec,
  event: AuthorizerEvent,
  methodArn: string,
  context: AuthorizerLambdaContext,
): AuthorizerRequest {
  const headers = new Map(Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const query = new Map(Object.entries(event.queryStringParameters ?? {}));
  const [source] = typeof event.identitySource === "string" ? [event.identitySource] : (event.identitySource ?? []);
  const named = token && (token.in === "header" ? headers.get(token.name.toLowerCase()) : query.get(token.name));
  return {
    token: event.authorizationToken ?? source ?? named,
    header: (name) => headers.get(name.toLowerCase()),
    query: (name) => query.get(name),
    params: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
    methodArn,
    event,
    context,
  };
}

interface AnyCaller extends MethodLimits {
  readonly principalId: string;
  readonly context?: unknown;
  readonly usageIdentifierKey?: string | undefined;
}

function answer(spec: AuthorizerSpec, methodArn: string, isAllowed: boolean, caller: AnyCaller): Decision {
  const { principalId, context, usageIdentifierKey } = caller;
  const details = { ...(context !== undefined && { context }), ...(usageIdentifierKey && { usageIdentifierKey }) };
  const result =
    spec.answer === "simple"
      ? { isAuthorized: isAllowed && isWithin(methodArn, caller), ...details }
      : { principalId, policyDocument: policyOf(methodArn, isAllowed, caller), ...details };
  return result as unknown as Decision;
}

function policyOf(methodArn: string, isAllowed: boolean, { only, except = [] }: MethodLimits): object {
  const { stageArn } = partsOf(methodArn);
  const resources = (methods: readonly string[]) => methods.map((method) => `${stageArn}/${patternOf(method)}`);
  const statement = (Effect: "Allow" | "Deny", methods: readonly string[]) => ({
    Action: "execute-api:Invoke",
    Effect,
    Resource: resources(methods),
  });
  const first = statement(isAllowed ? "Allow" : "Deny", isAllowed ? (only ?? ["*"]) : ["*"]);
  return { Version: "2012-10-17", Statement: except.length > 0 ? [first, statement("Deny", except)] : [first] };
}

/** A simple response is about this method only. */
function isWithin(methodArn: string, { only = ["*"], except = [] }: MethodLimits): boolean {
  const { method } = partsOf(methodArn);
  const isOneOf = (methods: readonly string[]) => methods.some((pattern) => matches(patternOf(pattern), method));
  return isOneOf(only) && !isOneOf(except);
}

function matches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = rest[rest.length - 1] ?? "";
  return text.length - at >= last.length && text.endsWith(last);
}

/** `GET /orders/*` → `GET/orders/*`; `*` stays. */
function patternOf(method: string): string {
  return method.trim().replace(/\s+\/?/, "/");
}

/** The ARN up to the stage, and what follows: `GET/orders/1`. */
function partsOf(methodArn: string): { readonly stageArn: string; readonly method: string } {
  const [api = "", stage = "", ...method] = methodArn.split("/");
  return { stageArn: `${api}/${stage}`, method: method.join("/") };
}
