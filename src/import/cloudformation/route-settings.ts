import type { RouteSettings, StageRoutes } from "../stage-routes.js";
import { isTrue, itemsOf, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";

/** The settings that a stage has for all of its routes, and those of single ones: methods of REST APIs, routes of the others. */
export function stageRoutesOf(stage: string, settings: Tree | undefined): StageRoutes {
  const methods = itemsOf(memberOf(settings, "MethodSettings"));
  const defaults = methods.find(isForAll) ?? memberOf(settings, "DefaultRouteSettings") ?? settings;
  const own = [
    ...methods.filter((each) => !isForAll(each)).map((each) => [methodKey(each), settingsOf(each)] as const),
    ...membersOf(memberOf(settings, "RouteSettings")).map(({ name, value }) => [name, settingsOf(value)] as const),
  ];
  const hasCache = isTrue(memberOf(settings, "CacheClusterEnabled"));
  return { stage, hasCache, all: settingsOf(defaults), own: new Map(own) };
}

/** Whether settings of methods are those of all. */
export function isForAll(tree: Tree): boolean {
  const path = textOf(memberOf(tree, "ResourcePath"));
  return (path === "/*" || path === "*") && textOf(memberOf(tree, "HttpMethod")) === "*";
}

/** `POST /orders` of `/~1orders` and POST, which stands with slashes too; `* /orders` is every method of a path. */
function methodKey(tree: Tree): string {
  const path = (textOf(memberOf(tree, "ResourcePath")) ?? "").replaceAll("~1", "/").replace(/^\/{2,}/, "/");
  return `${textOf(memberOf(tree, "HttpMethod"))?.toUpperCase() ?? "*"} ${path}`;
}

/** The settings of one route, or of all. */
export function settingsOf(tree: Tree | undefined): RouteSettings {
  const caching = memberOf(tree, "CachingEnabled");
  return {
    rate: limit(memberOf(tree, "ThrottlingRateLimit")),
    burst: limit(memberOf(tree, "ThrottlingBurstLimit")),
    log: logOf(tree),
    caching: caching && isTrue(caching),
    ttl: numberOf(memberOf(tree, "CacheTtlInSeconds")),
  };
}

/** -1 is no limit. */
function limit(tree: Tree | undefined): number | undefined {
  const value = numberOf(tree);
  return value !== undefined && value >= 0 ? value : undefined;
}

/** Data trace is `debug` of the language, where anything is logged. */
function logOf(tree: Tree | undefined): string | undefined {
  const level = textOf(memberOf(tree, "LoggingLevel"))?.toLowerCase();
  return level === "info" && isTrue(memberOf(tree, "DataTraceEnabled")) ? "debug" : level;
}
