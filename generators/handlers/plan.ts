import { extname, posix, relative, resolve, sep } from "node:path";
import type { Authorization } from "../../src/model/authorizers.js";
import { byName } from "../../src/model/by-name.js";
import type { GatewayModel, LambdaFunction } from "../../src/model/gateway-model.js";
import type { GenerateOptions } from "../../src/model/output.js";
import type { Parameter, Route } from "../../src/model/routes.js";
import type { Model, Type } from "../../src/model/types.js";
import { stringLiteral } from "../emit/code-literal.js";
import { type IntegerShapes, integerShapes } from "../emit/integer-shapes.js";
import { type AuthorizerFunctionPlan, planAuthorizerFunctions } from "./plan-authorizers.js";
import { planSocketHandlers, type SocketFunctionPlan, type SocketHandlersPlan } from "./plan-sockets.js";

/** Names, files and types of the typed handlers. */
export interface HandlersPlan {
  readonly models: readonly Model[];
  readonly stageVariables: readonly { readonly name: string; readonly inEveryStage: boolean }[];
  readonly functions: readonly FunctionPlan[];
  readonly authorizers: readonly AuthorizerFunctionPlan[];
  readonly stubs: readonly StubPlan[];
  readonly authorizerStubs: readonly AuthorizerStubPlan[];
  readonly sockets: SocketHandlersPlan | undefined;
  readonly socketStubs: readonly SocketStubPlan[];
  /** Where there is an `int64`, when that is a bigint; else undefined. */
  readonly integers: IntegerShapes | undefined;
}

export interface FunctionPlan {
  /** As in gateway.yaml; also the name of its module. */
  readonly name: string;
  /** Exported binder. */
  readonly binder: string;
  /** `GetOrder`: prefix of its types. */
  readonly typeName: string;
  readonly routes: readonly HandlerRoutePlan[];
}

export interface HandlerRoutePlan {
  readonly key: string;
  readonly summary: string | undefined;
  readonly typeName: string;
  readonly method: string;
  readonly resource: string;
  readonly params: readonly Parameter[];
  readonly query: readonly Parameter[];
  readonly headers: readonly Parameter[];
  readonly body: {
    readonly form: "json" | "text" | "bytes" | "none";
    readonly type: Type | undefined;
    readonly mediaType: string;
    /** May be left out; never so with bytes, which are none then. */
    readonly isOptional: boolean;
  };
  /** Of its events. */
  readonly payloadFormat: "1.0" | "2.0";
  readonly auth: AuthPlan;
  readonly responses: readonly {
    readonly status: number;
    readonly type: Type | undefined;
    readonly mediaType: string | undefined;
    readonly isJson: boolean;
    readonly alternatives: readonly { readonly mediaType: string; readonly type: Type }[];
  }[];
  readonly cors:
    | { readonly origins: readonly string[]; readonly exposeHeaders: string; readonly credentials: boolean }
    | undefined;
}

export type AuthPlan =
  | { readonly kind: "none" }
  | { readonly kind: "iam" }
  | { readonly kind: "claims" }
  | { readonly kind: "jwt" }
  /** `hasPrincipal`: events of format 2.0 have none. */
  | {
      readonly kind: "context";
      readonly hasPrincipal: boolean;
      /** Events of REST APIs have every value as text; the binder reads it back. */
      readonly isText: boolean;
      readonly members: readonly { readonly name: string; readonly type: string }[];
    };

/** A handler that is written once, where there is none. */
export interface StubPlan {
  readonly path: string;
  readonly isTypeScript: boolean;
  readonly binder: string;
  readonly importPath: string;
  readonly routes: readonly HandlerRoutePlan[];
}

/** An authorizer's handler that is written once, where there is none. */
export interface AuthorizerStubPlan {
  readonly path: string;
  readonly importPath: string;
  readonly authorizer: AuthorizerFunctionPlan;
}

/** A WebSocket handler that is written once, where there is none. */
export interface SocketStubPlan {
  readonly path: string;
  readonly importPath: string;
  readonly fn: SocketFunctionPlan;
}

export function planHandlers(model: GatewayModel, options: GenerateOptions): HandlersPlan {
  const functions = model.functions
    .filter((fn) => model.routes.some((route) => isCalledBy(fn, route)))
    .map((fn) => planFunction(fn, model));
  const authorizers = planAuthorizerFunctions(model, { camel, pascal });
  const sockets = planSocketHandlers(model, { camel, pascal });
  return {
    models: model.models,
    integers:
      model.sdk.typescript.int64 !== "number"
        ? integerShapes(model.models, (name) => `int64Shapes[${stringLiteral(name)}]`)
        : undefined,
    stageVariables: planStageVariables(model),
    functions,
    authorizers,
    stubs: functions.flatMap((plan) => planStubs(plan, model, options)),
    authorizerStubs: authorizers.flatMap((authorizer) =>
      filesOf(authorizer.name, model).map((file) => ({
        path: posix.normalize(file),
        importPath: importPath(file, authorizer.name, options),
        authorizer,
      })),
    ),
    sockets,
    socketStubs: (sockets?.functions ?? []).flatMap((fn) =>
      filesOf(fn.name, model).map((file) => ({
        path: posix.normalize(file),
        importPath: importPath(file, fn.name, options),
        fn,
      })),
    ),
  };
}

function isCalledBy(fn: LambdaFunction, route: Route): boolean {
  return route.integration.kind === "lambda" && route.integration.function === fn.name;
}

function planFunction(fn: LambdaFunction, model: GatewayModel): FunctionPlan {
  const routes = model.routes.filter((route) => isCalledBy(fn, route));
  const typeName = pascal(fn.name);
  return {
    name: fn.name,
    binder: camel(fn.name),
    typeName,
    routes: routes.map((route) => planRoute(route, routes.length === 1 ? typeName : pascal(route.operation), model)),
  };
}

function planRoute(route: Route, typeName: string, model: GatewayModel): HandlerRoutePlan {
  const group = (where: Parameter["in"]) => route.parameters.filter((parameter) => parameter.in === where);
  return {
    key: route.key,
    summary: route.summary ?? route.description,
    typeName,
    method: route.method,
    resource: route.path.text,
    params: group("path"),
    query: group("query"),
    headers: group("header"),
    body: planBody(route),
    payloadFormat: route.integration.kind === "lambda" ? route.integration.payloadFormat : "1.0",
    auth: planAuth(route.authorization, model),
    responses: route.responses.map(({ status, body }) => ({
      status,
      type: body?.type,
      mediaType: body?.mediaType,
      isJson: body !== undefined && isJsonMediaType(body.mediaType),
      alternatives: body?.alternatives ?? [],
    })),
    cors:
      model.kind === "rest" && route.cors
        ? {
            origins: route.cors.origins,
            exposeHeaders: route.cors.exposeHeaders.join(","),
            credentials: route.cors.credentials,
          }
        : undefined,
  };
}

function planBody({ body }: Route): HandlerRoutePlan["body"] {
  if (body === undefined) return { form: "none", type: undefined, mediaType: "text/plain", isOptional: false };
  const [mediaType = "application/json"] = body.mediaTypes;
  if (body.type.kind === "primitive" && body.type.name === "binary")
    return { form: "bytes", type: body.type, mediaType, isOptional: false };
  const form = body.mediaTypes.every(isJsonMediaType) ? "json" : "text";
  return { form, type: body.type, mediaType, isOptional: !body.required };
}

function isJsonMediaType(mediaType: string): boolean {
  return /^application\/(.+\+)?json\b/i.test(mediaType);
}

function planAuth(authorization: Authorization, model: GatewayModel): AuthPlan {
  if (authorization.kind !== "authorizer") return { kind: authorization.kind };
  const authorizer = byName(model.authorizers).get(authorization.name);
  // aws-behaviour.md section 20.
  const isRest = model.kind === "rest";
  switch (authorizer?.kind) {
    case "cognito":
      return { kind: "claims" };
    case "jwt":
      return { kind: "jwt" };
    case "lambda":
      return { kind: "context", hasPrincipal: isRest, isText: isRest, members: authorizer.context };
    default:
      return { kind: "none" };
  }
}

function planStageVariables({ stages }: GatewayModel): HandlersPlan["stageVariables"] {
  const names = new Set(stages.flatMap((stage) => stage.variables.map((variable) => variable.name)));
  return [...names].sort().map((name) => ({
    name,
    inEveryStage: stages.every((stage) => stage.variables.some((variable) => variable.name === name)),
  }));
}

function planStubs(plan: FunctionPlan, model: GatewayModel, options: GenerateOptions): readonly StubPlan[] {
  return filesOf(plan.name, model).map((file) => ({
    path: posix.normalize(file),
    isTypeScript: extname(file).endsWith("ts"),
    binder: plan.binder,
    importPath: importPath(file, plan.name, options),
    routes: plan.routes,
  }));
}

/** Modules of a function, below the project; a deployed one has none. */
function filesOf(name: string, model: GatewayModel): readonly string[] {
  const code = byName(model.functions).get(name)?.code;
  if (code === undefined || code.kind === "arn") return [];
  return code.kind === "module" ? [code.file] : code.files.map(({ file }) => file);
}

function importPath(file: string, functionName: string, { projectDir, outDir }: GenerateOptions): string {
  const path = relative(resolve(projectDir, file, ".."), resolve(outDir, "handlers", `${functionName}.js`));
  const posixPath = path.split(sep).join("/");
  return posixPath.startsWith(".") ? posixPath : `./${posixPath}`;
}

/** `get-order` → `getOrder`. Names of functions hold letters, digits, `-` and `_` only. */
function camel(name: string): string {
  const joined = name.replace(/[^A-Za-z0-9_]+(.)?/g, (_match, next: string | undefined) => next?.toUpperCase() ?? "");
  const safe = /^[0-9]/.test(joined) ? `_${joined}` : joined;
  return reserved.has(safe) ? `${safe}Handler` : safe;
}

function pascal(name: string): string {
  const joined = camel(name);
  return joined.charAt(0).toUpperCase() + joined.slice(1);
}

const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof var void while with yield bind handler"
  ).split(" "),
);
