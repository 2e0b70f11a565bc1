import type { Parameter } from "../../src/model/routes.js";
import type { Type } from "../../src/model/types.js";
import { freeName, upperFirst } from "../emit/names.js";
import type { SdkOperation } from "./operation.js";

/** One property of an operation's input, under its name in one language. */
export interface InputMember {
  /** Name in the input object, or of the argument. */
  readonly name: string;
  readonly in: "method" | "body" | Parameter["in"];
  /** Name on the wire; of no meaning for the method and the body. */
  readonly wireName: string;
  /** `bytes` is a body that is sent as it is; `method` an HTTP method. */
  readonly type: Type | "bytes" | "method";
  readonly required: boolean;
  readonly description: string | undefined;
}

/** How a language writes the names of inputs. */
export interface InputNaming {
  /** Names that no member may have. */
  readonly taken: readonly string[];
  /** A parameter's name in the language: legal, and the same for the same text. */
  nameOf(parameter: Pick<Parameter, "in" | "name">): string;
  /** The name with its place in front, for one that is taken: `query`, `id` → `queryId` or `query_id`. */
  prefixed(where: Parameter["in"], name: string): string;
}

/**
 * The flat input of an operation: path, query and header parameters and `body` side by side. Of two with one name the
 * first in this order keeps it and the other gets its place in front: method, body, path, query, header.
 */
export function planInput(operation: SdkOperation, naming: InputNaming): readonly InputMember[] {
  const fixed = [...methodMember(operation), ...bodyMember(operation)];
  const taken = new Set([...naming.taken, ...fixed.map(({ name }) => name)]);
  const isTaken = (name: string) => taken.has(name);
  const members = operation.parameters.map((parameter): InputMember => {
    const wanted = naming.nameOf(parameter);
    const name = isTaken(wanted) ? freeName(naming.prefixed(parameter.in, wanted), "", isTaken) : wanted;
    taken.add(name);
    return { ...parameter, name, wireName: parameter.name };
  });
  return [...members, ...fixed];
}

/** `query`, `id` → `queryId`. */
export function camelPrefixed(where: Parameter["in"], name: string): string {
  return where + upperFirst(name);
}

function methodMember({ method }: SdkOperation): readonly InputMember[] {
  if (method !== undefined) return [];
  const description = "The route takes any method.";
  return [{ name: "method", in: "method", wireName: "", type: "method", required: true, description }];
}

function bodyMember({ body }: SdkOperation): readonly InputMember[] {
  if (body === undefined) return [];
  const { type, required } = body;
  return [{ name: "body", in: "body", wireName: "", type, required, description: undefined }];
}
