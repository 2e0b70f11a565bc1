import { listOf, type Members, membersOf } from "./design.js";

/** How deep models are followed that contain themselves. */
const mostDepth = 6;

/**
 * A mapping template that makes a payload of a model's form out of one of the same form, as GetModelTemplate gives it: to be
 * changed where the two differ. Pure.
 *
 * @param schemas  that `#/definitions/` names
 */
export function modelTemplate(schema: Members, schemas: Members): string {
  return `#set($inputRoot = $input.path('$'))\n${templateOf(schema, "$inputRoot", { schemas, depth: 0 })}`;
}

interface Place {
  readonly schemas: Members;
  readonly depth: number;
}

function templateOf(schema: Members, from: string, place: Place): string {
  const reference = schema["$ref"];
  if (typeof reference === "string") {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    if (place.depth < mostDepth) return templateOf(membersOf(place.schemas[name]), from, deeper(place));
  }
  const all = listOf(schema["allOf"]).map(membersOf);
  const properties = Object.assign({}, ...all.map((part) => part["properties"]), schema["properties"]) as Members;
  switch (typeOf(schema, properties)) {
    case "object":
      return place.depth >= mostDepth ? "{ }" : objectOf(properties, from, place);
    case "array":
      return place.depth >= mostDepth ? "[ ]" : arrayOf(membersOf(schema["items"]), from, place);
    case "string":
      return `"${from}"`;
    default:
      return from;
  }
}

function typeOf({ type, enum: choices }: Members, properties: Members): unknown {
  const first = Array.isArray(type) ? type.find((each) => each !== "null") : type;
  if (first !== undefined) return first;
  if (Object.keys(properties).length > 0) return "object";
  return typeof listOf(choices)[0] === "string" ? "string" : "object";
}

function objectOf(properties: Members, from: string, place: Place): string {
  const members = Object.entries(properties).map(([name, property]) => {
    const path = /^[A-Za-z][\w-]*$/.test(name) ? `${from}.${name}` : `${from}.get('${name.replaceAll("'", "''")}')`;
    return `"${name.replaceAll('"', '\\"')}" : ${templateOf(membersOf(property), path, deeper(place))}`;
  });
  if (members.length === 0) return "{ }";
  return `{\n${members.map((member) => `  ${member.replaceAll("\n", "\n  ")}`).join(",\n")}\n}`;
}

function arrayOf(items: Members, from: string, place: Place): string {
  const element = place.depth === 0 ? "$elem" : `$elem${place.depth}`;
  return `[\n#foreach(${element} in ${from})\n${templateOf(items, element, deeper(place))}#if($foreach.hasNext),#end\n#end\n]`;
}

function deeper({ schemas, depth }: Place): Place {
  return { schemas, depth: depth + 1 };
}
