import type { JsonValue } from "../../../src/model/types.js";
import { isJsonObject, type JsonObject, jsonObject, objectOf, unlessEmpty } from "../../emit/stable-json.js";

/** What GetExport's parameter `extensions` may name. */
export const extensionLevels = ["integrations", "authorizers", "apigateway"] as const;
export type ExtensionLevel = (typeof extensionLevels)[number];

const prefix = "x-amazon-apigateway-";
const anyMethod = `${prefix}any-method`;

/**
 * The document for API Gateway with the extensions of some levels: `integrations` keeps the integrations,
 * `authorizers` the authorizers and what asks for them, `apigateway` everything. API keys and routes for any method,
 * which are none of these, always stay.
 */
export function withExtensions(document: JsonObject, levels: ReadonlySet<ExtensionLevel>): JsonObject {
  if (levels.has("apigateway")) return document;
  const { servers, tags, paths, components, ...rest } = bare(document);
  const schemes = membersOf(membersOf(components).securitySchemes);
  const kept = levels.has("authorizers") ? schemes : withoutAuthorizers(schemes);
  const operation = operationFilter(levels, new Set(Object.keys(kept)));
  return jsonObject({
    ...rest,
    tags: Array.isArray(tags) ? tags.map((tag) => (isJsonObject(tag) ? bare(tag) : tag)) : undefined,
    paths: eachMember(membersOf(paths), (item) => eachMember(membersOf(item), operation)),
    components: unlessEmpty(jsonObject({ ...membersOf(components), securitySchemes: unlessEmpty(kept) })),
  });
}

/** The schemes that are no authorizer of API Gateway: API keys. */
function withoutAuthorizers(schemes: JsonObject): JsonObject {
  return objectOf(
    Object.entries(schemes).filter(
      ([, scheme]) => !Object.keys(membersOf(scheme)).some((name) => name.startsWith(prefix)),
    ),
  );
}

function operationFilter(levels: ReadonlySet<ExtensionLevel>, schemes: ReadonlySet<string>) {
  return (value: JsonValue): JsonValue => {
    const { security, ...operation } = membersOf(value);
    const asked = Array.isArray(security) ? security.filter((entry) => asksFor(entry, schemes)) : [];
    const integration = levels.has("integrations") ? operation[`${prefix}integration`] : undefined;
    return jsonObject({
      ...bare(operation),
      security: asked.length > 0 ? asked : undefined,
      [`${prefix}integration`]: integration,
    });
  };
}

function asksFor(requirement: JsonValue, schemes: ReadonlySet<string>): boolean {
  return Object.keys(membersOf(requirement)).every((name) => schemes.has(name));
}

/** Without the extensions of its own; those of objects in it stay. */
function bare(object: JsonObject): JsonObject {
  return objectOf(Object.entries(object).filter(([name]) => !name.startsWith(prefix) || name === anyMethod));
}

/** The object, or one without members where there is none. */
export function membersOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function eachMember(object: JsonObject, change: (value: JsonValue) => JsonValue): JsonObject {
  return objectOf(Object.entries(object).map(([name, value]) => [name, change(value)]));
}
