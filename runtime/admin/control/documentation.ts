import { documentationIdOf } from "../../host/stable-ids.js";
import { type AdminAnswer, type AdminRequest, jsonAnswer } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { missing } from "../design/lookup-rules.js";
import { type Design, designOf, listOf, type Members, membersOf, said } from "./design.js";
import { apiOf, page } from "./served.js";

/** Where a part belongs (API reference, DocumentationPartLocation). */
interface Location {
  readonly type: string;
  readonly path?: string;
  readonly method?: string;
  readonly statusCode?: string;
  readonly name?: string;
}

interface Part {
  readonly id: string;
  readonly location: Location;
  /** JSON, as text. */
  readonly properties: string;
}

/** GetDocumentationParts: the descriptions of gateway.yaml, as API Gateway's import stores them. @throws AdminProblem */
export function getDocumentationParts(
  target: AdminTarget,
  { query }: AdminRequest,
  [id = ""]: readonly string[],
): AdminAnswer {
  const [type, path, name] = ["type", "path", "name"].map((each) => query.get(each));
  // Every part has its place here.
  const all = query.get("locationStatus") === "UNDOCUMENTED" ? [] : partsOf(target, id);
  const wanted = all.filter(
    ({ location }) =>
      (!type || location.type === type) &&
      (!path || (location.path ?? "").startsWith(path)) &&
      (!name || (location.name ?? "").includes(name)),
  );
  return jsonAnswer(page(wanted, query));
}

/** GetDocumentationPart. @throws AdminProblem */
export function getDocumentationPart(
  target: AdminTarget,
  _: AdminRequest,
  [id = "", wanted = ""]: readonly string[],
): AdminAnswer {
  const found = partsOf(target, id).find((part) => part.id === wanted);
  if (found === undefined) throw missing("documentationPart");
  return jsonAnswer(found);
}

function partsOf(target: AdminTarget, apiId: string): readonly Part[] {
  const design = designOf(target, apiOf(target, apiId));
  if (design === undefined) return [];
  return [...locationsOf(design)].flatMap(([location, properties]) => {
    const text = said(properties);
    if (Object.keys(text).length === 0) return [];
    const id = documentationIdOf(apiId, JSON.stringify(location));
    return [{ id, location, properties: JSON.stringify(text) }];
  });
}

function* locationsOf({ document }: Design): Generator<readonly [Location, Members]> {
  const { description, summary } = membersOf(document["info"]);
  yield [{ type: "API" }, { description, summary }];
  for (const [path, item] of Object.entries(membersOf(document["paths"]))) {
    for (const [word, operation] of Object.entries(membersOf(item))) {
      const method = word.startsWith("x-") ? "*" : word.toUpperCase();
      yield* operationParts({ path, method }, membersOf(operation));
    }
  }
  for (const [name, schema] of Object.entries(membersOf(document["definitions"])))
    yield [{ type: "MODEL", name }, { description: membersOf(schema)["description"] }];
}

const parameterTypes = new Map([
  ["path", "PATH_PARAMETER"],
  ["query", "QUERY_PARAMETER"],
  ["header", "REQUEST_HEADER"],
]);

function* operationParts(
  place: { readonly path: string; readonly method: string },
  operation: Members,
): Generator<readonly [Location, Members]> {
  const { summary, description, tags } = operation;
  yield [
    { type: "METHOD", ...place },
    { summary, description, tags },
  ];
  for (const parameter of listOf(operation["parameters"]).map(membersOf)) {
    const type = parameterTypes.get(String(parameter["in"]));
    const properties = { description: parameter["description"] };
    if (type === undefined) yield [{ type: "REQUEST_BODY", ...place }, properties];
    else yield [{ type, ...place, name: String(parameter["name"]) }, properties];
  }
  for (const [statusCode, response] of Object.entries(membersOf(operation["responses"]))) {
    const { description: text, headers } = membersOf(response);
    yield [{ type: "RESPONSE", ...place, statusCode }, { description: text }];
    for (const [name, header] of Object.entries(membersOf(headers))) {
      const properties = { description: membersOf(header)["description"] };
      yield [{ type: "RESPONSE_HEADER", ...place, statusCode, name }, properties];
    }
  }
}
