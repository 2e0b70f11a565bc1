import type { ServedApi, StageSlot } from "../../host/host-table.js";
import type { Measures, Series } from "../../observe/measures.js";
import type { SocketSeries } from "../../observe/socket-measures.js";
import type { RouteEntry } from "../../program.js";
import { dayMs, dayOf } from "../../state/quota-period.js";
import type { AdminTarget } from "../admin-target.js";
import { keyViews } from "../control/keys.js";
import { programOf } from "../control/served.js";
import { offeredCredentials } from "./credentials.js";

export const mostConnections = 200;
const mostUsage = 500;

/** All that the console shows, as one answer. @param since  number of the last request that the page has */
export async function consoleState(target: AdminTarget, since: number): Promise<object> {
  const gateway = target.gateway();
  const apis = gateway?.apis ?? [];
  return {
    now: Date.now(),
    apis: apis.map((api) => apiState(target, api)),
    series: seriesStates(target.measures),
    // A process that has taken over counts from the beginning.
    latest: target.requests.latest,
    requests: target.requests.since(since > target.requests.latest ? 0 : since),
    usage: await usageOf(target),
    keys: gateway === undefined ? [] : keyViews(target, ""),
    ...(gateway === undefined ? { principals: [], issuers: [] } : offeredCredentials(target)),
    connections: gateway?.sockets?.list(mostConnections) ?? [],
    hasSockets: gateway?.sockets !== undefined,
    sockets: socketStates(target.measures),
  };
}

export function socketStates(measures: Measures | undefined): readonly object[] {
  return (measures?.sockets.all() ?? []).map(socketState);
}

/** Counts of each stage and canary, as the page draws them. */
export function seriesStates(measures: Measures | undefined): readonly object[] {
  return (measures?.all() ?? []).filter(({ labels }) => labels.method === undefined).map(seriesState);
}

function apiState(target: AdminTarget, api: ServedApi): object {
  const { api: entry, routes } = programOf(api);
  return {
    name: api.name,
    apiId: api.apiId,
    kind: entry.kind,
    version: entry.version,
    stages: api.slots.map((slot) => stageState(target, api.name, slot)),
    routes: routes.map(routeState),
    deployments: target.stages.deployments(api.name).slice(0, 20),
  };
}

function stageState(target: AdminTarget, apiName: string, { live, canary }: StageSlot): object {
  const history = target.stages.record(apiName, live.name)?.history ?? [];
  return {
    name: live.name,
    deployment: live.deploymentId,
    log: live.entry.log,
    canary: canary && { percent: canary.entry.percent, deployment: canary.live.deploymentId },
    history: history.slice(-10).reverse(),
  };
}

function routeState(route: RouteEntry): object {
  return { key: route.key, method: route.method, path: route.resourcePath, pipeline: pipelineOf(route) };
}

/** The steps of a route as people know them, in their order. */
function pipelineOf(route: RouteEntry): readonly string[] {
  const {
    authorizer,
    isSigned,
    needsKey,
    throttle,
    requiredParameters,
    bodyCheck,
    cache,
    lambda,
    http,
    aws,
    mock,
    connections,
  } = route;
  return [
    authorizer && `${authorizer.kind} authorizer ${authorizer.name}`,
    isSigned && "signature",
    needsKey && "API key",
    throttle && `throttle ${throttle.rate}/s`,
    requiredParameters.length > 0 && `parameters ${requiredParameters.map(({ name }) => name).join(", ")}`,
    bodyCheck && "body check",
    cache && "cache",
    lambda && `lambda ${lambda.functionName}`,
    http && (http.proxy ? "http proxy" : "http"),
    aws && "AWS service",
    mock && "mock",
    connections && "connections",
  ].filter((step) => typeof step === "string");
}

function seriesState({ labels, count, clientErrors, serverErrors, cacheHits, cacheMisses, latency }: Series): object {
  const quantiles = [0.5, 0.9, 0.99].map((share) => latency.quantile(share));
  const { api, stage, isCanary } = labels;
  return {
    api,
    stage,
    isCanary,
    count,
    clientErrors,
    serverErrors,
    cacheHits,
    cacheMisses,
    sumMs: latency.sum,
    quantiles,
  };
}

/** Of each stage, then of the routes of those that ask for details. */
function socketState({ labels, counts, integrationLatency }: SocketSeries): object {
  const { api, stage, route } = labels;
  return { api, stage, route, counts, p50: integrationLatency.quantile(0.5), p99: integrationLatency.quantile(0.99) };
}

async function usageOf(target: AdminTarget): Promise<readonly object[]> {
  const { state, apis } = target.gateway() ?? {};
  if (state === undefined || !(apis ?? []).some((api) => programOf(api).limits !== undefined)) return [];
  const now = Date.now();
  const days = await state.readUsage({ from: dayOf(now - 6 * dayMs), to: dayOf(now) });
  const names = new Map(
    (apis ?? []).flatMap((api) => programOf(api).limits?.keys ?? []).map(({ id, name }) => [id, name]),
  );
  for (const { id, name } of state.keys.all()) names.set(id, name || id);
  return days.slice(-mostUsage).map((day) => ({ ...day, name: names.get(day.keyId) ?? day.keyId }));
}
