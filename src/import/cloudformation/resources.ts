import { logicalId } from "../intrinsics.js";
import { memberOf, membersOf, type Tree, textOf } from "../tree.js";

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

  constructor(template: Tree) {
    this.all = membersOf(memberOf(template, "Resources")).map(({ name, value }) => ({
      id: name,
      type: textOf(memberOf(value, "Type")) ?? "",
      tree: value,
      properties: memberOf(value, "Properties"),
    }));
  }

  of(type: string): readonly Resource[] {
    return this.all.filter((resource) => resource.type === type);
  }

  get(id: string | undefined): Resource | undefined {
    return id === undefined ? undefined : this.all.find((resource) => resource.id === id);
  }

  /** Resources of a type that name an API under `RestApiId` or `ApiId`. */
  belongingTo(type: string, api: string): readonly Resource[] {
    return this.of(type).filter(({ properties }) => {
      const owner = memberOf(properties, "RestApiId") ?? memberOf(properties, "ApiId");
      return logicalId(owner) === api || textOf(owner) === api;
    });
  }
}

/** `IntegrationHttpMethod` as OpenAPI has it: `integrationHttpMethod`. */
export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
