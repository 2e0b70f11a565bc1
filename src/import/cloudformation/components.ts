import { type MapTree, madeMap, memberOf, membersOf, type Tree } from "../tree.js";

type Named = readonly (readonly [name: string, value: Tree])[];

/** A document with further schemas and security schemes, where its version has them. What it has by the same name stays. */
export function withComponents(
  document: MapTree,
  added: { readonly schemas?: Named | undefined; readonly schemes?: Named },
): MapTree {
  const { schemas = [], schemes = [] } = added;
  if (schemas.length === 0 && schemes.length === 0) return document;
  if (memberOf(document, "swagger")) {
    const swagger = withMember(document, "definitions", joined(document, memberOf(document, "definitions"), schemas));
    const known = memberOf(document, "securityDefinitions");
    return withMember(swagger, "securityDefinitions", joined(document, known, schemes));
  }
  const components = memberOf(document, "components");
  const own = components?.kind === "map" ? components : madeMap(document, []);
  const withSchemas = withMember(own, "schemas", joined(document, memberOf(own, "schemas"), schemas));
  const whole = withMember(withSchemas, "securitySchemes", joined(document, memberOf(own, "securitySchemes"), schemes));
  return withMember(document, "components", whole);
}

function joined(place: MapTree, known: Tree | undefined, added: Named): MapTree {
  const names = new Set(membersOf(known).map(({ name }) => name));
  return madeMap(place, [
    ...membersOf(known).map(({ name, value }) => [name, value] as const),
    ...added.filter(([name]) => !names.has(name)),
  ]);
}

function withMember(map: MapTree, name: string, value: MapTree): MapTree {
  if (value.members.size === 0) return map;
  const members = new Map(membersOf(map).map((member) => [member.name, member.value as Tree | undefined]));
  return madeMap(map, members.set(name, value));
}
