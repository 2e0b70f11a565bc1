import { logicalId } from "../intrinsics.js";
import { type MapTree, madeMap, madeScalar, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { httpIntegration } from "./http-api.js";
import type { Resource, Resources } from "./resources.js";

/** Templates by what a selection expression yields. */
export interface SelectedTemplates {
  readonly expression: string;
  readonly templates: Tree | undefined;
}

export interface SelectedAnswer extends SelectedTemplates {
  readonly status: number;
}

/** An integration of a WebSocket API as one of a REST API's OpenAPI document, and what such a document has no place for. */
export interface WebSocketIntegration {
  readonly tree: MapTree;
  readonly selection: SelectedTemplates | undefined;
  readonly answers: readonly SelectedAnswer[];
}

export function webSocketIntegration(integration: Resource, resources: Resources): WebSocketIntegration {
  const { properties } = integration;
  const responses = resources
    .of("AWS::ApiGatewayV2::IntegrationResponse")
    .filter((response) => logicalId(memberOf(response.properties, "IntegrationId")) === integration.id);
  const selection = selectionOf(properties, "RequestTemplates");
  const { documented, answers } = responsesOf(responses);
  const members = new Map<string, Tree | undefined>(
    membersOf(httpIntegration(integration)).map(({ name, value }) => [name, value]),
  );
  members.delete("templateSelectionExpression");
  members.set("requestTemplates", selection ? undefined : forJson(members.get("requestTemplates"), properties));
  members.set("requestParameters", ofMethod(members.get("requestParameters")));
  // Templates that are selected make the body: the language refuses what they are not for, as this says.
  const passthrough = members.get("passthroughBehavior");
  if (selection && passthrough && textOf(passthrough) === "NEVER") {
    members.set("passthroughBehavior", madeScalar(passthrough, "when_no_match"));
  }
  if (documented.length > 0) members.set("responses", madeMap(integration.tree, documented));
  return { tree: madeMap(integration.tree, members), selection, answers };
}

/** Undefined where one template is for all. */
function selectionOf(properties: Tree | undefined, templates: string): SelectedTemplates | undefined {
  const expression = textOf(memberOf(properties, "TemplateSelectionExpression"));
  if (expression === undefined || constantOf(expression) !== undefined) return undefined;
  return { expression, templates: memberOf(properties, templates) };
}

/** What an expression without variables yields for everything: `\$default`, or the `200` that the console writes. */
function constantOf(expression: string): string | undefined {
  const text = expression.replaceAll("\\$", "");
  if (text === "$default") return text;
  return text.includes("$") ? undefined : expression.replaceAll("\\$", "$");
}

function responsesOf(responses: readonly Resource[]) {
  const documented: (readonly [string, Tree])[] = [];
  const answers: SelectedAnswer[] = [];
  const taken = new Set<number>();
  // The catch-all last: where another one is for 2xx, it is for failures.
  const patternOf = ({ properties }: Resource) => textOf(memberOf(properties, "IntegrationResponseKey")) ?? "$default";
  for (const response of [...responses].sort((a, b) => rank(patternOf(a)) - rank(patternOf(b)))) {
    const { tree, properties } = response;
    const key = patternOf(response);
    const pattern = key === "$default" ? "default" : key.replaceAll(/^\/|\/$/g, "");
    const status = freeStatus(pattern, taken);
    const selection = selectionOf(properties, "ResponseTemplates");
    if (selection) answers.push({ ...selection, status });
    documented.push([
      pattern,
      madeMap(tree, [
        ["statusCode", madeScalar(tree, String(status))],
        ["responseTemplates", selection ? undefined : forJson(memberOf(properties, "ResponseTemplates"), properties)],
        ["responseParameters", ofMethod(memberOf(properties, "ResponseParameters"))],
        ["contentHandling", memberOf(properties, "ContentHandlingStrategy")],
      ]),
    ]);
  }
  return { documented, answers };
}

function rank(pattern: string): number {
  return pattern === "$default" ? 1 : 0;
}

/** Replies have no status; the language tells responses apart by one: that of the pattern, else the first of its class that is free. */
function freeStatus(pattern: string, taken: Set<number>): number {
  const first = /^[1-5]/.exec(pattern)?.[0];
  let status = /^[1-5]\d\d$/.test(pattern) ? Number(pattern) : Number(first ?? (pattern === "default" ? 2 : 5)) * 100;
  if (pattern === "default" && taken.has(status)) status = 500;
  while (taken.has(status)) status++;
  taken.add(status);
  return status;
}

/** A template for every message is one for JSON: the one that a constant expression names, else `$default`. */
function forJson(templates: Tree | undefined, properties: Tree | undefined): Tree | undefined {
  if (templates === undefined) return undefined;
  const expression = textOf(memberOf(properties, "TemplateSelectionExpression"));
  const constant = expression === undefined ? undefined : constantOf(expression);
  const chosen = constant === undefined ? undefined : memberOf(templates, constant);
  if (chosen !== undefined) return madeMap(templates, [["application/json", chosen]]);
  const renamed = membersOf(templates).map(
    ({ name, value }) => [name === "$default" ? "application/json" : name, value] as const,
  );
  return madeMap(templates, renamed);
}

/** Parameters of a route by the names that a REST method's have. */
function ofMethod(parameters: Tree | undefined): Tree | undefined {
  if (parameters === undefined) return undefined;
  const renamed = (text: string) => text.replace(/^route\.(request|response)\./, "method.$1.");
  const members = membersOf(parameters).map(({ name, value }) => {
    const text = textOf(value);
    return [renamed(name), text === undefined ? value : madeScalar(value, renamed(text))] as const;
  });
  return madeMap(parameters, members);
}
