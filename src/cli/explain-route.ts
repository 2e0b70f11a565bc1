import { compile } from "../compile.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { Integration } from "../model/integrations.js";
import type { Route } from "../model/routes.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { findProject, readSource } from "./project.js";
import { showDiagnostics } from "./report.js";

/** Prints one route with every default filled in, in the order in which the gateway works. */
export async function explainRoute(key: string, file: string, context: CommandContext): Promise<void> {
  const project = findProject(file);
  const source = readSource(project);
  const { diagnostics, model } = await compile(source, undefined, {
    projectDir: project.projectDir,
    outDir: project.projectDir,
    targets: new Set(["aws"]),
  });
  if (model === undefined) {
    await showDiagnostics(source, diagnostics, "text", context);
    return context.finish(exitCode.diagnostics);
  }
  const keys = model.routes.map((route) => route.key);
  const route = model.routes.find((candidate) => candidate.key === key);
  if (route === undefined) {
    const near = nearest(key, keys);
    throw new UsageError(
      `${project.file} has no route "${key}"; ${near ? `did you mean "${near}"?` : `it has ${keys.join(", ")}`}`,
    );
  }
  context.terminal.out(
    `${describeRoute(route, model)
      .map(([label, text]) => `${label.padEnd(14)} ${text}`)
      .join("\n")}\n`,
  );
}

function describeRoute(route: Route, model: GatewayModel): readonly (readonly [string, string])[] {
  const { validation, authorization, cors } = route;
  const required = route.parameters.filter((parameter) => parameter.required && parameter.in !== "path");
  const checks = [
    validation.parameters && required.length > 0
      ? `present: ${required.map((p) => `${p.in} ${p.name}`).join(", ")}`
      : "",
    validation.body && route.body ? "body against its model" : "",
    validation.strict ? "parameter types (this gateway only)" : "",
  ].filter((text) => text !== "");
  return [
    ["route", `${route.key} (operation ${route.operation})`],
    [
      "served at",
      model.stages
        .map((stage) => (stage.name === "$default" ? route.path.text : `/${stage.name}${route.path.text}`))
        .join(", "),
    ],
    [
      "authorization",
      authorization.kind === "authorizer"
        ? [authorization.name, ...authorization.scopes].join(" ")
        : authorization.kind,
    ],
    ["API key", route.apiKeyRequired ? `required, from ${model.apiKeySource}` : "not required"],
    [
      "throttle",
      route.throttle ? `${route.throttle.rate}/s, burst ${route.throttle.burst}` : "that of the stage and the account",
    ],
    ["validation", checks.length > 0 ? checks.join("; ") : "none"],
    [
      "cache",
      route.cache
        ? `${route.cache.ttlSeconds === undefined ? "as long as the stage says" : `${route.cache.ttlSeconds} s`}, by ${route.cache.keys.map((k) => `${k.in} ${k.name}`).join(", ") || "path"}`
        : "off",
    ],
    ["integration", describeIntegration(route.integration)],
    ["timeout", `${route.integration.timeoutMs} ms`],
    ["responses", route.responses.map((response) => response.status).join(", ") || "not declared"],
    ["CORS", cors ? `${cors.origins.join(", ")}${cors.credentials ? ", with credentials" : ""}` : "off"],
  ];
}

function describeIntegration(integration: Integration): string {
  switch (integration.kind) {
    case "lambda":
      return `${integration.proxy ? "AWS_PROXY" : "AWS"} function ${integration.function}, event ${integration.payloadFormat}`;
    case "http":
      return `${integration.proxy ? "HTTP_PROXY" : "HTTP"} ${integration.method} ${integration.uri.parts.map((part) => (typeof part === "string" ? part : "name" in part ? `{${part.name}}` : "{…}")).join("")}`;
    case "aws":
      return `AWS ${integration.service}:${integration.target.kind === "action" ? integration.target.action : "path"}`;
    case "mock":
      return `MOCK status ${integration.status}`;
  }
}
