import { badRequest } from "../admin-message.js";
import { missing } from "./lookup-rules.js";
import { checkMembers, patchMembers, statusMember } from "./member-rules.js";
import { checkMethod, type MethodSurroundings } from "./method-rules.js";
import { checkModel } from "./model-rules.js";
import { checkResource } from "./resource-rules.js";

/** One operation of a PATCH request. */
export interface PatchOperation {
  readonly op: string;
  readonly path?: string | null | undefined;
  readonly value?: string | null | undefined;
}

function notThisOp(allowed: string): Error {
  return badRequest(`Invalid patch operation specified. Must be one of: [${allowed}]`);
}

function notThisPath(path: string | null | undefined): Error {
  return badRequest(`Invalid patch path ${path ?? "null"}`);
}

/** Settings of an API that a patch can only replace (recorded). */
const replaced = new Set(["minimumCompressionSize", "ipAddressType", "name", "description", "apiKeySource", "policy"]);
const endpointTypes = ["REGIONAL", "EDGE", "PRIVATE"];

/** UpdateRestApi (recorded). @throws AdminProblem */
export function checkRestApiPatch(
  operations: readonly PatchOperation[],
  api: { readonly endpointType: string; readonly ipAddressType?: string | undefined },
): void {
  checkMembers(patchMembers("updateRestApiInput", operations));
  let { endpointType, ipAddressType } = api;
  for (const { op, path, value } of operations) {
    const [first = "", second, ...rest] = (path ?? "").replace(/^\//, "").split("/");
    const setting = first === "endpointConfiguration" ? (second ?? "") : first;
    if (setting === "binaryMediaTypes" && !second) throw notThisPath(path);
    if (replaced.has(setting) && op !== "replace") throw notThisOp("replace");
    if (setting === "minimumCompressionSize") checkCompression(value);
    else if (setting === "ipAddressType") {
      if (value !== "ipv4" && value !== "dualstack")
        throw badRequest("ipAddressType must be either ipv4 or dualstack.");
      ipAddressType = value;
    } else if (setting === "types" && rest.length <= 1) {
      if (!["add", "remove", "replace"].includes(op))
        throw badRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
      if (op !== "remove" && !endpointTypes.includes(value ?? ""))
        throw badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE");
      if (op !== "remove") endpointType = value ?? endpointType;
    }
  }
  if (endpointType === "PRIVATE" && ipAddressType === "ipv4")
    throw badRequest("Only dualstack ipAddressType is supported for Private APIs.");
}

/** Left out, it switches compression off. */
function checkCompression(value: string | null | undefined): void {
  if (value === undefined || value === null || value === "") return;
  if (/^\d{1,8}$/.test(value) && Number(value) <= 10_485_760) return;
  throw badRequest("Invalid minimum compression size, must be between 0 and 10485760");
}

/** A resource that is patched, and the tree around it: paths by id, its own among them. */
export interface PatchedResource {
  readonly path: string;
  readonly tree: ReadonlyMap<string, string>;
}

/** UpdateResource (recorded): a resource moves below another, or gets another name. @throws AdminProblem */
export function checkResourcePatch(operations: readonly PatchOperation[], { path, tree }: PatchedResource): void {
  checkMembers(patchMembers("updateResourceInput", operations));
  checkReplaced(operations, ["/parentId", "/pathPart"]);
  const at = path.lastIndexOf("/");
  let [parent, part] = [path.slice(0, at), path.slice(at + 1)];
  for (const operation of operations) {
    const name = (operation.path ?? "").slice(1);
    if (path === "/") throw badRequest(`Root resource cannot update its ${name}.`);
    if (name === "pathPart") part = operation.value ?? "";
    else {
      const wanted = tree.get(operation.value ?? "");
      if (wanted === undefined) throw missing("resource");
      if (`${wanted}/`.startsWith(`${path}/`)) throw badRequest("Resources cannot be cyclical.");
      parent = wanted === "/" ? "" : wanted;
    }
  }
  const others = [...tree.values()].filter((other) => other !== path && other.startsWith(`${parent}/`));
  const siblings = others.map((other) => other.slice(parent.length + 1)).filter((other) => !other.includes("/"));
  checkResource({ parentPathPart: parent.slice(parent.lastIndexOf("/") + 1), siblings, pathPart: part });
}

/** Settings of a method, and the operations that each takes (recorded). */
const methodSettings: ReadonlyMap<string, readonly string[]> = new Map([
  ["apiKeyRequired", ["replace"]],
  ["authorizationScopes", ["add", "remove"]],
  ["authorizationType", ["replace"]],
  ["authorizerId", ["replace"]],
  ["operationName", ["replace"]],
  ["requestModels", ["add", "remove"]],
  ["requestParameters", ["add", "remove"]],
  ["requestValidatorId", ["replace"]],
]);
const settingsWithNames = new Set(["requestModels", "requestParameters"]);

/** UpdateMethod (recorded). `authorizationType` is that of the method before. @throws AdminProblem */
export function checkMethodPatch(
  operations: readonly PatchOperation[],
  method: { readonly authorizationType?: string | undefined; readonly authorizerId?: string | undefined },
  surroundings: MethodSurroundings,
): void {
  checkMembers(patchMembers("updateMethodInput", operations));
  const settings = new Map<string, string | undefined>();
  for (const { op, path, value } of operations) {
    const [, setting = "", name, ...more] = (path ?? "").split("/");
    const allowed = methodSettings.get(setting);
    const isComplete = settingsWithNames.has(setting) ? Boolean(name) : true;
    if (allowed === undefined || !isComplete || more.length > 0) throw notThisPath(path);
    if (!allowed.includes(op)) throw notThisOp(allowed.join(", "));
    settings.set(setting, value ?? undefined);
  }
  const authorizationType = settings.get("authorizationType") ?? method.authorizationType;
  const authorizerId = settings.get("authorizerId") ?? method.authorizerId;
  const requestValidatorId = settings.get("requestValidatorId") || undefined;
  checkMethod({ authorizationType, authorizerId, requestValidatorId }, surroundings);
}

/** Paths that can be replaced, where nothing else is taken (recorded of several operations). @throws AdminProblem */
export function checkReplaced(operations: readonly PatchOperation[], paths: readonly string[]): void {
  for (const { op, path } of operations) {
    const text = `Invalid patch path  '${path ?? ""}' specified for op '${op}'.`;
    if (op !== "replace") throw badRequest(`${text} Please choose supported operations`);
    if (!paths.includes(path ?? "")) throw badRequest(`${text} Must be one of: [${paths.join(", ")}]`);
  }
}

/** UpdateModel (recorded). @throws AdminProblem */
export function checkModelPatch(operations: readonly PatchOperation[]): void {
  checkMembers(patchMembers("updateModelInput", operations));
  checkReplaced(operations, ["/description", "/schema"]);
  for (const { path, value } of operations)
    if (path === "/schema") checkModel({ name: "patched", schema: value ?? "" }, []);
}

/** UpdateRequestValidator (recorded). @throws AdminProblem */
export function checkValidatorPatch(operations: readonly PatchOperation[]): void {
  checkMembers(patchMembers("updateRequestValidatorInput", operations));
  checkReplaced(operations, ["/name", "/validateRequestParameters", "/validateRequestBody"]);
  for (const { path, value } of operations)
    if (path === "/name" && !value?.trim()) throw badRequest("Request Validator name cannot be blank");
}

/** Names that a response has already, by the member that holds them. */
export interface ResponseNames {
  readonly parameters: readonly string[];
  /** Content types of its models or templates. */
  readonly contentTypes: readonly string[];
}

/** UpdateGatewayResponse (recorded). @throws AdminProblem */
export function checkGatewayResponsePatch(operations: readonly PatchOperation[], known: ResponseNames): void {
  checkMembers(patchMembers("updateGatewayResponseInput", operations));
  for (const { op, path, value } of operations) {
    const [, member = "", ...rest] = (path ?? "").split("/");
    const name = rest.map(unescaped).join("/");
    const isMap = member === "responseParameters" || member === "responseTemplates";
    const isStatus = path === "/statusCode" && op === "replace";
    if (!isStatus && !(isMap && name !== "")) throw notThisPath(path);
    if (!isMap || op === "remove") continue;
    if (op === "replace" && value !== undefined && value !== null && value !== "") {
      const names = member === "responseParameters" ? known.parameters : known.contentTypes;
      if (!names.includes(name)) throw missing("parameter");
    } else if (!value) throw badRequest(`Invalid null or empty value in ${member}`);
  }
}

/** UpdateMethodResponse (recorded): what is replaced or removed has to be there. @throws AdminProblem */
export function checkMethodResponsePatch(
  operations: readonly PatchOperation[],
  known: ResponseNames & { readonly statusCode?: string | undefined },
): void {
  checkMembers([...patchMembers("updateMethodResponseInput", operations), statusMember(known.statusCode)]);
  for (const { op, path } of operations) {
    const [, member = "", ...rest] = (path ?? "").split("/");
    if (member !== "responseParameters" && member !== "responseModels") throw notThisPath(path);
    if (op === "add") continue;
    const name = rest.map(unescaped).join("/");
    if (member === "responseParameters" && !known.parameters.includes(name)) throw missing("parameter");
    if (member === "responseModels" && !known.contentTypes.includes(name)) throw missing("contentType");
  }
}

/** JSON Pointer's escapes (RFC 6901). */
function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
