import { badRequest, conflict } from "../admin-message.js";

/** CreateResource: a path part below a parent. */
export interface ResourceRequest {
  /** The parent's own path part; empty for the root. */
  readonly parentPathPart: string;
  /** Path parts of the parent's children. */
  readonly siblings: readonly string[];
  readonly pathPart: string;
}

/** Rules of the tree of resources (aws-behaviour 3.2). @throws AdminProblem */
export function checkResource({ parentPathPart, siblings, pathPart }: ResourceRequest): void {
  if (parentPathPart.endsWith("+}"))
    throw badRequest(`Cannot create a child of a resource with a greedy path variable: ${parentPathPart}`);
  if (!/^(?:[A-Za-z0-9._\-:]+|\{[A-Za-z0-9._\-:]+\+?\})$/.test(pathPart)) {
    throw badRequest(
      "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.",
    );
  }
  if (siblings.includes(pathPart))
    throw conflict(`Another resource with the same parent already has this name: ${pathPart}`);
  const variable = siblings.find(isVariable);
  if (variable !== undefined && isVariable(pathPart)) {
    throw badRequest(
      `A sibling (${variable}) of this resource already has a variable path part -- only one is allowed`,
    );
  }
}

function isVariable(pathPart: string): boolean {
  return pathPart.startsWith("{");
}
