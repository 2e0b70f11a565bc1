import type { Authorizer } from "../../../src/model/authorizers.js";
import type { GatewayModel } from "../../../src/model/gateway-model.js";
import { type HttpMethod, httpMethods, type Parameter, type Route } from "../../../src/model/routes.js";
import type { JsonValue, Type } from "../../../src/model/types.js";
import { executeApiDomain } from "../../emit/aws-names.js";
import { statusText } from "../../emit/http-status.js";
import { sampleValue } from "../../emit/sample.js";
import { type JsonObject, jsonObject } from "../../emit/stable-json.js";

const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

interface Wish {
  readonly stage: string;
  readonly apiId: string | undefined;
}

type Lookup = (name: string) => Type | undefined;

/**
 * The requests of one stage as a collection of Postman (format 2.1): a folder for each tag, or for the first part of the path;
 * samples as bodies; and who may call, with its secrets as variables of the collection, empty.
 *
 * @see https://schema.postman.com, "Postman Collection Format v2.1.0"
 */
export function planCollection(model: GatewayModel, { stage, apiId = "api-id" }: Wish): JsonObject {
  const types = new Map(model.models.map(({ name, type }) => [name, type]));
  const lookup: Lookup = (name) => types.get(name);
  const folders = new Map<string, JsonObject[]>();
  for (const route of model.routes) {
    if (route.path.text === "$default") continue;
    const folder = route.tags[0] ?? firstPart(route);
    const items = folders.get(folder) ?? [];
    for (const method of methodsOf(route, model)) items.push(planItem(route, method, model, lookup));
    folders.set(folder, items);
  }
  const origin = `https://${apiId}.${executeApiDomain(model.aws.region)}`;
  const variables = [
    variable("baseUrl", stage === "$default" ? origin : `${origin}/${stage}`),
    ...[...secretsOf(model)].map((name) => variable(name, "")),
  ];
  return jsonObject({
    info: jsonObject({ name: model.name, description: model.description, version: model.version, schema }),
    item: [...folders].map(([name, item]) => ({ name, item })),
    variable: variables,
  });
}

function variable(key: string, value: string): JsonObject {
  return { key, value, type: "string" };
}

function firstPart({ path }: Route): string {
  const first = path.segments.find((segment) => segment.kind === "static");
  return first?.kind === "static" ? first.text : "/";
}

/** A route for any method is one request a method that has no route of its own; OPTIONS is a browser's affair. */
function methodsOf(route: Route, { routes }: GatewayModel): readonly HttpMethod[] {
  if (route.method !== "ANY") return [route.method];
  const others = new Set(routes.filter(({ path }) => path.text === route.path.text).map(({ method }) => method));
  return httpMethods.filter((method) => method !== "OPTIONS" && !others.has(method));
}

function planItem(route: Route, method: HttpMethod, model: GatewayModel, lookup: Lookup): JsonObject {
  const request = planRequest(route, method, model, lookup);
  const documented = route.responses.map((response) => {
    const { body } = response;
    return jsonObject({
      name: response.description ?? statusText(response.status),
      originalRequest: request,
      status: statusText(response.status),
      code: response.status,
      header: body ? [{ key: "Content-Type", value: body.mediaType }] : [],
      body: body && /[/+]json$/.test(body.mediaType) ? jsonText(sampleValue(body.type, lookup)) : undefined,
    });
  });
  const name = route.summary ?? (route.method === "ANY" ? `${route.operation} (${method})` : route.operation);
  return { name, request, response: documented };
}

function planRequest(route: Route, method: HttpMethod, model: GatewayModel, lookup: Lookup): JsonObject {
  const { body, parameters } = route;
  const mediaType = body?.mediaTypes[0];
  const keys = route.apiKeyRequired ? [{ key: "x-api-key", value: "{{apiKey}}" }] : [];
  const headers = [
    ...(mediaType === undefined ? [] : [{ key: "Content-Type", value: mediaType }]),
    ...parameters.filter((each) => each.in === "header").map((each) => planParameter(each, lookup)),
    ...keys,
  ];
  return jsonObject({
    method,
    description: route.description,
    url: planUrl(route, lookup),
    header: headers,
    auth: authOf(route, model),
    body: body && planBody(body.type, mediaType ?? "application/json", lookup),
  });
}

/** `{id}` is `:id`, as Postman writes it; what is left of a path is one variable too. */
function planUrl({ path, parameters }: Route, lookup: Lookup): JsonObject {
  const parts = path.segments.map((segment) => (segment.kind === "static" ? segment.text : `:${segment.name}`));
  const query = parameters.filter((each) => each.in === "query").map((each) => planParameter(each, lookup));
  const asked = query.filter((each) => each["disabled"] !== true);
  const tail = asked.map((each) => `${String(each["key"])}=${String(each["value"])}`).join("&");
  return jsonObject({
    raw: `{{baseUrl}}/${parts.join("/")}${tail === "" ? "" : `?${tail}`}`,
    host: ["{{baseUrl}}"],
    path: parts,
    query: query.length > 0 ? query : undefined,
    variable: pathVariables(parameters, lookup),
  });
}

function pathVariables(parameters: readonly Parameter[], lookup: Lookup): readonly JsonObject[] | undefined {
  const own = parameters.filter((each) => each.in === "path");
  return own.length > 0
    ? own.map(({ name, type, description }) =>
        jsonObject({ key: name, value: textOf(sampleValue(type, lookup)), description }),
      )
    : undefined;
}

/** One that may be left out is there, switched off. */
function planParameter({ name, type, required, description }: Parameter, lookup: Lookup): JsonObject {
  const value = textOf(sampleValue(type, lookup));
  return jsonObject({ key: name, value, description, disabled: required ? undefined : true });
}

function planBody(type: Type, mediaType: string, lookup: Lookup): JsonObject {
  const sample = sampleValue(type, lookup);
  if (mediaType === "application/x-www-form-urlencoded" || mediaType === "multipart/form-data") {
    const isForm = mediaType === "multipart/form-data";
    const members =
      typeof sample === "object" && sample !== null && !Array.isArray(sample) ? Object.entries(sample) : [];
    const fields = members.map(([key, value]) => ({ key, value: textOf(value as JsonValue), type: "text" }));
    return isForm ? { mode: "formdata", formdata: fields } : { mode: "urlencoded", urlencoded: fields };
  }
  if (!/[/+]json$/.test(mediaType)) return { mode: "raw", raw: "" };
  return { mode: "raw", raw: jsonText(sample), options: { raw: { language: "json" } } };
}

function jsonText(value: JsonValue): string {
  return JSON.stringify(value, undefined, 2);
}

function textOf(value: JsonValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** How Postman proves who calls: a signature, a token, a header; `noauth` where everybody may. */
function authOf({ authorization }: Route, model: GatewayModel): JsonObject {
  if (authorization.kind === "iam") {
    return signature([
      ["accessKey", "{{accessKey}}"],
      ["secretKey", "{{secretKey}}"],
      ["sessionToken", "{{sessionToken}}"],
      ["region", model.aws.region],
      ["service", "execute-api"],
    ]);
  }
  const authorizer =
    authorization.kind === "authorizer" ? model.authorizers.find(({ name }) => name === authorization.name) : undefined;
  if (authorizer === undefined) return { type: "noauth" };
  const header = headerOf(authorizer);
  if (header === "Authorization" && authorizer.kind !== "lambda")
    return { type: "bearer", bearer: [{ key: "token", value: "{{token}}", type: "string" }] };
  return {
    type: "apikey",
    apikey: [
      { key: "key", value: header, type: "string" },
      { key: "value", value: "{{token}}", type: "string" },
      { key: "in", value: queryOf(authorizer) ? "query" : "header", type: "string" },
    ],
  };
}

function signature(attributes: readonly (readonly [string, string])[]): JsonObject {
  return { type: "awsv4", awsv4: attributes.map(([key, value]) => ({ key, value, type: "string" })) };
}

/** The header or query parameter that the authorizer looks for a caller in. */
function headerOf(authorizer: Authorizer): string {
  switch (authorizer.kind) {
    case "cognito":
      return authorizer.header;
    case "jwt":
      return "name" in authorizer.identity ? authorizer.identity.name : "Authorization";
    case "lambda": {
      const source = authorizer.identity.find(({ kind }) => kind === "header" || kind === "querystring");
      return source !== undefined && "name" in source ? source.name : "Authorization";
    }
  }
}

function queryOf(authorizer: Authorizer): boolean {
  if (authorizer.kind === "cognito") return false;
  const sources = authorizer.kind === "jwt" ? [authorizer.identity] : authorizer.identity;
  return sources.find(({ kind }) => kind === "header" || kind === "querystring")?.kind === "querystring";
}

function secretsOf({ routes }: GatewayModel): ReadonlySet<string> {
  const names = routes.flatMap(({ authorization, apiKeyRequired }) => [
    ...(apiKeyRequired ? ["apiKey"] : []),
    ...(authorization.kind === "iam" ? ["accessKey", "secretKey", "sessionToken"] : []),
    ...(authorization.kind === "authorizer" ? ["token"] : []),
  ]);
  return new Set(names);
}
