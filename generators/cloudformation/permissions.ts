import { constantText, type Text } from "../../src/model/expressions.js";
import type { GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import type { JsonValue } from "../../src/model/types.js";
import { isJsonObject, type JsonObject } from "../emit/stable-json.js";
import { type Cloud, qualifiersOf } from "./cloud.js";
import { digest, logicalName, sub, type Template } from "./template.js";

/** An API of the template whose functions it may call. */
export interface Caller {
  /** Logical id of the API, which is also the prefix of what belongs to it. */
  readonly api: string;
  readonly routes: readonly Route[];
}

/**
 * Permissions of API Gateway to call functions: one a function and alias that a stage variable can name, for the one route
 * that calls it, or for the API where several do.
 */
export function planPermissions(
  model: GatewayModel,
  callers: readonly Caller[],
  cloud: Cloud,
  template: Template,
): void {
  for (const caller of callers) {
    const calling = routesByFunction(caller);
    const guards = guardingFunctions(caller, model);
    for (const called of model.functions) {
      const routes = calling.get(called.name) ?? [];
      if (routes.length > 0) permit(called, sourceOf(routes), "", caller, model, cloud, template);
      if (guards.has(called.name)) permit(called, "authorizers/*", "Authorizer", caller, model, cloud, template);
    }
  }
}

function routesByFunction({ routes }: Caller): ReadonlyMap<string, readonly Route[]> {
  const byFunction = new Map<string, Route[]>();
  for (const route of routes) {
    if (route.integration.kind !== "lambda") continue;
    const { function: name } = route.integration;
    const known = byFunction.get(name);
    if (known) known.push(route);
    else byFunction.set(name, [route]);
  }
  return byFunction;
}

/** Names of the functions behind the authorizers that routes use. */
function guardingFunctions({ routes }: Caller, { authorizers }: GatewayModel): ReadonlySet<string> {
  const used = new Set(
    routes.flatMap(({ authorization }) => (authorization.kind === "authorizer" ? [authorization.name] : [])),
  );
  return new Set(
    authorizers.flatMap((authorizer) =>
      authorizer.kind === "lambda" && used.has(authorizer.name) ? [authorizer.function] : [],
    ),
  );
}

/** `*` is every stage. */
function sourceOf(routes: readonly Route[]): string {
  const [only, ...more] = routes;
  if (!only || more.length > 0) return "*";
  if (only.path.text.startsWith("$") || only.key.startsWith("$")) return `*/${only.key}`;
  if (!only.path.text.startsWith("/")) return `*/${only.key}`;
  const path = only.path.text.replaceAll(/\{[^}]*\}/g, "*");
  return `*/${only.method === "ANY" ? "*" : only.method}${path}`;
}

function permit(
  called: LambdaFunction,
  source: string,
  kind: string,
  { api }: Caller,
  model: GatewayModel,
  cloud: Cloud,
  template: Template,
): void {
  const prefix = api === "Api" ? "" : api;
  for (const [suffix, name] of addressesOf(called, model, cloud)) {
    const id = `${prefix}${logicalName(called.name)}${suffix}${kind}Permission`;
    template.resource(id, "AWS::Lambda::Permission", {
      Action: "lambda:InvokeFunction",
      FunctionName: name,
      Principal: "apigateway.amazonaws.com",
      SourceArn: sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${${api}}/${source}`),
    });
  }
}

/** A suffix for the logical id, and the function with its qualifier. */
function addressesOf(
  called: LambdaFunction,
  model: GatewayModel,
  cloud: Cloud,
): readonly (readonly [string, JsonValue])[] {
  const { code } = called;
  if (code.kind === "arn")
    return deployedArns(code.arn, model).map((arn) => [`Arn${digest(arn).slice(0, 6)}`, arn] as const);
  const value = cloud.functionValue(called.name);
  return qualifiersOf(called).map((alias) => {
    const text = alias === undefined ? `\${${value}}` : `\${${value}}:${alias}`;
    const address = sub(text, cloud.values);
    const isAlone = alias === undefined && isJsonObject(address) && Array.isArray(address["Fn::Sub"]);
    return [
      alias === undefined ? "" : logicalName(alias),
      isAlone ? (cloud.values[value] as JsonObject) : address,
    ] as const;
  });
}

/** Every ARN that the stages make of an address with stage variables in it. */
function deployedArns(arn: Text, { stages }: GatewayModel): readonly string[] {
  const settings = stages.flatMap(({ variables, canary }) => [
    variables,
    ...(canary ? [[...variables, ...canary.variables]] : []),
  ]);
  const arns = settings.flatMap((variables) => {
    const values = new Map(variables.map(({ name, value }) => [name, constantText(value)]));
    const parts = arn.parts.map((part) =>
      typeof part === "string" ? part : part.kind === "stageVariable" ? values.get(part.name) : undefined,
    );
    return parts.every((part) => part !== undefined) ? [parts.join("")] : [];
  });
  return [...new Set(arns)];
}
