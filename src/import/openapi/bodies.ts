import { statusText } from "../../../generators/emit/http-status.js";
import { anyType, object, primitive, property } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import { type Draft, DraftMap } from "../draft.js";
import { isTrue, itemsOf, type MapTree, memberOf, membersOf, numberOf, type Tree, textOf } from "../tree.js";
import { type Api, typeExpression } from "./api.js";
import type { RouteDraft } from "./route-draft.js";

interface Payload {
  readonly type: Type;
  readonly mediaTypes: readonly string[];
  /** Media types whose schema is another one. */
  readonly others: readonly { readonly mediaType: string; readonly type: Type; readonly tree: Tree }[];
}

/** `body:` of a route. */
export function readBody(
  operation: Tree,
  parameters: readonly MapTree[],
  document: Tree,
  route: RouteDraft,
  api: Api,
): void {
  if (api.isSwagger) readSwaggerBody(operation, parameters, document, route, api);
  else readRequestBody(memberOf(operation, "requestBody"), route, api);
}

function readRequestBody(tree: Tree | undefined, route: RouteDraft, api: Api): void {
  const body = tree && api.importing.resolve(tree);
  const payload = payloadOf(memberOf(body, "content"), api);
  if (!payload) return;
  for (const { tree: other } of payload.others)
    route.note(api.importing.leftOut(other, "further media types of a body with schemas of their own"));
  setBody(payload, isTrue(memberOf(body, "required")), route);
}

function readSwaggerBody(
  operation: Tree,
  parameters: readonly MapTree[],
  document: Tree,
  route: RouteDraft,
  api: Api,
): void {
  const consumes = itemsOf(memberOf(operation, "consumes") ?? memberOf(document, "consumes")).flatMap(
    (type) => mediaTypeOf(textOf(type)) ?? [],
  );
  const body = parameters.find((parameter) => textOf(memberOf(parameter, "in")) === "body");
  if (body) {
    const schema = memberOf(body, "schema");
    const types = consumes.filter((type) => isJson(type));
    const mediaTypes = types.length > 0 ? types : consumes.length > 0 ? consumes : ["application/json"];
    setBody({ type: api.schemas.typeOf(schema), mediaTypes, others: [] }, isTrue(memberOf(body, "required")), route);
    return;
  }
  const fields = parameters.filter((parameter) => textOf(memberOf(parameter, "in")) === "formData");
  if (fields.length === 0) return;
  const properties = fields.map((field) => {
    const name = textOf(memberOf(field, "name")) ?? "";
    const members = new Map(
      [...field.members].filter(
        ([word]) => !["name", "in", "required", "allowEmptyValue", "collectionFormat"].includes(word),
      ),
    );
    const type = api.schemas.typeOf({ ...field, members });
    return property(
      name,
      { ...type, docs: anyType.docs },
      { optional: !isTrue(memberOf(field, "required")), docs: type.docs },
    );
  });
  const isForm =
    consumes.includes("multipart/form-data") || fields.some((field) => textOf(memberOf(field, "type")) === "file");
  const mediaTypes = [isForm ? "multipart/form-data" : "application/x-www-form-urlencoded"];
  setBody(
    { type: object(properties), mediaTypes, others: [] },
    properties.some(({ optional }) => !optional),
    route,
  );
}

function setBody({ type, mediaTypes }: Payload, required: boolean, route: RouteDraft): void {
  const text = typeExpression(type);
  const isUsual =
    mediaTypes.length === 1 && mediaTypes[0] === (isBytes(type) ? "application/octet-stream" : "application/json");
  if (required && isUsual) {
    route.body = text;
    return;
  }
  route.body = new DraftMap()
    .set("type", text)
    .set("mediaTypes", isUsual ? undefined : mediaTypes)
    .set("required", required ? undefined : false);
}

/** The type of a payload by media types: JSON's where there is one, and all that have the same. */
function payloadOf(content: Tree | undefined, api: Api): Payload | undefined {
  const media = membersOf(content).flatMap(({ name, value }) => {
    const type = mediaTypeOf(name);
    if (type === undefined) api.importing.leftOut(value, `the media type "${name}"`);
    return type === undefined ? [] : [{ type, value, schema: memberOf(value, "schema") }];
  });
  const first = media.find(({ type }) => isJson(type)) ?? media[0];
  if (!first) return undefined;
  const same = media.filter(({ schema }) => schemaKey(schema) === schemaKey(first.schema));
  const typeOf = ({ schema, type }: { readonly schema: Tree | undefined; readonly type: string }) =>
    schema ? api.schemas.typeOf(schema) : isJson(type) ? anyType : primitive("binary", "binary");
  const others = media
    .filter((each) => !same.includes(each))
    .map((each) => ({ mediaType: each.type, type: typeOf(each), tree: each.value }));
  return { type: typeOf(first), mediaTypes: [...new Set(same.map((each) => each.type))], others };
}

/** `alternatives:` of an answer: further media types, of the same schema or of others. */
function alternativesOf(payload: Payload | undefined): DraftMap {
  const map = new DraftMap();
  const [own, ...more] = payload?.mediaTypes ?? [];
  for (const mediaType of more) map.set(mediaType, payload && typeExpression(payload.type));
  for (const { mediaType, type } of payload?.others ?? [])
    if (mediaType !== own && !map.has(mediaType)) map.set(mediaType, typeExpression(type));
  return map;
}

/** Equal references are equal schemas; what stands in place is equal to itself only. */
function schemaKey(schema: Tree | undefined): unknown {
  return textOf(memberOf(schema, "$ref")) ?? schema;
}

/** Without parameters, in lower case; undefined for `*\/*` and what is no media type. */
function mediaTypeOf(text: string | undefined): string | undefined {
  const type = text?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "*/*") return "application/json";
  return /^[\w!#$&^.+-]{1,127}\/[\w!#$&^.+-]{1,127}$/.test(type) ? type : undefined;
}

function isJson(type: string): boolean {
  return /[/+]json$/.test(type);
}

function isBytes(type: Type): boolean {
  return type.kind === "primitive" && type.name === "binary";
}

/** `responses:` of a route, as documented. */
export function readResponses(operation: Tree, document: Tree, route: RouteDraft, api: Api): void {
  const responses = memberOf(operation, "responses");
  for (const { name, value } of membersOf(responses)) {
    const response = api.importing.resolve(value);
    if (!response || name.startsWith("x-")) continue;
    if (/^[1-5]\d\d$/.test(name)) readResponse(Number(name), response, operation, document, route, api);
    else if (name === "default" && !isEmptyDefault(response))
      route.otherwise = otherwiseOf(response, operation, document, route, api);
    else if (!isEmptyDefault(response)) {
      route.note(api.importing.leftOut(value, `the response "${name}": gateway.yaml has responses by status`));
    }
  }
}

/** `otherwise:` of a route; its headers have no place. */
function otherwiseOf(tree: Tree, operation: Tree, document: Tree, route: RouteDraft, api: Api): Draft | undefined {
  const payload = api.isSwagger
    ? swaggerPayload(tree, operation, document, api)
    : payloadOf(memberOf(tree, "content"), api);
  const headers = memberOf(tree, "headers");
  if (headers) route.note(api.importing.leftOut(headers, "headers of default responses"));
  const description = textOf(memberOf(tree, "description"))?.trim();
  const usual = payload && isBytes(payload.type) ? "application/octet-stream" : "application/json";
  const mediaType = payload?.mediaTypes[0];
  const map = new DraftMap()
    .set("description", description === "" || description === "Any other response" ? undefined : description)
    .set("body", payload && typeExpression(payload.type))
    .set("mediaType", mediaType === usual ? undefined : mediaType)
    .setFull("alternatives", alternativesOf(payload));
  const [only, ...more] = map.entries;
  return only?.name === "body" && more.length === 0 ? only.value : map.isEmpty ? undefined : map;
}

/** What says nothing is no loss: `default: { description: Any response }`. */
function isEmptyDefault(response: Tree): boolean {
  return !memberOf(response, "content") && !memberOf(response, "schema") && !memberOf(response, "headers");
}

function readResponse(status: number, tree: Tree, operation: Tree, document: Tree, route: RouteDraft, api: Api): void {
  const response = route.response(status);
  const description = textOf(memberOf(tree, "description"))?.trim();
  const isUsual =
    description === undefined ||
    description === "" ||
    description === statusText(status) ||
    description === `${status} response`;
  if (!isUsual) response.description = description;
  const payload = api.isSwagger
    ? swaggerPayload(tree, operation, document, api)
    : payloadOf(memberOf(tree, "content"), api);
  if (payload) {
    const canHaveBody = status >= 200 && status !== 204 && status !== 304;
    if (!canHaveBody) response.notes.push(api.importing.leftOut(tree, "bodies of answers that have none"));
    else {
      response.type = typeExpression(payload.type);
      const usual = isBytes(payload.type) ? "application/octet-stream" : "application/json";
      const [mediaType] = payload.mediaTypes;
      response.mediaType = mediaType === usual ? undefined : mediaType;
      response.alternatives = alternativesOf(payload);
    }
  }
  for (const { name, value } of membersOf(memberOf(tree, "headers"))) {
    const header = api.importing.resolve(value);
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) || !header) continue;
    const type = typeExpression({ ...api.schemas.typeOf(headerSchema(header, api)), docs: anyType.docs });
    response.headers.set(name, {
      type: type === "string" || type === "unknown" ? undefined : type,
      value: undefined,
      description: textOf(memberOf(header, "description"))?.trim() || undefined,
    });
  }
  const links = memberOf(tree, "links");
  if (links) response.notes.push(api.importing.leftOut(links, "links of responses"));
}

function headerSchema(header: Tree, api: Api): Tree | undefined {
  if (!api.isSwagger || header.kind !== "map") return memberOf(header, "schema");
  return {
    ...header,
    members: new Map([...header.members].filter(([name]) => name !== "description" && name !== "collectionFormat")),
  };
}

function swaggerPayload(tree: Tree, operation: Tree, document: Tree, api: Api): Payload | undefined {
  const schema = memberOf(tree, "schema");
  if (!schema) return undefined;
  const produces = itemsOf(memberOf(operation, "produces") ?? memberOf(document, "produces")).flatMap(
    (type) => mediaTypeOf(textOf(type)) ?? [],
  );
  const own = produces.find(isJson) ?? produces[0] ?? "application/json";
  return { type: api.schemas.typeOf(schema), mediaTypes: [...new Set([own, ...produces])], others: [] };
}

/** Status of an integration response; AWS's own default is 200. */
export function statusOf(tree: Tree | undefined): number {
  const status = numberOf(memberOf(tree, "statusCode"));
  return status !== undefined && Number.isInteger(status) && status >= 100 && status <= 599 ? status : 200;
}
