import { logicalId } from "../intrinsics.js";
import { type MapTree, madeList, madeMap, memberOf, membersOf, type Tree, textOf } from "../tree.js";

/** One resource of a template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly tree: Tree;
  readonly properties: Tree | undefined;
}

/** The resources of a template, by type and by what they belong to. */
export class Resources {
  readonly all: readonly Resource[];
  readonly #byId = new Map<string, Resource>();
  readonly #byType = new Map<string, Resource[]>();
  readonly #given: ReadonlySet<string>;
  readonly #presets: ReadonlyMap<string, string>;

  constructor(template: Tree) {
    const globals = memberOf(template, "Globals");
    this.all = membersOf(memberOf(template, "Resources")).map(({ name, value }) => {
      const type = textOf(memberOf(value, "Type")) ?? "";
      const properties = memberOf(value, "Properties");
      return { id: name, type, tree: value, properties: withGlobals(type, properties, globals) };
    });
    for (const resource of this.all) {
      this.#byId.set(resource.id, resource);
      const others = this.#byType.get(resource.type);
      if (others) others.push(resource);
      else this.#byType.set(resource.type, [resource]);
    }
    const parameters = membersOf(memberOf(template, "Parameters"));
    this.#presets = new Map(
      parameters.flatMap(({ name, value }) => {
        const preset = textOf(memberOf(value, "Default"));
        return preset === undefined ? [] : [[name, preset] as const];
      }),
    );
    this.#given = new Set(
      parameters.flatMap(({ name, value }) => (memberOf(value, "Default") === undefined ? [name] : [])),
    );
  }

  /** What a parameter is by default. */
  presetOf(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.#presets.get(id);
  }

  /** Whether it is a parameter that whoever makes the stack has to give. */
  isGiven(id: string): boolean {
    return this.#given.has(id);
  }

  of(type: string): readonly Resource[] {
    return this.#byType.get(type) ?? [];
  }

  get(id: string | undefined): Resource | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Resources of a type that name an API under `RestApiId` or `ApiId`. */
  belongingTo(type: string, api: string): readonly Resource[] {
    return this.of(type).filter(({ properties }) => {
      const owner = memberOf(properties, "RestApiId") ?? memberOf(properties, "ApiId");
      return logicalId(owner) === api || textOf(owner) === api;
    });
  }
}

/** What SAM's `Globals` say of an API or function stands for what it does not say itself. */
function withGlobals(type: string, properties: Tree | undefined, globals: Tree | undefined): Tree | undefined {
  const own = /^AWS::Serverless::(Api|HttpApi|Function)$/.exec(type)?.[1];
  const all = own === undefined ? undefined : memberOf(globals, own);
  if (all?.kind !== "map") return properties;
  return mergedMap(all, properties);
}

/** Members of both, as SAM merges them: maps by their members, lists one behind the other, of others the second counts. */
function mergedMap(one: MapTree, other: Tree | undefined): MapTree {
  const members = new Map<string, Tree | undefined>(membersOf(one).map(({ name, value }) => [name, value]));
  for (const { name, value } of membersOf(other)) {
    const known = members.get(name);
    members.set(name, known === undefined ? value : merged(known, value));
  }
  return madeMap(other ?? one, members);
}

function merged(one: Tree, other: Tree): Tree {
  if (one.kind === "map" && other.kind === "map") return mergedMap(one, other);
  return one.kind === "list" && other.kind === "list" ? madeList(other, [...one.items, ...other.items]) : other;
}

/** `IntegrationHttpMethod` as OpenAPI has it: `integrationHttpMethod`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
