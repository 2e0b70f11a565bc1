import type { LambdaAuthorizer } from "../../src/model/authorizers.js";
import type { GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";

/** The function of one or several authorizers, as typed handlers. */
export interface AuthorizerFunctionPlan {
  /** As in gateway.yaml; also the name of its module. */
  readonly name: string;
  readonly binder: string;
  readonly typeName: string;
  /** Names of the authorizers. */
  readonly authorizers: readonly string[];
  readonly answer: "policy" | "simple";
  /** Where a REQUEST authorizer finds its first identity source, where that is a part of the request. */
  readonly token: { readonly in: "header" | "query"; readonly name: string } | undefined;
  /** Of its events. */
  readonly type: LambdaAuthorizer["type"];
  readonly payloadFormat: LambdaAuthorizer["payloadFormat"];
  /** Declared context; undefined: nothing is declared, anything goes. */
  readonly context: readonly { readonly name: string; readonly type: string }[] | undefined;
  readonly keepsDecisions: boolean;
}

/** Functions that authorizers call and routes do not; one that does both is its routes'. */
export function planAuthorizerFunctions(
  model: GatewayModel,
  names: { readonly camel: (name: string) => string; readonly pascal: (name: string) => string },
): readonly AuthorizerFunctionPlan[] {
  return model.functions.flatMap((fn) => {
    const authorizers = authorizersOf(fn, model);
    const [first] = authorizers;
    if (first === undefined || isCalledByRoute(fn, model)) return [];
    return [
      {
        name: fn.name,
        binder: names.camel(fn.name),
        typeName: names.pascal(fn.name),
        authorizers: authorizers.map(({ name }) => name),
        answer: first.simpleResponses ? ("simple" as const) : ("policy" as const),
        token: tokenOf(first),
        type: first.type,
        payloadFormat: first.payloadFormat,
        context: contextOf(authorizers),
        keepsDecisions: authorizers.some(({ name, ttlSeconds }) => ttlSeconds > 0 && isAskedByRequests(name, model)),
      },
    ];
  });
}

function authorizersOf(fn: LambdaFunction, { authorizers }: GatewayModel): readonly LambdaAuthorizer[] {
  return authorizers.filter(
    (authorizer): authorizer is LambdaAuthorizer => authorizer.kind === "lambda" && authorizer.function === fn.name,
  );
}

/** Handshakes of a WebSocket API are each decided about. */
function isAskedByRequests(authorizer: string, { routes }: GatewayModel): boolean {
  return routes.some(({ authorization: by }) => by.kind === "authorizer" && by.name === authorizer);
}

function isCalledByRoute(fn: LambdaFunction, { routes }: GatewayModel): boolean {
  return routes.some(({ integration }) => integration.kind === "lambda" && integration.function === fn.name);
}

function tokenOf({ type, identity: [source] }: LambdaAuthorizer): AuthorizerFunctionPlan["token"] {
  if (type !== "request") return undefined;
  if (source?.kind === "header") return { in: "header", name: source.name };
  return source?.kind === "querystring" ? { in: "query", name: source.name } : undefined;
}

/** What all of its authorizers declare. */
function contextOf(authorizers: readonly LambdaAuthorizer[]): AuthorizerFunctionPlan["context"] {
  const members = new Map(authorizers.flatMap(({ context }) => context.map(({ name, type }) => [name, type])));
  return members.size === 0 ? undefined : [...members].map(([name, type]) => ({ name, type }));
}
