import { typeOf } from "../../src/model/by-name.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Response, Route } from "../../src/model/routes.js";
import { referencesOf } from "../../src/model/type-questions.js";
import type { JsonValue, Model, Type } from "../../src/model/types.js";
import { isMessageRoute } from "../../src/model/websocket.js";
import { statusText } from "../emit/http-status.js";
import { sampleValue } from "../emit/sample.js";
import { modelText } from "../emit/type-text.js";
import { uniqueNames } from "../emit/unique-names.js";
import type { SdkOperation } from "../sdk-shared/operation.js";
import { planShared } from "../sdk-shared/plan.js";
import { type Example, planExamples, planSocketExamples, type SocketExamples } from "./examples.js";
import { slugOf } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { constraintText, typeHtml } from "./type-html.js";

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

export interface RowPlan {
  readonly name: string;
  readonly place: string;
  readonly typeHtml: string;
  readonly required: boolean;
  readonly aboutHtml: string;
  readonly limits: string;
}

export interface ResponseDocs {
  /** `other`: any that has no row. */
  readonly status: number | "other";
  readonly text: string;
  readonly isError: boolean;
  readonly typeHtml: string;
  readonly mediaType: string;
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

export interface ModelPlan {
  readonly id: string;
  readonly name: string;
  readonly aboutHtml: string;
  readonly source: string;
  readonly rows: readonly RowPlan[];
  readonly sample: string;
  readonly usedBy: readonly { readonly href: string; readonly label: string }[];
}

export interface SocketPlan {
  readonly name: string;
  readonly selection: string;
  readonly access: string;
  readonly aboutHtml: string;
  readonly messages: readonly MessagePlan[];
  readonly events: readonly MessagePlan[];
}

export interface MessagePlan {
  readonly id: string;
  readonly name: string;
  readonly aboutHtml: string;
  readonly typeHtml: string;
  readonly replyHtml: string;
  readonly sample: string;
  readonly examples: readonly Example[];
}

export interface SearchEntry {
  readonly title: string;
  readonly detail: string;
  readonly href: string;
}

export async function planDocs(model: GatewayModel): Promise<DocsPlan> {
  const shared = planShared(model);
  const examples = await planExamples(model);
  const operations = new Map(shared.operations.map((operation) => [operation.operation, operation]));
  const groups = groupsOf(model).map(({ name, file, routes }) => ({
    name,
    file,
    operations: routes.map((route) =>
      operationDocs(route, model, operations.get(route.operation), examples.get(route.operation) ?? []),
    ),
  }));
  const models = modelPlans(model, groups);
  const socket = socketPlan(model, await planSocketExamples(model));
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
    models,
    socket,
    search: searchEntries(groups, models, socket),
  };
}

const link = (model: string) => `models.html#${slugOf(model)}`;

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
  model: GatewayModel,
  operation: SdkOperation | undefined,
  examples: readonly Example[],
): OperationDocs {
  const lookup = lookupOf(model);
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
      typeHtml: typeHtml(type, link),
      required,
      aboutHtml: renderMarkdown(description ?? ""),
      limits: constraintText(type.constraints),
    })),
    body: route.body && {
      typeHtml: typeHtml(route.body.type, link),
      mediaTypes: route.body.mediaTypes.join(", "),
      required: route.body.required,
      sample: sampleJson(route.body.type, lookup),
    },
    responses: [
      ...route.responses.map((response) => responseDocs(response, lookup)),
      ...(route.otherwise ? [otherwiseDocs(route.otherwise, lookup)] : []),
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
    ...(cache ? [`Answers are kept for ${cache.ttlSeconds} seconds.`] : []),
    ...(pagination
      ? [
          `Paged: the parameter ${pagination.cursor} takes what ${pagination.next.in === "header" ? `the header ${pagination.next.name}` : pagination.next.path.join(".")} of the last answer gave.`,
        ]
      : []),
  ];
}

function responseDocs({ status, description, body, headers }: Response, lookup: Lookup): ResponseDocs {
  return {
    status,
    text: description ?? statusText(status),
    isError: status >= 400,
    typeHtml: body ? typeHtml(body.type, link) : "",
    mediaType: body?.mediaType ?? "",
    headers: headers.map(({ name }) => name),
    sample: body ? sampleJson(body.type, lookup) : "",
  };
}

function otherwiseDocs({ description, body }: NonNullable<Route["otherwise"]>, lookup: Lookup): ResponseDocs {
  return {
    status: "other",
    text: description ?? "Any other status",
    isError: true,
    typeHtml: body ? typeHtml(body.type, link) : "",
    mediaType: body?.mediaType ?? "",
    headers: [],
    sample: body ? sampleJson(body.type, lookup) : "",
  };
}

type Lookup = (model: string) => Type | undefined;

function lookupOf({ models }: GatewayModel): Lookup {
  return (name) => typeOf(models, name);
}

function sampleJson(type: Type, lookup: Lookup): string {
  const isBytes = type.kind === "primitive" && type.name === "binary";
  return isBytes ? "" : JSON.stringify(sampleValue(type, lookup) as JsonValue, undefined, 2);
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

function modelPlans(model: GatewayModel, groups: readonly GroupPlan[]): readonly ModelPlan[] {
  const lookup = lookupOf(model);
  const places = new Map(
    groups.flatMap(({ file, operations }) => operations.map((operation) => [operation.id, `${file}#${operation.id}`])),
  );
  const users = new Map<string, { href: string; label: string }[]>();
  for (const route of model.routes) {
    const types = [
      ...route.parameters.map(({ type }) => type),
      ...(route.body ? [route.body.type] : []),
      ...route.responses.flatMap(({ body }) => body?.type ?? []),
      ...(route.otherwise?.body ? [route.otherwise.body.type] : []),
    ];
    for (const name of new Set(types.flatMap((type) => [...referencesOf(type)])))
      users.set(name, [...(users.get(name) ?? []), { href: places.get(route.operation) ?? "", label: route.key }]);
  }
  return model.models.map((entry) => ({
    id: slugOf(entry.name),
    name: entry.name,
    aboutHtml: renderMarkdown(entry.docs.description ?? ""),
    source: modelText(entry, { scalars: "gateway" }),
    rows: propertyRows(entry),
    sample: sampleJson(entry.type, lookup),
    usedBy: users.get(entry.name) ?? [],
  }));
}

function propertyRows({ type }: Model): readonly RowPlan[] {
  if (type.kind !== "object") return [];
  return type.properties.map((property) => ({
    name: property.name,
    place: property.readOnly ? "read only" : "",
    typeHtml: typeHtml(property.type, link),
    required: !property.optional,
    aboutHtml: renderMarkdown(property.docs.description ?? ""),
    limits: constraintText(property.type.constraints),
  }));
}

function socketPlan(model: GatewayModel, examples: SocketExamples | undefined): SocketPlan | undefined {
  const { websocket } = model;
  if (websocket === undefined) return undefined;
  const lookup = lookupOf(model);
  const message = (
    name: string,
    type: Type | undefined,
    reply: Type | undefined,
    description: string | undefined,
    kind: "message" | "event",
  ) => ({
    id: `${kind}-${slugOf(name)}`,
    name,
    aboutHtml: renderMarkdown(description ?? ""),
    typeHtml: type ? typeHtml(type, link) : "",
    replyHtml: reply ? typeHtml(reply, link) : "",
    sample: type ? sampleJson(type, lookup) : "",
    examples: (kind === "message" ? examples?.routes : examples?.events)?.get(name) ?? [],
  });
  const { authorization } = websocket;
  return {
    name: websocket.name,
    selection: websocket.selection.text,
    access:
      authorization.kind === "authorizer"
        ? `authorizer ${authorization.name}`
        : authorization.kind === "iam"
          ? "signed by AWS credentials"
          : "open to everybody",
    aboutHtml: renderMarkdown(websocket.description ?? ""),
    messages: websocket.routes
      .filter(isMessageRoute)
      .map(({ key, body, reply, description }) => message(key, body, reply, description, "message")),
    events: websocket.events.map(({ name, type, description }) => message(name, type, undefined, description, "event")),
  };
}

function searchEntries(
  groups: readonly GroupPlan[],
  models: readonly ModelPlan[],
  socket: SocketPlan | undefined,
): readonly SearchEntry[] {
  return [
    ...groups.flatMap(({ file, operations }) =>
      operations.map(({ id, name, method, path, summary }) => ({
        title: `${method} ${path}`,
        detail: [name, summary].filter((text) => text !== "").join(" – "),
        href: `${file}#${id}`,
      })),
    ),
    ...models.map(({ id, name }) => ({ title: name, detail: "model", href: `models.html#${id}` })),
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
