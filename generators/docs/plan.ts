import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Response, ResponseBody, Route } from "../../src/model/routes.js";
import { statusText } from "../emit/http-status.js";
import { uniqueNames } from "../emit/unique-names.js";
import type { SdkOperation } from "../sdk-shared/operation.js";
import { planShared } from "../sdk-shared/plan.js";
import { type Example, planExamples, planSocketExamples } from "./examples.js";
import { slugOf } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { type ModelPlan, type Models, modelPlans, modelsOf, type RowPlan, sampleJson, type TypeUse } from "./models.js";
import { type OwnAnswer, ownAnswers, requestIdHeader } from "./own-answers.js";
import { type SocketPlan, socketPlan, socketUses } from "./plan-socket.js";
import { limitsText, looseTypeHtml, typeHtml } from "./type-html.js";

/** Everything that the pages show, with texts in HTML where their names end in `Html`. */
export interface DocsPlan {
  readonly title: string;
  readonly version: string;
  readonly aboutHtml: string;
  readonly kind: string;
  readonly stages: readonly { readonly name: string; readonly url: string; readonly description: string }[];
  readonly groups: readonly GroupPlan[];
  readonly credentials: readonly { readonly name: string; readonly uses: readonly string[] }[];
  readonly isSigned: boolean;
  readonly plans: readonly PlanRow[];
  readonly own: readonly OwnAnswer[];
  readonly requestIdHeader: string;
  readonly models: readonly ModelPlan[];
  readonly socket: SocketPlan | undefined;
  readonly search: readonly SearchEntry[];
}

export interface GroupPlan {
  readonly name: string;
  /** `orders.html`. */
  readonly file: string;
  readonly operations: readonly OperationDocs[];
}

export interface OperationDocs {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly aboutHtml: string;
  readonly deprecated: boolean;
  readonly access: readonly string[];
  readonly parameters: readonly RowPlan[];
  readonly body:
    | { readonly typeHtml: string; readonly mediaTypes: string; readonly required: boolean; readonly sample: string }
    | undefined;
  readonly responses: readonly ResponseDocs[];
  readonly own: readonly { readonly status: number; readonly text: string }[];
  readonly notes: readonly string[];
  readonly examples: readonly Example[];
}

export interface ResponseDocs {
  /** `other`: any that has no row. */
  readonly status: number | "other";
  readonly text: string;
  readonly isError: boolean;
  readonly typeHtml: string;
  readonly mediaType: string;
  readonly alternatives: readonly { readonly mediaType: string; readonly typeHtml: string }[];
  readonly headers: readonly string[];
  readonly sample: string;
}

export interface PlanRow {
  readonly name: string;
  readonly description: string;
  readonly throttle: string;
  readonly quota: string;
  readonly stages: string;
}

export interface SearchEntry {
  readonly title: string;
  readonly detail: string;
  readonly href: string;
  /** What is found too, and not shown: names inside. */
  readonly names?: string;
}

export async function planDocs(model: GatewayModel): Promise<DocsPlan> {
  const shared = planShared(model);
  const examples = await planExamples(model);
  const known = modelsOf(model);
  const operations = new Map(shared.operations.map((operation) => [operation.operation, operation]));
  const groups = groupsOf(model).map(({ name, file, routes }) => ({
    name,
    file,
    operations: routes.map((route) =>
      operationDocs(route, known, operations.get(route.operation), examples.get(route.operation) ?? []),
    ),
  }));
  const socket = socketPlan(model, known, await planSocketExamples(model));
  const models = modelPlans(model, known, [...routeUses(model, groups), ...socketUses(model)]);
  return {
    title: model.name,
    version: model.version,
    aboutHtml: renderMarkdown(model.description ?? ""),
    kind: model.kind === "rest" ? "REST API" : "HTTP API",
    stages: shared.baseUrls.map(({ stage, url }) => ({
      name: stage,
      url,
      description: model.stages.find(({ name }) => name === stage)?.description ?? "",
    })),
    groups,
    credentials: shared.credentials.map(({ name, uses }) => ({
      name,
      uses: uses.map(
        ({ place, key, authorizer }) =>
          `${place === "query" ? "query parameter" : "header"} ${key}${authorizer === undefined ? "" : `, read by ${authorizer}`}`,
      ),
    })),
    isSigned: shared.isSigned,
    plans: planRows(model),
    own: ownAnswers(model),
    requestIdHeader: requestIdHeader(model),
    models,
    socket,
    search: searchEntries(groups, models, socket),
  };
}

function groupsOf({ routes }: GatewayModel) {
  const byName = new Map<string, Route[]>();
  for (const route of routes) {
    const [first] = route.path.segments;
    const name = route.tags[0] ?? (first?.kind === "static" ? first.text : "root");
    byName.set(name, [...(byName.get(name) ?? []), route]);
  }
  const names = [...byName.keys()];
  // Names of files do not differ by case everywhere, and some are taken.
  const files = uniqueNames(
    names.map((name, at) => `${slugOf(name)}\n${at}`),
    (name) => `routes-${name.split("\n")[0]}`,
  );
  const taken = [...files.values()];
  return names.map((name, at) => ({ name, file: `${taken[at]}.html`, routes: byName.get(name) ?? [] }));
}

function operationDocs(
  route: Route,
  models: Models,
  operation: SdkOperation | undefined,
  examples: readonly Example[],
): OperationDocs {
  return {
    id: route.operation,
    name: route.operation,
    method: route.method,
    path: route.path.text,
    summary: route.summary ?? "",
    aboutHtml: renderMarkdown(route.description ?? ""),
    deprecated: route.deprecated,
    access: accessOf(route),
    parameters: route.parameters.map(({ in: place, name, type, required, description }) => ({
      name,
      place,
      typeHtml: looseTypeHtml(type, models.link),
      required,
      aboutHtml: renderMarkdown(description ?? ""),
      limits: limitsText(type),
    })),
    body: route.body && {
      typeHtml: typeHtml(route.body.type, models.link),
      mediaTypes: route.body.mediaTypes.join(", "),
      required: route.body.required,
      sample: sampleJson(route.body.type, models),
    },
    responses: [
      ...route.responses.map((response) => responseDocs(response, models)),
      ...(route.otherwise ? [otherwiseDocs(route.otherwise, models)] : []),
    ],
    own: [
      ...new Set((operation?.errors ?? []).filter(({ gateway }) => gateway.length > 0).map(({ status }) => status)),
    ].map((status) => ({
      status,
      text: statusText(status),
    })),
    notes: notesOf(route),
    examples,
  };
}

function accessOf({ authorization, apiKeyRequired }: Route): readonly string[] {
  const who =
    authorization.kind === "none"
      ? "open to everybody"
      : authorization.kind === "iam"
        ? "signed by AWS credentials (Signature Version 4)"
        : `authorizer ${authorization.name}${authorization.scopes.length > 0 ? `, scope ${authorization.scopes.join(" or ")}` : ""}`;
  return [who, ...(apiKeyRequired ? ["API key"] : [])];
}

function notesOf({ throttle, cache, pagination }: Route): readonly string[] {
  return [
    ...(throttle
      ? [`At most ${throttle.rate} requests a second, ${throttle.burst} at once, of all callers together.`]
      : []),
    ...(cache ? [cacheText(cache.ttlSeconds)] : []),
    ...(pagination
      ? [
          `Paged: the parameter ${pagination.cursor} takes what ${pagination.next.in === "header" ? `the header ${pagination.next.name}` : pagination.next.path.join(".")} of the last answer gave.`,
        ]
      : []),
  ];
}

/** @param ttlSeconds  undefined: the stage says */
function cacheText(ttlSeconds: number | undefined): string {
  return ttlSeconds === undefined ? "Answers may be kept for a time." : `Answers are kept for ${ttlSeconds} seconds.`;
}

function responseDocs({ status, description, body, headers }: Response, models: Models): ResponseDocs {
  return {
    status,
    text: description ?? statusText(status),
    isError: status >= 400,
    typeHtml: body ? typeHtml(body.type, models.link) : "",
    mediaType: body?.mediaType ?? "",
    alternatives: alternativeDocs(body, models),
    headers: headers.map(({ name }) => name),
    sample: body ? sampleJson(body.type, models) : "",
  };
}

function otherwiseDocs({ description, body }: NonNullable<Route["otherwise"]>, models: Models): ResponseDocs {
  return {
    status: "other",
    text: description ?? "Any other status",
    isError: true,
    typeHtml: body ? typeHtml(body.type, models.link) : "",
    mediaType: body?.mediaType ?? "",
    alternatives: alternativeDocs(body, models),
    headers: [],
    sample: body ? sampleJson(body.type, models) : "",
  };
}

function routeUses({ routes }: GatewayModel, groups: readonly GroupPlan[]): readonly TypeUse[] {
  const places = new Map(
    groups.flatMap(({ file, operations }) => operations.map(({ id }) => [id, `${file}#${id}`] as const)),
  );
  return routes.map(({ key, operation, parameters, body, responses, otherwise }) => ({
    label: key,
    href: places.get(operation) ?? "",
    types: [
      ...parameters.map(({ type }) => type),
      ...(body ? [body.type] : []),
      ...[...responses.map((response) => response.body), otherwise?.body].flatMap((part) =>
        part ? [part.type, ...(part.alternatives ?? []).map(({ type }) => type)] : [],
      ),
    ],
  }));
}

function alternativeDocs(body: ResponseBody | undefined, { link }: Models): ResponseDocs["alternatives"] {
  return (body?.alternatives ?? []).map(({ mediaType, type }) => ({ mediaType, typeHtml: typeHtml(type, link) }));
}

function planRows({ plans, stages }: GatewayModel): readonly PlanRow[] {
  return plans.map(({ name, description, throttle, quota, stages: open }) => ({
    name,
    description: description ?? "",
    throttle: throttle ? `${throttle.rate} a second, ${throttle.burst} at once` : "–",
    quota: quota ? `${quota.limit} a ${quota.period.toLowerCase()}` : "–",
    stages: open.length === stages.length ? "all" : open.join(", "),
  }));
}

function searchEntries(
  groups: readonly GroupPlan[],
  models: readonly ModelPlan[],
  socket: SocketPlan | undefined,
): readonly SearchEntry[] {
  return [
    ...groups.flatMap(({ file, operations }) =>
      operations.map(({ id, name, method, path, summary, parameters }) => ({
        title: `${method} ${path}`,
        detail: [name, summary].filter((text) => text !== "").join(" – "),
        href: `${file}#${id}`,
        ...namesOf(parameters),
      })),
    ),
    ...models.map(({ id, name, rows }) => ({
      title: name,
      detail: "model",
      href: `models.html#${id}`,
      ...namesOf(rows),
    })),
    ...(socket?.messages ?? []).map(({ id, name }) => ({
      title: name,
      detail: "WebSocket message",
      href: `websocket.html#${id}`,
    })),
    ...(socket?.events ?? []).map(({ id, name }) => ({
      title: name,
      detail: "WebSocket event",
      href: `websocket.html#${id}`,
    })),
  ];
}

function namesOf(rows: readonly RowPlan[]): { readonly names?: string } {
  return rows.length > 0 ? { names: rows.map(({ name }) => name).join(" ") } : {};
}
