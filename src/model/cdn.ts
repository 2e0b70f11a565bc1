import type { Domain, GatewayModel, Stage } from "./gateway-model.js";
import type { PathSegment, Route } from "./routes.js";

/** What CloudFront keeps of answers: never longer than the file says, by declared parameters. */
export interface CdnCache {
  readonly ttlSeconds: number;
  readonly query: readonly string[];
  readonly headers: readonly string[];
}

/** The first behaviour whose pattern fits a path holds for it. */
export interface CdnBehaviour {
  /** CloudFront's: `*` is any text, with slashes, `?` one character. */
  readonly pattern: string;
  readonly stage: string;
  /** Undefined: every request goes to the API. */
  readonly cache: CdnCache | undefined;
}

/**
 * Tells base paths apart in the cache, whose key has the path without them: it is set by the function that takes them off. Only
 * domains with base paths have it.
 */
export const basePathHeader = "x-forwarded-prefix";

type Cached = Pick<GatewayModel, "kind" | "routes" | "stages" | "authorizers" | "policy">;

/** Most names of one kind in a key of CloudFront's cache, and most characters of a pattern. */
const mostKeys = 10;
const mostCharacters = 255;

/** Headers that no cache policy may name, or that would not reach API Gateway as they should. */
const notInKeys =
  /^(?:connection|content-length|cookie|date|expect|host|proxy-.*|range|te|trailer|transfer-encoding|upgrade|via|x-real-ip)$/;

/**
 * Behaviours of a distribution in front of a domain's base paths, but for the default one, which stands for the root. An
 * answer is kept where the stage caches it and everybody may have it: CloudFront asks no authorizer and reads no policy. `*` crosses
 * slashes, so whatever else a pattern fits is put before it, uncached.
 */
export function cdnBehaviours(domain: Domain, model: Cached): readonly CdnBehaviour[] {
  const longestFirst = [...domain.paths].sort((a, b) => b.basePath.length - a.basePath.length);
  const marks = longestFirst[0]?.basePath ? [basePathHeader] : [];
  return longestFirst.flatMap(({ basePath, stage }) => {
    const prefix = basePath === "" ? "" : `/${basePath}`;
    const all = prefix === "" ? [] : [prefix, `${prefix}/*`];
    return [
      ...routeBehaviours(prefix, stage, marks, model),
      ...all.map((pattern) => ({ pattern, stage, cache: undefined })),
    ];
  });
}

function routeBehaviours(
  prefix: string,
  stageName: string,
  marks: readonly string[],
  model: Cached,
): readonly CdnBehaviour[] {
  const stage = model.stages.find(({ name }) => name === stageName);
  if (stage === undefined) return [];
  const cached = model.routes.flatMap((route) => {
    const cache = cacheOf(route, stage, marks, model);
    return cache ? [{ route, cache }] : [];
  });
  cached.sort((a, b) => compare(a.route.path.segments, b.route.path.segments));
  const behaviours = new Map<string, CdnBehaviour>();
  const add = (pattern: string, cache: CdnCache | undefined) => {
    if (!behaviours.has(pattern)) behaviours.set(pattern, { pattern, stage: stageName, cache });
  };
  for (const { route, cache } of cached) {
    const pattern = patternOf(prefix, route.path.segments, "?*");
    if (pattern.length > mostCharacters) continue;
    const before = [...moreSpecific(route, model.routes), ...deeper(route.path.segments)];
    for (const segments of before) {
      const wide = patternOf(prefix, segments, "*");
      add(wide.length > mostCharacters ? `${wide.slice(0, mostCharacters - 1)}*` : wide, undefined);
    }
    add(pattern, cache);
  }
  return [...behaviours.values()];
}

function cacheOf(
  route: Route,
  stage: Stage,
  marks: readonly string[],
  { kind, routes, authorizers, policy }: Cached,
): CdnCache | undefined {
  const isOpen = route.authorization.kind === "none" && !route.apiKeyRequired && policy === undefined;
  if (kind !== "rest" || !isOpen || !stage.cache || !route.cache || route.method !== "GET") return undefined;
  const answersHead = routes.some(
    (other) => /^(?:ANY|HEAD)$/.test(other.method) && isSamePath(other.path.segments, route.path.segments),
  );
  const isPlain = route.path.segments.every((segment) => segment.kind !== "static" || isCdnText(segment.text));
  const ttlSeconds = route.cache.ttlSeconds ?? stage.cache.ttlSeconds;
  const query = namesOf(route, "query");
  const varies = route.cors !== undefined && !(route.cors.origins.length === 1 && route.cors.origins[0] === "*");
  const declared = namesOf(route, "header").filter((name) => name !== "accept-encoding");
  const headers = unique([
    ...marks,
    ...declared,
    ...credentialHeaders(routes, authorizers),
    ...(varies ? ["origin"] : []),
  ]);
  const fits = query.length <= mostKeys && headers.length <= mostKeys && !headers.some((name) => notInKeys.test(name));
  return !answersHead && isPlain && fits && ttlSeconds > 0 ? { ttlSeconds, query, headers } : undefined;
}

function namesOf({ cache }: Route, where: "query" | "header"): readonly string[] {
  const names = (cache?.keys ?? []).flatMap((key) => (key.in === where ? [key.name] : []));
  return where === "header" ? unique(names.map((name) => name.toLowerCase())) : unique(names);
}

/** Should a path be read in another way there than here, still no caller gets what was made for another. */
function credentialHeaders(routes: Cached["routes"], authorizers: Cached["authorizers"]): readonly string[] {
  const own = authorizers.flatMap((authorizer) => {
    if (authorizer.kind === "cognito") return [authorizer.header];
    const read = authorizer.kind === "jwt" ? [authorizer.identity] : authorizer.identity;
    return read.flatMap((each) => (each.kind === "header" || each.kind === "multivalueheader" ? [each.name] : []));
  });
  const key = routes.some(({ apiKeyRequired }) => apiKeyRequired) ? ["x-api-key"] : [];
  return ["authorization", ...own.map((name) => name.toLowerCase()), ...key];
}

/** Segments of routes that API Gateway prefers on paths that both fit. */
function moreSpecific({ path }: Route, routes: Cached["routes"]): readonly (readonly PathSegment[])[] {
  return routes.flatMap((other) => {
    const { segments } = other.path;
    const isAsked = /^(?:ANY|GET|HEAD)$/.test(other.method) && !isSamePath(segments, path.segments);
    return isAsked && overlap(segments, path.segments) && precedence(segments, path.segments) < 0 ? [segments] : [];
  });
}

/** The path with one segment more, in place of each of its parameters. */
function deeper(segments: readonly PathSegment[]): readonly (readonly PathSegment[])[] {
  return segments.flatMap((segment, at) =>
    segment.kind === "parameter" ? [[...segments.slice(0, at), segment, segment, ...segments.slice(at + 1)]] : [],
  );
}

const ranks = { static: 0, parameter: 1, greedy: 2 };

/** Longer paths first, so that what is kept away from a short one takes nothing from them; greedy ones last. */
function compare(a: readonly PathSegment[], b: readonly PathSegment[]): number {
  const greedy = (segments: readonly PathSegment[]) => (segments.at(-1)?.kind === "greedy" ? 1 : 0);
  return greedy(a) - greedy(b) || b.length - a.length || precedence(a, b);
}

/** Below zero: API Gateway prefers the first where both fit. The first segment of another kind decides. */
function precedence(a: readonly PathSegment[], b: readonly PathSegment[]): number {
  for (const [at, segment] of a.entries()) {
    const other = b[at];
    if (other !== undefined && other.kind !== segment.kind) return ranks[segment.kind] - ranks[other.kind];
  }
  return 0;
}

function overlap(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  for (let at = 0; ; at++) {
    const [one, other] = [a[at], b[at]];
    if (one === undefined || other === undefined) return one === other;
    if (one.kind === "greedy" || other.kind === "greedy") return true;
    if (one.kind === "static" && other.kind === "static" && one.text !== other.text) return false;
  }
}

function isSamePath(a: readonly PathSegment[], b: readonly PathSegment[]): boolean {
  return a.length === b.length && overlap(a, b) && precedence(a, b) === 0;
}

/** What a pattern can hold is itself; what it cannot is any text, which only patterns of uncached paths may be. */
function patternOf(prefix: string, segments: readonly PathSegment[], parameter: string): string {
  if (segments.length === 0) return prefix === "" ? "/" : prefix;
  const parts = segments.map((segment) =>
    segment.kind === "static" ? segment.text.replaceAll(/[^A-Za-z0-9_.$~'@:+-]+/g, "*") : parameter,
  );
  return `${prefix}/${parts.join("/")}`;
}

/** Whether CloudFront's patterns can hold a text as it is. */
export function isCdnText(text: string): boolean {
  return /^[A-Za-z0-9_.$~'@:+/-]*$/.test(text);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
