import type { RouteEntry } from "../program.js";

/** What a match fills in; the exchange is one. */
export interface RouteMatch {
  route: RouteEntry;
  pathValues: readonly string[];
}

/** One resource: what lies below it, and its methods. */
interface Resource {
  readonly children: Map<string, Resource>;
  parameter: Resource | undefined;
  greedy: Resource | undefined;
  /** How many parameters lead here. */
  readonly parameters: number;
  readonly methods: Map<string, RouteEntry>;
  any: RouteEntry | undefined;
}

/**
 * The routes of one Program as a tree of segments, laid out once. A walk over segment maps measured fastest of the
 * matchers tried (performance-anchors.md section 4). At each level a static segment goes before a parameter and that
 * before a greedy one; where the best resource has neither the method nor ANY, the next best is tried
 * (aws-behaviour.md 3.1 and 3.3). Each resource of the tree is visited at most once a request.
 */
export class Router {
  readonly #root = resource(0);
  readonly #kind: "rest" | "http";
  /** HTTP APIs: the route `$default`. That of a WebSocket API is for messages, and no request may reach it. */
  readonly #fallback: RouteEntry | undefined;

  constructor(kind: "rest" | "http", routes: readonly RouteEntry[]) {
    this.#kind = kind;
    this.#fallback = kind === "http" ? routes.find((route) => route.key === "$default") : undefined;
    for (const route of routes) if (route !== this.#fallback) addRoute(this.#root, route);
  }

  /**
   * @param path  below the stage, as received, with its leading slash; REST ignores slashes at its end, HTTP APIs
   *              compare decoded segments
   * @returns false when no route answers; `match` is unchanged then
   */
  find(method: string, path: string, match: RouteMatch): boolean {
    const end = this.#kind === "rest" ? withoutSlashes(path) : path.length;
    const found = end <= 1 ? methodOf(this.#root, method) : this.#walk(this.#root, method, path, 1, end, match);
    const route = found ?? this.#fallback;
    if (route === undefined) return false;
    match.route = route;
    return true;
  }

  #walk(
    node: Resource,
    method: string,
    path: string,
    from: number,
    end: number,
    match: RouteMatch,
  ): RouteEntry | undefined {
    if (from > end) return allocate(methodOf(node, method), node, match);
    const slash = path.indexOf("/", from);
    const to = slash === -1 || slash > end ? end : slash;
    const child = node.children.get(this.#segment(path, from, to));
    if (child !== undefined) {
      const found = this.#walk(child, method, path, to + 1, end, match);
      if (found !== undefined) return found;
    }
    if (node.parameter !== undefined && to > from) {
      const found = this.#walk(node.parameter, method, path, to + 1, end, match);
      if (found !== undefined) return setValue(match, node.parameters, path.slice(from, to), found);
    }
    if (node.greedy === undefined || from === end) return undefined;
    const found = allocate(methodOf(node.greedy, method), node.greedy, match);
    return found && setValue(match, node.parameters, path.slice(from, end), found);
  }

  #segment(path: string, from: number, to: number): string {
    const segment = path.slice(from, to);
    return this.#kind === "http" && segment.includes("%") ? decoded(segment) : segment;
  }
}

function resource(parameters: number): Resource {
  return {
    children: new Map(),
    parameter: undefined,
    greedy: undefined,
    parameters,
    methods: new Map(),
    any: undefined,
  };
}

function addRoute(root: Resource, route: RouteEntry): void {
  let node = root;
  for (const segment of route.segments) node = below(node, segment);
  if (route.method === "ANY") node.any ??= route;
  else if (!node.methods.has(route.method)) node.methods.set(route.method, route);
}

function below(node: Resource, segment: string): Resource {
  const isVariable = segment.startsWith("{") && segment.endsWith("}");
  if (isVariable && segment.endsWith("+}")) {
    node.greedy ??= resource(node.parameters + 1);
    return node.greedy;
  }
  if (isVariable) {
    node.parameter ??= resource(node.parameters + 1);
    return node.parameter;
  }
  const known = node.children.get(segment);
  if (known) return known;
  const created = resource(node.parameters);
  node.children.set(segment, created);
  return created;
}

/** A concrete method goes before ANY. */
function methodOf(node: Resource, method: string): RouteEntry | undefined {
  return node.methods.get(method) ?? node.any;
}

/** Makes room for the values once the route is known; they are filled in on the way back. */
function allocate(route: RouteEntry | undefined, node: Resource, match: RouteMatch): RouteEntry | undefined {
  if (route !== undefined && node.parameters > 0) match.pathValues = new Array<string>(node.parameters);
  return route;
}

function setValue(match: RouteMatch, index: number, value: string, route: RouteEntry): RouteEntry {
  (match.pathValues as string[])[index] = value;
  return route;
}

function withoutSlashes(path: string): number {
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end--;
  return end;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
