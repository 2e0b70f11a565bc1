import type { Stage, StageRoute } from "../model/gateway-model.js";
import type { Route } from "../model/routes.js";
import type { WebSocketApi } from "../model/websocket.js";
import { nearest } from "../nearest.js";
import type { StageRouteSyntax, StageSyntax } from "../syntax/gateway-syntax.js";
import type { Checking } from "./checking.js";
import { numberOr, ttlRange } from "./limits.js";
import { checkThrottle } from "./throttles.js";

/** Settings of single routes on stages; the routes are known by now. */
export function withStageRoutes(
  stages: readonly Stage[],
  routes: readonly Route[],
  websocket: WebSocketApi | undefined,
  checking: Checking,
): readonly Stage[] {
  const cached = new Set(routes.filter(({ cache }) => cache !== undefined).map(({ key }) => key));
  const known = {
    cached,
    rest: new Set(routes.map(({ key }) => key)),
    sockets: new Set(websocket?.routes.map(({ key }) => key)),
  };
  return stages.map((stage) => {
    const syntax = checking.syntax.stages.find(({ name }) => name.text === stage.name);
    return syntax
      ? { ...stage, routes: syntax.routes.flatMap((each) => checkOne(each, syntax, known, checking) ?? []) }
      : stage;
  });
}

interface Known {
  readonly rest: ReadonlySet<string>;
  readonly sockets: ReadonlySet<string>;
  readonly cached: ReadonlySet<string>;
}

function checkOne(
  { name, throttle, log, cache }: StageRouteSyntax,
  stage: StageSyntax,
  { rest, sockets, cached }: Known,
  checking: Checking,
): StageRoute | undefined {
  const { report, syntax, kind } = checking;
  const routeKey = name.text.trim().replace(/\s+/g, " ");
  if (!rest.has(routeKey) && !sockets.has(routeKey)) {
    const wasBroken = [...syntax.routes, ...(syntax.websocket?.routes ?? [])].some(({ key }) => key.text === name.text);
    if (!wasBroken)
      report("unknown-route", name.span, { name: name.text, near: nearest(name.text, [...rest, ...sockets]) });
    return undefined;
  }
  const isSocket = !rest.has(routeKey);
  if (log && kind === "http" && !isSocket)
    report("not-on-http-apis", log.span, { what: "execution logs", instead: "use accessLog" });
  const hasCache = stage.cache !== undefined && stage.cache.enabled?.value !== false;
  if (cache?.enabled && !hasCache) report("stage-keeps-nothing", cache.span, { stage: stage.name.text });
  else if (cache?.enabled && !cached.has(routeKey)) report("route-keeps-nothing", cache.span, { route: routeKey });
  return {
    routeKey,
    throttle: checkThrottle(throttle, checking),
    log: log?.value,
    caching: cache?.enabled,
    cacheTtlSeconds: cache?.ttl && numberOr(cache.ttl, 300, ttlRange("the cache's ttl"), report),
  };
}
