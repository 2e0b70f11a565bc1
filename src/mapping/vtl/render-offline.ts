import { type ContextData, contextMap, readOverrides, templateContext } from "../../../runtime/mapping/context-map.js";
import { interpretTemplate } from "../../../runtime/mapping/interpret/interpreter.js";
import { dynamicPath } from "../../../runtime/mapping/jsonpath/dynamic-path.js";
import { matchesPattern } from "../../../runtime/mapping/regex/java-regex.js";
import { regexMethods } from "../../../runtime/mapping/regex/regex-methods.js";
import { TemplateError } from "../../../runtime/mapping/template-error.js";
import { TemplateScope } from "../../../runtime/mapping/template-scope.js";
import { JavaMap } from "../../../runtime/mapping/values/collections.js";
import { printedText } from "../../../runtime/mapping/values/printed.js";
import type { Value } from "../../../runtime/mapping/values/value.js";
import { parseTemplate } from "../../../runtime/mapping/velocity/parser.js";
import type { Report } from "../../diagnostics/diagnostic.js";
import type { TemplateFacts } from "./facts.js";
import { checkTemplateText } from "./index.js";

type Names = ReadonlyMap<string, string>;

export interface SampleRequest {
  /** The client's, or for a response template the backend's. */
  readonly body: string;
  readonly path: Names;
  readonly querystring: Names;
  readonly header: Names;
  readonly stageVariables: Names;
  /** Laid over a sample. */
  readonly context: { readonly [name: string]: ContextData };
}

export interface RenderOptions {
  readonly kind: "request" | "response";
  readonly mediaType: string;
  readonly request: SampleRequest;
  /** Gets what is wrong with the template, in its own offsets. */
  readonly report: Report;
}

interface NamedText {
  readonly name: string;
  readonly value: string;
}

export interface RenderedTemplate {
  /** Undefined where it could not be rendered. */
  readonly text: string | undefined;
  readonly error: string | undefined;
  /** What the template reads by literal names and paths, and what it found there. */
  readonly values: readonly NamedText[];
  /** What it has set on `$context.requestOverride` and `$context.responseOverride`. */
  readonly overrides: readonly NamedText[];
  readonly warnings: readonly string[];
}

/** A request as `$context` shows it where nothing else is said (aws-behaviour.md 14.5). */
const sampleContext = {
  accountId: "123456789012",
  apiId: "abcdefghij",
  httpMethod: "POST",
  identity: { sourceIp: "192.0.2.1", userAgent: "gateway-render" },
  path: "/dev/sample",
  protocol: "HTTP/1.1",
  requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  requestTime: "14/Apr/2025:22:11:01 +0000",
  requestTimeEpoch: 1744668661000,
  resourcePath: "/sample",
  stage: "dev",
};

/** Renders a template without a gateway, as API Gateway would, and tells what it saw. */
export function renderOffline(text: string, options: RenderOptions): RenderedTemplate {
  const { request, report, kind, mediaType } = options;
  const isJson = /^application\/(?:.*\+)?json$/.test(mediaType);
  const facts = checkTemplateText(text, { kind, report, isJson });
  if (facts === undefined)
    return { text: undefined, error: "the template cannot be read", values: [], overrides: [], warnings: [] };
  const context = templateContext({ ...sampleContext, ...request.context });
  const scope = new TemplateScope({
    body: request.body,
    params: request,
    context,
    stageVariables: contextMap(Object.fromEntries(request.stageVariables)),
  });
  scope.use({ regex: regexMethods, matches: matchesPattern, dynamicPath });
  const values = valuesSeen(facts, scope);
  const rendered = rendering(text, scope);
  return {
    ...rendered,
    values,
    overrides: overridesOf(context),
    warnings: warningsOf(rendered.text, mediaType, facts, scope),
  };
}

function rendering(text: string, scope: TemplateScope): Pick<RenderedTemplate, "text" | "error"> {
  try {
    return { text: interpretTemplate(parseTemplate(text), scope), error: undefined };
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof RangeError)) throw error;
    return { text: undefined, error: `API Gateway answers 500: ${error.message}` };
  }
}

/** Values by the names that the template spells out, before it runs: it may change them. */
function valuesSeen(facts: TemplateFacts, scope: TemplateScope): readonly NamedText[] {
  const { params } = scope.input;
  const seen = new Map<string, string>();
  for (const { text, path } of facts.inputPaths) {
    const value = scope.read(path);
    seen.set(`$input.path('${text}')`, value === undefined ? "(missing)" : shown(value, scope));
  }
  for (const { name } of facts.params) {
    const given = params.path.has(name) || params.querystring.has(name) || scope.param(name) !== "";
    seen.set(`$input.params('${name}')`, given ? JSON.stringify(scope.param(name)) : "(missing)");
  }
  for (const { name } of facts.contextNames)
    seen.set(`$context.${name}`, shown(member(scope.context, name.split(".")), scope));
  for (const { name } of facts.stageVariables)
    seen.set(`$stageVariables.${name}`, shown(scope.stageVariables.get(name), scope));
  return [...seen].map(([name, value]) => ({ name, value }));
}

function member(map: Value, names: readonly string[]): Value {
  let value = map;
  for (const name of names) value = value instanceof JavaMap ? value.get(name) : null;
  return value;
}

function shown(value: Value, scope: TemplateScope): string {
  if (value === null) return "(missing)";
  return typeof value === "string" ? JSON.stringify(value) : printedText(value, scope.budget);
}

function overridesOf(context: JavaMap): readonly NamedText[] {
  const { request, response } = readOverrides(context);
  const named = (prefix: string, values: ReadonlyMap<string, string | readonly string[]>) =>
    [...values].map(([name, value]) => ({
      name: `${prefix}.${name}`,
      value: typeof value === "string" ? value : value.join(","),
    }));
  return [
    ...named("requestOverride.header", request.header),
    ...named("requestOverride.querystring", request.querystring),
    ...named("requestOverride.path", request.path),
    ...named("responseOverride.header", response.header),
    ...(response.status === undefined ? [] : [{ name: "responseOverride.status", value: String(response.status) }]),
  ];
}

function warningsOf(
  text: string | undefined,
  mediaType: string,
  facts: TemplateFacts,
  scope: TemplateScope,
): readonly string[] {
  const warnings: string[] = [];
  if (facts.inputPaths.length > 0 && scope.json === undefined)
    warnings.push("the body is no JSON: every path gives nothing");
  if (text === undefined || !/^application\/(?:.*\+)?json$/.test(mediaType) || text.trim() === "") return warnings;
  try {
    JSON.parse(text);
  } catch (error) {
    warnings.push(`the result is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
  return warnings;
}
