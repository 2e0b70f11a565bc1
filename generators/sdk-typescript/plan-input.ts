import type { Parameter, Route } from "../../src/model/routes.js";
import { primitive } from "../../src/model/type-builders.js";
import type { Type } from "../../src/model/types.js";
import { camelName, freeName, memberName, upperFirst } from "../emit/names.js";
import { isBinary } from "./wire-types.js";

/** Path text of an HTTP API's route for everything else. */
export const catchAll = "$default";

/** One property of an operation's input object. */
export interface InputMember {
  /** Name in the input object. */
  readonly name: string;
  readonly in: "method" | "body" | Parameter["in"];
  /** Name on the wire; of no meaning for the method and the body. */
  readonly wireName: string;
  /** `bytes` is what fetch takes as a body; `method` an HTTP method. */
  readonly type: Type | "bytes" | "method";
  readonly required: boolean;
  readonly description: string | undefined;
}

/**
 * The flat input of an operation: path, query and header parameters and `body` side by side. A parameter keeps its name
 * where that is an identifier (headers are written in camel case); of two with one name the first in this order keeps it
 * and the other gets its place in front: method, body, path, query (`queryId`), header (`headerId`).
 */
export function planInput(route: Route): readonly InputMember[] {
  const fixed = [...methodMember(route), ...bodyMember(route)];
  const taken = new Set([...objectMembers, ...fixed.map(({ name }) => name)]);
  const isTaken = (name: string) => taken.has(name);
  const members = parametersOf(route).map((parameter): InputMember => {
    const wanted = parameter.in === "header" ? camelName(parameter.name) : memberName(parameter.name);
    const name = isTaken(wanted) ? freeName(parameter.in + upperFirst(wanted), "", isTaken) : wanted;
    taken.add(name);
    return { ...parameter, name, wireName: parameter.name };
  });
  return [...members, ...fixed];
}

/** Names that every object answers to: a parameter that was left out would seem to be there. */
const objectMembers: readonly string[] = Object.getOwnPropertyNames(Object.prototype);

/** As declared; the catch-all route has a path that nothing declares. */
function parametersOf({ parameters, path }: Route): readonly Parameter[] {
  if (path.text !== catchAll) return parameters;
  const description = "The whole path, without the leading slash.";
  return [{ in: "path", name: "path", type: primitive("string"), required: true, description }, ...parameters];
}

function methodMember({ method }: Route): readonly InputMember[] {
  if (method !== "ANY") return [];
  const description = "The route takes any method.";
  return [{ name: "method", in: "method", wireName: "", type: "method", required: true, description }];
}

/** fetch sends no body with GET and HEAD; a route for any method may have one of any kind. */
function bodyMember({ method, body }: Route): readonly InputMember[] {
  if (method === "GET" || method === "HEAD") return [];
  if (body === undefined) {
    if (method !== "ANY") return [];
    return [{ name: "body", in: "body", wireName: "", type: "bytes", required: false, description: undefined }];
  }
  const type = isBinary(body.type) ? "bytes" : body.type;
  return [{ name: "body", in: "body", wireName: "", type, required: body.required, description: undefined }];
}
