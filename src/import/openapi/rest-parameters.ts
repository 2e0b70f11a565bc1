import { DraftMap } from "../draft.js";
import { type MapTree, memberOf, membersOf, textOf } from "../tree.js";
import { type Api, templateIn, textIn } from "./api.js";
import { statusOf } from "./bodies.js";
import { restExpression } from "./expressions.js";
import type { ResponseDraft, RouteDraft } from "./route-draft.js";

/**
 * `requestParameters` of an integration of a REST API: `request.headers`, `query` and `path`. `{id}` of an address is the
 * route's own parameter where nothing else is said; what the grammar lacks stays under aws-options.
 */
export function readRestRequest(tree: MapTree, uri: string, route: RouteDraft, api: Api): void {
  const maps = { header: new DraftMap(), querystring: new DraftMap(), path: new DraftMap() };
  const kept = new DraftMap();
  for (const { name, value } of membersOf(memberOf(tree, "requestParameters"))) {
    const [, place, target = ""] = /^integration\.request\.(header|querystring|path)\.(.+)$/.exec(name) ?? [];
    const text = textIn(value, api);
    if (value.kind !== "scalar" || typeof value.value !== "string" || place === undefined) {
      if (text === undefined || value.kind === "scalar") {
        route.note(
          api.importing.leftOut(value, `the mapping "${name}: ${textOf(value) ?? "…"}", which API Gateway refuses`),
        );
        continue;
      }
    }
    const expression = restExpression(text ?? "");
    const isImplied = place === "path" && expression === `$request.path.${target}` && uri.includes(`{${target}}`);
    if (isImplied) continue;
    const isUsable = expression !== undefined && (place !== "path" || uri.includes(`{${target}}`));
    if (isUsable) maps[place as keyof typeof maps].set(target, expression);
    else kept.set(name, text ?? "");
  }
  route.request.setFull("headers", maps.header).setFull("query", maps.querystring).setFull("path", maps.path);
  route.integrationOptions.setFull("requestParameters", kept);
}

/** `responses` of a custom integration: which answers of the backend become which of the route. */
export function readRestResponses(
  tree: MapTree,
  kind: "lambda" | "http" | "aws" | "mock",
  route: RouteDraft,
  api: Api,
): void {
  const seen = new Set<number>();
  const patterns = new Map<ResponseDraft, string>();
  for (const { name, value } of membersOf(memberOf(tree, "responses"))) {
    const status = statusOf(value);
    if (seen.has(status)) {
      route.note(
        api.importing.leftOut(value, "a second integration response of one status, which API Gateway overwrites"),
      );
      continue;
    }
    seen.add(status);
    const response = route.response(status);
    response.isMade = true;
    patterns.set(response, name);
    response.contentHandling = textOf(memberOf(value, "contentHandling"))?.toUpperCase();
    readHeaders(memberOf(value, "responseParameters"), name, response, route, api);
    for (const template of membersOf(memberOf(value, "responseTemplates"))) {
      const text = templateIn(template.value, api);
      if (text === undefined) continue;
      response.templates.set(template.name.split(";")[0]?.trim().toLowerCase() ?? template.name, text);
    }
  }
  for (const [response, pattern] of patterns) response.from = fromOf(response, pattern, kind, route);
}

function readHeaders(
  tree: ReturnType<typeof memberOf>,
  pattern: string,
  response: ResponseDraft,
  route: RouteDraft,
  api: Api,
): void {
  const kept = new DraftMap();
  for (const { name, value } of membersOf(tree)) {
    const header = /^method\.response\.header\.(.+)$/.exec(name)?.[1];
    const expression = restExpression(textIn(value, api) ?? "");
    if (header === undefined || expression === undefined) {
      kept.set(name, textIn(value, api) ?? "");
      continue;
    }
    const declared = [...response.headers].find(([known]) => known.toLowerCase() === header.toLowerCase());
    if (declared) response.headers.delete(declared[0]);
    response.headers.set(header, {
      type: declared?.[1].type,
      description: declared?.[1].description,
      value: expression,
    });
  }
  if (!kept.isEmpty) {
    const answer = new DraftMap().set("responseParameters", kept);
    route.integrationOptions.set("responses", new DraftMap().set(pattern, answer));
  }
}

/** What `from` has to say; undefined where the language means the same without it. */
function fromOf(
  response: ResponseDraft,
  pattern: string,
  kind: "lambda" | "http" | "aws" | "mock",
  route: RouteDraft,
): string | undefined {
  const isSuccess = response.status >= 200 && response.status < 300;
  const isOwn = pattern === String(response.status);
  const isDefault = pattern === "default";
  switch (kind) {
    case "mock": {
      const isFirst = response.status === route.mockStatus;
      return (isDefault && isFirst) || (isOwn && !isFirst) ? undefined : isDefault ? "default" : pattern;
    }
    case "lambda":
      return isDefault && isSuccess ? undefined : isDefault ? "default" : pattern;
    default:
      return isOwn && !isSuccess ? undefined : isDefault ? "default" : pattern;
  }
}
