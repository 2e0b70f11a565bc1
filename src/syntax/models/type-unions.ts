import type ts from "typescript";
import { unionOf } from "../../model/type-unions.js";
import type { Type, UnionType } from "../../model/types.js";
import { brokenType } from "./broken.js";
import { rangeOf } from "./frame.js";
import { shapeOfNode } from "./members.js";
import { resolveNode } from "./resolve.js";
import type { Shape } from "./shape.js";
import type { Place } from "./table.js";

/** `A | B`, in its shortest form; a union of objects with a common literal property names its discriminator. */
export function resolveUnion(nodes: readonly ts.TypeNode[], node: ts.Node, place: Place): Type {
  const types = nodes.map((member) => resolveNode(member, place));
  if (types.includes(brokenType)) return brokenType;
  const type = unionOf(types, place.table.keys);
  if (type.kind !== "union") return type;
  if (type.members.some((member) => member.kind === "primitive" && member.name === "null")) {
    const { frame, file } = place.source;
    frame.report("aws-null", frame.span(rangeOf(node, file)), undefined);
  }
  if (type.members.length !== nodes.length) return type;
  const discriminator = discriminatorOf(nodes, place);
  return discriminator ? { ...type, discriminator } : type;
}

/** The first required property that is a different string literal in each member. */
function discriminatorOf(nodes: readonly ts.TypeNode[], place: Place): UnionType["discriminator"] {
  const first = nodes[0] && shapeOfNode(nodes[0], place);
  if (!first || ![...first.properties.values()].some(isTag)) return undefined;
  const shapes: Shape[] = [first];
  for (const node of nodes.slice(1)) {
    const shape = shapeOfNode(node, place);
    if (!shape) return undefined;
    shapes.push(shape);
  }
  for (const [property, tag] of first.properties) {
    if (!isTag(tag)) continue;
    const tags = shapes.map((shape) => shape.properties.get(property));
    const values = tags.flatMap((member) => (member && isTag(member) ? [member.literal ?? ""] : []));
    if (values.length === shapes.length && new Set(values).size === values.length) return { property, values };
  }
  return undefined;
}

function isTag(property: { readonly literal: string | undefined; readonly optional: boolean }): boolean {
  return property.literal !== undefined && !property.optional;
}
