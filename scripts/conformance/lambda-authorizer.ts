import type { IdentitySource, LambdaAuthorizerEntry } from "../../runtime/auth/authorizer-entry.js";
import { lambdaAuthorizer } from "../../runtime/auth/lambda/lambda-authorizer.js";
import { tokenPattern } from "../../runtime/auth/lambda/token-pattern.js";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { contextValue } from "../../runtime/http/context-value.js";
import type { Exchange } from "../../runtime/http/exchange.js";
import type { AreaRunner } from "./case.js";
import { answerProblem, show } from "./compare.js";
import { flatHeaders, queryText } from "./flat-headers.js";
import { testProgram, testRoute } from "./program.js";

interface AuthorizerGiven {
  readonly type: "TOKEN" | "REQUEST";
  readonly identitySource?: string | readonly string[];
  readonly identityValidationExpression?: string;
  /** By our name, or by AWS's. */
  readonly ttl?: number;
  readonly authorizerResultTtlInSeconds?: number;
  readonly payloadFormat?: "1.0" | "2.0";
  readonly authorizerPayloadFormatVersion?: "1.0" | "2.0";
  readonly simpleResponses?: boolean;
  readonly enableSimpleResponses?: boolean;
}

interface RequestGiven {
  readonly methodArn?: string;
  readonly token?: string;
  readonly headers?: object;
  readonly query?: object;
  readonly functionResult?: unknown;
  readonly functionError?: string;
}

interface Given extends Omit<RequestGiven, "headers" | "query"> {
  readonly product?: "REST" | "HTTP";
  readonly authorizer: AuthorizerGiven;
  readonly stageVariables?: Readonly<Record<string, string>>;
  readonly request?: Pick<RequestGiven, "headers" | "query">;
  readonly requests?: readonly RequestGiven[];
}

const passes = "passes to the integration";

/** TOKEN and REQUEST authorizers: requests one after the other, through a gateway whose authorizer answers as the case says. */
export const runLambdaAuthorizer: AreaRunner = async ({ given: untyped, expect }) => {
  const given = untyped as unknown as Given;
  const requests = given.requests ?? [{ ...given.request, ...result(given) }];
  const run = await runRequests(given, requests);
  return outcomeProblem(expect, run) ?? callsProblem(expect, run.calls) ?? contextProblem(expect, run.exchanges.at(-1));
};

function result({ methodArn, functionResult, functionError }: Given): RequestGiven {
  return {
    ...(methodArn !== undefined && { methodArn }),
    ...(functionResult !== undefined && { functionResult }),
    ...(functionError !== undefined && { functionError }),
  };
}

interface Run {
  readonly answers: readonly Awaited<ReturnType<Gateway["inject"]>>[];
  readonly exchanges: readonly Exchange[];
  readonly calls: number;
}

async function runRequests(given: Given, requests: readonly RequestGiven[]): Promise<Run> {
  const exchanges: Exchange[] = [];
  let calls = 0;
  let current: RequestGiven = {};
  const handler = async (event: unknown) => {
    calls++;
    if (current.functionError !== undefined) throw new Error(current.functionError);
    return current.functionResult ?? allowAll(event);
  };
  const arn = given.methodArn ?? requests.find(({ methodArn }) => methodArn !== undefined)?.methodArn;
  const place = placeOf(arn ?? "arn:aws:execute-api:us-east-1:123456789012:abcdef123/test/GET/request");
  const route = testRoute(
    "ANY /{proxy+}",
    async (x) => {
      exchanges.push(x);
      return (await lambdaAuthorizer(x)) || x.answer(200, [], passes);
    },
    { authorizer: entryOf(given.authorizer, handler) },
  );
  const isHttp = given.product === "HTTP";
  const variables = Object.entries(given.stageVariables ?? {}).map(([name, value]) => ({ name, value }));
  const gateway = createGateway({
    program: testProgram([route], {
      api: { region: place.region, account: place.account, apiId: place.apiId, kind: isHttp ? "http" : "rest" },
      stages: [{ name: place.stage, variables, log: "off" }],
    }),
    environment: {},
  });
  const answers: Run["answers"][number][] = [];
  for (const request of requests) {
    current = { ...result(given), ...request };
    const at = request.methodArn === undefined ? place : placeOf(request.methodArn);
    const headers = [...flatHeaders(request.headers), ...(request.token ? ["Authorization", request.token] : [])];
    const query = queryText(request.query as Parameters<typeof queryText>[0]);
    answers.push(await gateway.inject({ method: at.method, path: `/${at.stage}/${at.path}${query}`, headers }));
  }
  return { answers, exchanges, calls };
}

function allowAll(event: unknown): unknown {
  const { methodArn, routeArn } = event as { readonly methodArn?: string; readonly routeArn?: string };
  const statement = { Action: "execute-api:Invoke", Effect: "Allow", Resource: methodArn ?? routeArn };
  return { principalId: "user", policyDocument: { Version: "2012-10-17", Statement: [statement] } };
}

function placeOf(arn: string) {
  const [, , , region = "", account = "", resource = ""] = arn.split(":");
  const [apiId = "", stage = "", method = "", ...path] = resource.split("/");
  return { region, account, apiId, stage, method, path: path.join("/") };
}

function entryOf(given: AuthorizerGiven, handler: (event: unknown) => Promise<unknown>): LambdaAuthorizerEntry {
  const sources = given.identitySource ?? [];
  const list = typeof sources === "string" ? sources.split(",") : sources;
  const pattern = given.identityValidationExpression;
  const isToken = given.type === "TOKEN";
  return {
    kind: "lambda",
    name: "authorizer",
    type: isToken ? "token" : "request",
    function: { functionName: "fn", payloadFormat: "1.0", modules: new Map([["", async () => ({ handler })]]) },
    identity: list.length === 0 && isToken ? [{ in: "header", name: "authorization" }] : list.map(sourceOf),
    validation: pattern === undefined ? undefined : tokenPattern(pattern),
    ttlSeconds: given.ttl ?? given.authorizerResultTtlInSeconds ?? 0,
    payloadFormat: given.payloadFormat ?? given.authorizerPayloadFormatVersion ?? "1.0",
    simpleResponses: given.simpleResponses ?? given.enableSimpleResponses ?? false,
  };
}

/** `method.request.header.X`, `$request.header.X`, `stageVariables.x`, `$context.x`. */
function sourceOf(text: string): IdentitySource {
  const [, place = "", name = ""] =
    /^\s*\$?(?:method\.)?(request\.header|request\.querystring|stageVariables|context)\.(\S+)\s*$/.exec(text) ?? [];
  switch (place) {
    case "request.header":
      return { in: "header", name: name.toLowerCase() };
    case "request.querystring":
      return { in: "query", name };
    case "stageVariables":
      return { in: "stageVariable", name };
    default:
      return { in: "context", name };
  }
}

function outcomeProblem(expect: Readonly<Record<string, unknown>>, { answers, exchanges }: Run): string | undefined {
  const wanted = (expect["outcomes"] ?? (expect["outcome"] === undefined ? [] : [expect["outcome"]])) as unknown[];
  for (const [index, outcome] of wanted.entries()) {
    const answer = answers[index];
    const seen = answer?.body.toString() === passes ? passes : answer?.status;
    if (seen !== outcome) return `request ${index + 1}: ${show(seen)}, wanted ${show(outcome)}`;
  }
  const type = expect["errorTypeOfGatewayResponse"];
  const seen = exchanges.at(-1)?.error?.type;
  if (type !== undefined && type !== seen) return `gateway response ${seen}, wanted ${type}`;
  const last = answers.at(-1);
  return last && answerProblem(expect, last);
}

function callsProblem(expect: Readonly<Record<string, unknown>>, calls: number): string | undefined {
  const { authorizerInvoked, authorizerInvocations } = expect;
  if (authorizerInvoked !== undefined && authorizerInvoked !== calls > 0)
    return `the function was called ${calls} times`;
  if (authorizerInvocations === undefined || authorizerInvocations === calls) return undefined;
  return `the function was called ${calls} times, wanted ${authorizerInvocations}`;
}

function contextProblem(expect: Readonly<Record<string, unknown>>, x: Exchange | undefined): string | undefined {
  for (const [name, value] of Object.entries((expect["context"] ?? {}) as Record<string, unknown>)) {
    const seen = x && contextValue(x, `authorizer.${name}`);
    if (seen !== value) return `$context.authorizer.${name} is ${show(seen)}, wanted ${show(value)}`;
  }
  return undefined;
}
