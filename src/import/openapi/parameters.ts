import { primitive } from "../../model/type-builders.js";
import type { Type } from "../../model/types.js";
import { type Draft, DraftMap } from "../draft.js";
import { isTrue, itemsOf, type MapTree, memberOf, type Tree, textOf } from "../tree.js";
import { type Api, typeExpression } from "./api.js";
import type { RouteDraft } from "./route-draft.js";

/** Parameters that an operation has, and those of its path that it does not replace. */
export function parametersOf(path: Tree, operation: Tree, api: Api): readonly MapTree[] {
  const found = new Map<string, MapTree>();
  for (const list of [memberOf(path, "parameters"), memberOf(operation, "parameters")]) {
    if (list && list.kind !== "list") api.importing.wrongType(list, "parameters", "a list");
    for (const item of itemsOf(list)) {
      const parameter = api.importing.resolve(item);
      const name = textOf(memberOf(parameter, "name"));
      if (parameter?.kind !== "map" || name === undefined) {
        if (parameter) api.importing.wrongType(parameter, "parameters", "a list of maps with name and in");
        continue;
      }
      const where = textOf(memberOf(parameter, "in")) ?? "";
      found.set(`${where} ${where === "header" ? name.toLowerCase() : name}`, parameter);
    }
  }
  return [...found.values()];
}

/** API Gateway drops these from each request (aws-behaviour.md section 5.1), so no route can have them. */
const neverArrive =
  /^(?:connection|content-length|content-md5|expect|max-forwards|proxy-authenticate|server|te|trailer|transfer-encoding|upgrade|www-authenticate)$/i;

/** `params`, `query` and `headers` of a route. */
export function readParameters(parameters: readonly MapTree[], route: RouteDraft, api: Api): void {
  for (const parameter of parameters) {
    const name = textOf(memberOf(parameter, "name")) ?? "";
    const where = textOf(memberOf(parameter, "in"));
    reportStyle(parameter, api);
    switch (where) {
      case "path":
        readPathParameter(name.replace(/\+$/, ""), parameter, route, api);
        break;
      case "query":
      case "header":
        readNamed(where, name, parameter, route, api);
        break;
      case "body":
      case "formData":
        break;
      default:
        route.note(api.importing.leftOut(parameter, `the ${where ?? "unplaced"} parameter "${name}"`));
    }
  }
}

function readPathParameter(written: string, parameter: MapTree, route: RouteDraft, api: Api): void {
  const name = route.renamed.get(written) ?? written;
  const isThere = route.path.split("/").some((segment) => segment === `{${name}}` || segment === `{${name}+}`);
  if (!isThere) {
    route.note(api.importing.leftOut(parameter, `the path parameter "${name}", which the path does not have`));
    return;
  }
  const type = parameterType(parameter, api);
  const description = textOf(memberOf(parameter, "description"))?.trim();
  const isPlain =
    type.kind === "primitive" &&
    type.name === "string" &&
    type.format === undefined &&
    Object.keys(type.constraints).length === 0;
  if (!isPlain || description) route.params.set(name, parameterDraft(type, description));
}

function readNamed(where: "query" | "header", name: string, parameter: MapTree, route: RouteDraft, api: Api): void {
  const isGood =
    where === "header"
      ? /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !neverArrive.test(name)
      : api.kind === "http" || /^[A-Za-z0-9._$-]+$/.test(name);
  if (!isGood || name.includes("?")) {
    route.note(api.importing.leftOut(parameter, `the ${where} parameter "${name}", which API Gateway does not take`));
    return;
  }
  const map = where === "query" ? route.query : route.headers;
  const mark = isTrue(memberOf(parameter, "required")) ? "" : "?";
  map.set(
    `${name}${mark}`,
    parameterDraft(parameterType(parameter, api), textOf(memberOf(parameter, "description"))?.trim()),
  );
}

function parameterDraft(type: Type, description: string | undefined): Draft {
  const text = typeExpression(type);
  return description ? new DraftMap().set("type", text).set("description", description) : text;
}

/** Keywords of Swagger's parameters that are not of their schema. */
const parameterWords = new Set([
  "name",
  "in",
  "required",
  "description",
  "collectionFormat",
  "allowEmptyValue",
  "style",
  "explode",
]);

function parameterType(parameter: MapTree, api: Api): Type {
  const content = memberOf(parameter, "content");
  const [media] = content?.kind === "map" ? content.members.values() : [];
  const own = new Map([...parameter.members].filter(([name]) => !parameterWords.has(name)));
  const schema = api.isSwagger
    ? { ...parameter, members: own }
    : (memberOf(parameter, "schema") ?? memberOf(media?.value, "schema"));
  if (schema === undefined) return primitive("string");
  const type = api.schemas.typeOf(schema);
  if (isText(schema, type, api)) return { ...type, docs: primitive("string").docs };
  api.importing.leftOut(schema, "types of parameters that are objects");
  return primitive("string");
}

/** A parameter is a text of the request; an object can be none. */
function isText(schema: Tree, type: Type, api: Api): boolean {
  if (type.kind === "object" || type.kind === "intersection") return false;
  if (type.kind === "primitive") return type.name !== "null" && type.name !== "binary";
  if (type.kind !== "reference") return true;
  const target = api.importing.resolve(schema);
  return textOf(memberOf(target, "type")) !== "object" && !memberOf(target, "properties") && !memberOf(target, "allOf");
}

function reportStyle(parameter: MapTree, api: Api): void {
  for (const word of ["style", "collectionFormat", "allowEmptyValue", "allowReserved"]) {
    const value = memberOf(parameter, word);
    const isUsual = ["form", "simple", "csv", "false", "multi"].includes(textOf(value) ?? "");
    if (value && !isUsual) api.importing.leftOut(value, `"${word}" of parameters`);
  }
}
