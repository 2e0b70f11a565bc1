import { type Diagnostic, DiagnosticList } from "../diagnostics/diagnostic.js";
import type { LambdaAuthorizer } from "../model/authorizers.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { Route } from "../model/routes.js";
import { SourceFile } from "../source.js";
import { parseGateway } from "../syntax/parse-gateway.js";
import { loadTypeScript } from "../typescript/load.js";
import { type HandlerFile, handlerFiles } from "./handler-files.js";

/**
 * Warns of authorizers whose functions, in this project, allow the called method alone while their answers are kept and
 * asked about other methods too (aws-behaviour.md section 20): the caller's next call gets a 403.
 */
export async function authorizerPolicies(
  source: SourceFile,
  model: GatewayModel,
  projectDir: string,
): Promise<readonly Diagnostic[]> {
  const kept = model.authorizers.filter(
    (authorizer): authorizer is LambdaAuthorizer => authorizer.kind === "lambda" && isKeptForOthers(authorizer, model),
  );
  const files = kept.flatMap((authorizer) =>
    handlersOf(authorizer, model, projectDir).map((file) => ({ authorizer, ...file })),
  );
  if (files.length === 0) return [];
  const { calledMethodPolicies } = await import("../checks/called-method-policy.js");
  const syntax = parseGateway(source, () => undefined);
  const found = new DiagnosticList();
  for (const { authorizer, path, text } of files) {
    const [first] = calledMethodPolicies(loadTypeScript(), path, text);
    const place = syntax?.authorizers.find(({ name }) => name.text === authorizer.name);
    if (first === undefined || place === undefined) continue;
    const { line, column } = new SourceFile(path, text).position(first);
    const span = place.kind === "lambda" ? (place.ttl?.span ?? place.lambda.span) : place.name.span;
    const { name, ttlSeconds } = authorizer;
    found.report("cached-policy-of-one-method", span, { name, ttlSeconds, at: `${path}:${line}:${column}` });
  }
  return found.sorted();
}

/** Whether what the function answers about one method is asked about another one. */
function isKeptForOthers(
  { name, ttlSeconds, simpleResponses, identity }: LambdaAuthorizer,
  model: GatewayModel,
): boolean {
  const isByMethod = identity.some(
    (source) => source.kind === "context" && ["routeKey", "path", "resourcePath"].includes(source.path[0] ?? ""),
  );
  if (ttlSeconds === 0 || simpleResponses || isByMethod) return false;
  const guarded = model.routes.filter(
    ({ authorization }) => authorization.kind === "authorizer" && authorization.name === name,
  );
  return guarded.length > 1 || guarded.some(hasManyMethods);
}

/** The ARN of a method has the path that is called: one route has many where its path has parameters. */
function hasManyMethods({ method, path }: Route): boolean {
  return method === "ANY" || path.segments.some(({ kind }) => kind !== "static");
}

/** The sources that can name the called method: what has none of these words is not worth loading a compiler for. */
function handlersOf(
  { function: name }: LambdaAuthorizer,
  model: GatewayModel,
  projectDir: string,
): readonly HandlerFile[] {
  const fn = model.functions.find((candidate) => candidate.name === name);
  const files = fn === undefined ? [] : handlerFiles(fn, projectDir);
  return files.filter(({ text }) => /Resource|\bonly\b/.test(text));
}
