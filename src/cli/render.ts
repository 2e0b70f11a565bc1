import { readFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { serviceCall } from "../../generators/emit/service-call.js";
import { statusDirective } from "../../generators/emit/vtl-rule.js";
import { templateText } from "../../generators/openapi/aws-template-text.js";
import type { ContextData } from "../../runtime/mapping/context-map.js";
import { compile } from "../compile.js";
import { DiagnosticList } from "../diagnostics/diagnostic.js";
import { renderText } from "../diagnostics/render.js";
import { type RenderedTemplate, renderOffline, type SampleRequest } from "../mapping/vtl/render-offline.js";
import { constantText } from "../model/expressions.js";
import type { Stage } from "../model/gateway-model.js";
import type { Integration, IntegrationResponse, Template } from "../model/integrations.js";
import type { Route } from "../model/routes.js";
import { nearest } from "../nearest.js";
import { SourceFile } from "../source.js";
import { exitCode, UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { findProject, readSource } from "./project.js";
import { showDiagnostics } from "./report.js";

interface RenderFlags {
  readonly file: string;
  readonly response?: string;
  readonly type?: string;
  readonly body?: string;
  readonly param: readonly string[];
  readonly query: readonly string[];
  readonly header: readonly string[];
  readonly context?: string;
  readonly variable: readonly string[];
  readonly format: "text" | "json";
}

export function addRenderCommand(program: Command, context: CommandContext): void {
  const repeated = (value: string, before: readonly string[]) => [...before, value];
  program
    .command("render")
    .description(
      "Renders one template or rule against a sample request, offline; shows the values it reads and what is wrong",
    )
    .argument("<what...>", "a file with a VTL template, or a route such as POST /orders")
    .option("-f, --file <file>", "the gateway that the route is in", "gateway.yaml")
    .option(
      "--response <status>",
      "the template of this response instead of the request's; --body is the backend's then",
    )
    .option("--type <media type>", "the template for this type (default: the first)")
    .option("-b, --body <text>", "the body; @file reads it from a file")
    .option("-p, --param <name=value>", "a path parameter, may be repeated", repeated, [])
    .option("-q, --query <name=value>", "a query parameter, may be repeated", repeated, [])
    .option("-H, --header <name: value>", "a header, may be repeated", repeated, [])
    .option("--context <json>", "$context, over a sample of it; @file reads it from a file")
    .option(
      "--variable <name=value>",
      "a stage variable, may be repeated (default: those of the first stage)",
      repeated,
      [],
    )
    .addOption(new Option("--format <format>", "how the result is shown").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      '\nExamples:\n  gateway render order.vtl -b \'{"sku":"a"}\'\n  gateway render POST /orders --response 202 -b @answer.json\n',
    )
    .action((what: string[], flags: RenderFlags) => render(what, flags, context));
}

/** What is rendered, and the text by which its diagnostics are shown. */
interface Chosen {
  readonly title: string;
  readonly text: string;
  readonly mediaType: string;
  readonly kind: "request" | "response";
  /** Stage variables where the command line gives none: those of the file's first stage that are known before the gateway starts. */
  readonly variables: readonly (readonly [string, string])[];
}

async function render(what: readonly string[], flags: RenderFlags, context: CommandContext): Promise<void> {
  const isRoute = what.length > 1 || /^[A-Z]+ \/|^\$default$/.test(what[0] ?? "");
  const chosen = isRoute ? await ofRoute(what.join(" "), flags, context) : ofFile(what[0] ?? "", flags);
  if (chosen === undefined) return context.finish(exitCode.diagnostics);
  const list = new DiagnosticList();
  const result = await renderOffline(chosen.text, {
    ...chosen,
    request: sampleOf(flags, chosen.variables),
    report: list.report,
  });
  const source = new SourceFile(chosen.title, chosen.text);
  const found = list.sorted();
  if (flags.format === "json") {
    const diagnostics = found.map(({ code, severity, message, span }) => ({
      code,
      severity,
      message,
      ...source.position(span.start),
    }));
    context.terminal.out(`${JSON.stringify({ template: chosen.title, ...result, diagnostics }, null, 2)}\n`);
  } else {
    if (found.length > 0) context.terminal.error(renderText(source, found, { color: context.terminal.color }));
    showResult(result, context);
  }
  context.finish(result.error === undefined && !list.hasErrors ? exitCode.ok : exitCode.diagnostics);
}

function showResult(
  { text, error, values, warnings, overrides }: RenderedTemplate,
  { terminal }: CommandContext,
): void {
  for (const { name, value } of values) terminal.error(`  ${name} = ${value}\n`);
  for (const { name, value } of overrides) terminal.error(`  sets ${name} = ${value}\n`);
  for (const warning of warnings) terminal.error(`warning: ${warning}\n`);
  if (error !== undefined) terminal.error(`error: ${error}\n`);
  if (text !== undefined) terminal.out(text.endsWith("\n") ? text : `${text}\n`);
}

function ofFile(file: string, { type, response }: RenderFlags): Chosen {
  return {
    title: file,
    text: readText(`@${file}`),
    mediaType: type ?? "application/json",
    kind: response === undefined ? "request" : "response",
    variables: [],
  };
}

async function ofRoute(key: string, flags: RenderFlags, context: CommandContext): Promise<Chosen | undefined> {
  const project = findProject(flags.file);
  const source = readSource(project);
  const folders = { projectDir: project.projectDir, outDir: project.projectDir };
  const { diagnostics, model } = await compile(source, undefined, { ...folders, targets: new Set(["aws"]) });
  if (model === undefined) {
    await showDiagnostics(source, diagnostics, "text", context);
    return undefined;
  }
  const route = model.routes.find((candidate) => candidate.key === key);
  if (route === undefined) {
    const near = nearest(
      key,
      model.routes.map((candidate) => candidate.key),
    );
    throw new UsageError(`${project.file} has no route "${key}"${near ? `; did you mean "${near}"?` : ""}`);
  }
  const template = templateOf(route, flags);
  const side = flags.response === undefined ? "request" : `response ${flags.response}`;
  const { response } = flags;
  const rule = response === undefined ? undefined : responseOf(route.integration.responses, response, key).statusRule;
  return {
    title: `${key}, ${side}`,
    // As AWS gets it: a rule for the status stands before the template.
    text: statusDirective(rule) + templateText(template),
    mediaType: template.source.kind === "form" ? "application/x-www-form-urlencoded" : template.mediaType,
    kind: flags.response === undefined ? "request" : "response",
    variables: constantsOf(model.stages[0]),
  };
}

function constantsOf(stage: Stage | undefined): Chosen["variables"] {
  return (stage?.variables ?? []).flatMap(({ name, value }): [string, string][] => {
    const text = constantText(value);
    return text === undefined ? [] : [[name, text]];
  });
}

function templateOf(route: Route, { response, type }: RenderFlags): Template {
  const { integration } = route;
  const templates =
    response === undefined
      ? requestTemplatesOf(integration)
      : responseOf(integration.responses, response, route.key).templates;
  const template = type === undefined ? templates[0] : templates.find(({ mediaType }) => mediaType === type);
  if (template !== undefined) return template;
  const which = response === undefined ? "its request" : `its response ${response}`;
  const types = templates.map(({ mediaType }) => mediaType).join(", ");
  const others = templates.length === 0 ? "no template or rule" : `templates for ${types}`;
  throw new UsageError(`${route.key}: ${which} has ${others}`);
}

function responseOf(responses: readonly IntegrationResponse[], status: string, key: string): IntegrationResponse {
  const found = responses.find((response) => String(response.status) === status);
  if (found !== undefined) return found;
  throw new UsageError(
    `${key} maps no response ${status}; it maps ${responses.map((response) => response.status).join(", ") || "none"}`,
  );
}

/** The parameters of a service's action are a template too. */
function requestTemplatesOf(integration: Integration): readonly Template[] {
  return integration.kind === "aws" ? serviceCall(integration).templates : integration.request.templates;
}

function sampleOf(flags: RenderFlags, variables: Chosen["variables"]): SampleRequest {
  const named = (pairs: readonly string[], mark: string, option: string) =>
    new Map(pairs.map((pair) => pairOf(pair, mark, option)));
  return {
    body: flags.body === undefined ? "" : readText(flags.body),
    path: named(flags.param, "=", "--param"),
    querystring: named(flags.query, "=", "--query"),
    header: named(flags.header, ":", "--header"),
    stageVariables: new Map([...variables, ...named(flags.variable, "=", "--variable")]),
    context: flags.context === undefined ? {} : contextOf(readText(flags.context)),
  };
}

function contextOf(text: string): { readonly [name: string]: ContextData } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as { [name: string]: ContextData };
  } catch {}
  throw new UsageError("--context wants a JSON object");
}

function pairOf(text: string, mark: string, option: string): [string, string] {
  const at = text.indexOf(mark);
  if (at <= 0) throw new UsageError(`${option} ${text}: it needs a name and a value, name${mark}value`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function readText(text: string): string {
  if (!text.startsWith("@")) return text;
  try {
    return readFileSync(text.slice(1), "utf8");
  } catch {
    throw new UsageError(`there is no file ${text.slice(1)}`);
  }
}
