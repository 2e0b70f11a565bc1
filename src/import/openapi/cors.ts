import { allowedHeaders, allowedMethods } from "../../model/cors.js";
import type { Cors } from "../../model/gateway-model.js";
import { httpMethods, type Route } from "../../model/routes.js";
import { type Draft, DraftMap } from "../draft.js";
import type { ResponseDraft, RouteDraft } from "./route-draft.js";

const prefix = "Access-Control-";

/**
 * The OPTIONS mocks that answer preflight requests as `cors`. A path's settings are taken only where the language makes the
 * same answers of them, preflight and others; elsewhere the mock stays a route.
 *
 * @returns the routes without those mocks, and the settings that most paths have
 */
export function foldCors(routes: readonly RouteDraft[]): {
  readonly routes: readonly RouteDraft[];
  readonly cors: Cors | undefined;
} {
  const paths = new Map<string, RouteDraft[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  const folded = new Map<string, Cors>();
  for (const [path, all] of paths) {
    const settings = settingsOf(all);
    if (settings) folded.set(path, settings);
  }
  const usual = mostCommon([...folded.values()]);
  const kept = routes.filter((route) => !(route.method === "OPTIONS" && folded.has(route.path)));
  for (const route of kept) {
    const own = folded.get(route.path);
    if (own) stripAnswers(route, own);
    if (usual === undefined || (own && sameCors(own, usual))) continue;
    // A path with an OPTIONS route of its own has no preflight of the gateway's in any case.
    const hasOptions = paths.get(route.path)?.some(({ method }) => method === "OPTIONS") === true && !own;
    if (own) route.cors = corsDraft(own);
    else if (!hasOptions || route.isMapped) route.cors = false;
  }
  return { routes: kept, cors: usual };
}

function settingsOf(all: readonly RouteDraft[]): Cors | undefined {
  const options = all.find(({ method }) => method === "OPTIONS");
  const others = all.filter((route) => route !== options);
  const cors = options && others.length > 0 ? preflightOf(options, others) : undefined;
  if (!cors) return undefined;
  const exposed = others.map(exposedOf).find((list) => list !== undefined) ?? [];
  const whole = { ...cors, exposeHeaders: exposed };
  return others.every((route) => !route.isMapped || answersAs(route, whole)) ? whole : undefined;
}

/** The settings of a MOCK that answers 200 with constant CORS headers and nothing else. */
function preflightOf(route: RouteDraft, others: readonly RouteDraft[]): Cors | undefined {
  const isMock = route.integration.entries.some(({ name }) => name === "mock");
  const [response, ...more] = route.responses.values();
  const isOpen = route.auth === undefined || route.auth === "none";
  if (!isMock || !isOpen || route.apiKey || more.length > 0 || response?.status !== 200 || !response.isMade)
    return undefined;
  if (route.request.entries.some(({ name }) => name !== "passthrough" && name !== "contentHandling")) return undefined;
  if (!route.query.isEmpty || !route.headers.isEmpty || route.body !== undefined) return undefined;
  const headers = constantHeaders(response);
  if (!headers) return undefined;
  const origins = originsOf(headers, response);
  const allowed = headers
    .get("allow-headers")
    ?.split(",")
    .map((name) => name.trim());
  const methods = headers
    .get("allow-methods")
    ?.split(",")
    .map((name) => name.trim());
  if (!origins || !allowed || !methods?.every(isMethod)) return undefined;
  const maxAge = headers.get("max-age");
  const base: Cors = {
    origins,
    methods: undefined,
    headers: allowed,
    exposeHeaders: [],
    credentials: headers.get("allow-credentials") === "true",
    maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge),
  };
  const usual = allowedMethods(base, others as unknown as readonly Route[]);
  return usual.join() === methods.join() ? base : { ...base, methods };
}

function isMethod(name: string): boolean {
  return name === "*" || (httpMethods as readonly string[]).includes(name);
}

/** Values of the CORS headers, by name without prefix; undefined when another header, or a mapping, is among them. */
function constantHeaders(response: ResponseDraft): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>();
  for (const [name, { value }] of response.headers) {
    const key = name.toLowerCase();
    const isCors = key.startsWith(prefix.toLowerCase());
    if (value === undefined && isCors) continue;
    if (typeof value !== "string" || value.startsWith("$") || !(isCors || key === "vary")) return undefined;
    found.set(isCors ? key.slice(prefix.length) : key, value);
  }
  return found;
}

/** One constant origin, or those that the language's own template compares with. */
function originsOf(headers: ReadonlyMap<string, string>, response: ResponseDraft): readonly string[] | undefined {
  const [template, ...more] = [...response.templates.values()].filter((text) => text !== "");
  const constant = headers.get("allow-origin");
  if (template === undefined) return constant === undefined || constant === "" ? undefined : [constant];
  const origins = more.length === 0 ? originsIn(template) : undefined;
  return constant === undefined && origins && originPrelude(template) === template ? origins : undefined;
}

const preludeStart = '#set($origin = $input.params().header.get("Origin"))\n';

/** The part of a template that picks the origin, as the language writes it. */
function originPrelude(template: string): string {
  if (!template.startsWith(preludeStart)) return "";
  const end = template.indexOf("#end\n", template.indexOf("\n#if($origin && "));
  return end < 0 ? "" : template.slice(0, end + 5);
}

function originsIn(template: string): readonly string[] | undefined {
  const list = [...originPrelude(template).matchAll(/\$origin == (?:"([^"]*)"|'([^']*)')/g)].map(
    ([, a, b]) => a ?? b ?? "",
  );
  const origins = list.filter((origin) => origin !== "");
  return origins.length > 0 ? origins : undefined;
}

/** Whether all answers that a mapped route makes carry the settings' headers. */
function answersAs(route: RouteDraft, cors: Cors): boolean {
  const made = [...route.responses.values()].filter((response) => response.isMade);
  return made.every((response) => {
    const value = (name: string) => [...response.headers].find(([known]) => known.toLowerCase() === name)?.[1].value;
    const isSingle = cors.origins.length === 1;
    const origin = value("access-control-allow-origin");
    const isFine = isSingle
      ? origin === cors.origins[0]
      : origin === undefined &&
        [...response.templates.values()].some((text) => originsIn(text)?.join() === cors.origins.join());
    return isFine && (value("access-control-allow-credentials") === "true") === cors.credentials;
  });
}

function exposedOf(route: RouteDraft): readonly string[] | undefined {
  for (const response of route.responses.values()) {
    const exposed = [...response.headers].find(([name]) => name.toLowerCase() === "access-control-expose-headers")?.[1]
      .value;
    if (typeof exposed === "string") return exposed.split(",").map((name) => name.trim());
  }
  return undefined;
}

/** Takes out of a route's answers what `cors` puts there. */
function stripAnswers(route: RouteDraft, cors: Cors): void {
  if (!route.isMapped) return;
  for (const response of route.responses.values()) {
    for (const name of [...response.headers.keys()]) {
      const isOurs =
        /^access-control-(?:allow-origin|allow-credentials|expose-headers)$/i.test(name) ||
        (/^vary$/i.test(name) && cors.origins.length > 1);
      if (isOurs) response.headers.delete(name);
    }
    for (const [type, text] of response.templates) {
      const prelude = originPrelude(text);
      const rest = text.slice(prelude.length);
      if (prelude === "") continue;
      const isAdded = rest === "$input.body" || rest === "";
      if (isAdded && response.templates.size === 1) response.templates.delete(type);
      else response.templates.set(type, rest);
    }
  }
}

function mostCommon(all: readonly Cors[]): Cors | undefined {
  const counts = new Map<string, { readonly cors: Cors; count: number }>();
  for (const cors of all) {
    const key = JSON.stringify(cors);
    const known = counts.get(key);
    if (known) known.count++;
    else counts.set(key, { cors, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.cors;
}

function sameCors(one: Cors, other: Cors): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** CORS as gateway.yaml has it; what is AWS's default is left out. */
export function corsDraft(cors: Cors): Draft {
  const usual = allowedHeaders({ ...cors, headers: [] });
  const isUsual = usual.join() === cors.headers.join();
  return new DraftMap()
    .set("origins", cors.origins)
    .set("methods", cors.methods)
    .set("headers", isUsual ? undefined : cors.headers)
    .set("exposeHeaders", cors.exposeHeaders.length > 0 ? cors.exposeHeaders : undefined)
    .set("credentials", cors.credentials ? true : undefined)
    .set("maxAge", cors.maxAgeSeconds);
}
