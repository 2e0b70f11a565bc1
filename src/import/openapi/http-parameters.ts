import { type Draft, DraftMap } from "../draft.js";
import { type MapTree, memberOf, membersOf, type Tree, textOf } from "../tree.js";
import { type Api, textIn } from "./api.js";
import { escaped, httpExpression } from "./expressions.js";
import type { RouteDraft } from "./route-draft.js";

/** `requestParameters` of an HTTP API: `overwrite:header.x`, `append:querystring.y`, `remove:header.z`, `overwrite:path`. */
export function readHttpRequest(tree: MapTree, route: RouteDraft, api: Api): void {
  const maps = { header: new DraftMap(), querystring: new DraftMap() };
  for (const { name, value } of membersOf(memberOf(tree, "requestParameters"))) {
    const text = textIn(value, api) ?? "";
    const [, action = "", place = "", target = ""] =
      /^(overwrite|append|remove):(header|querystring|path)(?:\.(.+))?$/.exec(name) ?? [];
    const change = changeOf(action, text);
    if (change === undefined || (place !== "path" && target === ""))
      route.integrationOptions.set("requestParameters", keptIn(route, name, text));
    else if (place === "path") route.request.set("path", change);
    else maps[place as keyof typeof maps].set(target, change);
  }
  route.request.setFull("headers", maps.header).setFull("query", maps.querystring);
}

/** `responseParameters` of an HTTP API, by the backend's status. */
export function readHttpResponses(tree: MapTree, route: RouteDraft, api: Api): void {
  for (const { name: backend, value } of membersOf(memberOf(tree, "responseParameters"))) {
    const changes = responseChanges(value, api);
    const status = Number(changes.get("overwrite:statuscode") ?? backend);
    if (!/^[1-5]\d\d$/.test(backend) || !Number.isInteger(status) || status < 100 || status > 599) {
      route.note(api.importing.leftOut(value, `response parameters for "${backend}"`));
      continue;
    }
    const response = route.response(status);
    if (response.isMade) {
      route.note(api.importing.leftOut(value, "response parameters of two backend statuses that become one"));
      continue;
    }
    response.isMade = true;
    if (String(status) !== backend) response.from = backend;
    for (const [change, text] of changes) {
      if (change === "overwrite:statuscode") continue;
      const [, action = "", header = ""] = /^(overwrite|append|remove):header\.(.+)$/.exec(change) ?? [];
      const made = changeOf(action, text);
      if (made === undefined || header === "") {
        route.note(api.importing.leftOut(value, `the response parameter "${change}: ${text}"`));
        continue;
      }
      const asked = made === null ? new DraftMap().set("remove", true) : made;
      response.headers.set(header, { type: response.headers.get(header)?.type, description: undefined, value: asked });
    }
  }
}

/** OpenAPI has a map, CloudFormation a list of source and destination. */
function responseChanges(tree: Tree, api: Api): ReadonlyMap<string, string> {
  const list = memberOf(tree, "ResponseParameters");
  if (list?.kind === "list") {
    return new Map(
      list.items.map((item) => [
        textOf(memberOf(item, "Destination")) ?? "",
        textIn(memberOf(item, "Source"), api) ?? "",
      ]),
    );
  }
  return new Map(membersOf(tree).map(({ name, value }) => [name, textIn(value, api) ?? ""]));
}

/** A text overwrites, null removes, `append:` adds. Undefined for what the grammar lacks. */
function changeOf(action: string, text: string): Draft | undefined {
  if (action === "remove") return null;
  const expression = httpExpression(text) ?? (/\$/.test(text) ? undefined : escaped(text));
  if (expression === undefined) return undefined;
  return action === "append"
    ? new DraftMap().set("append", expression)
    : action === "overwrite"
      ? expression
      : undefined;
}

function keptIn(route: RouteDraft, name: string, text: string): DraftMap {
  const known = route.integrationOptions.entries.find((entry) => entry.name === "requestParameters")?.value;
  return known instanceof DraftMap ? known.set(name, text) : new DraftMap().set(name, text);
}
