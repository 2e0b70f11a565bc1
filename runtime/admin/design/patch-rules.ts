import { badRequest } from "../admin-message.js";
import { missing } from "./lookup-rules.js";
import { checkMembers, patchMembers } from "./member-rules.js";
import { checkMethod, type MethodSurroundings } from "./method-rules.js";
import { checkModel } from "./model-rules.js";

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

/** UpdateResource (recorded of the root). @throws AdminProblem */
export function checkResourcePatch(operations: readonly PatchOperation[], isRoot: boolean): void {
  checkMembers(patchMembers("updateResourceInput", operations));
  for (const { op, path } of operations) {
    const name = (path ?? "").replace(/^\//, "");
    if (name !== "pathPart" && name !== "parentId") {
      const text = `Invalid patch path  '${path ?? ""}' specified for op '${op}'.`;
      throw badRequest(
        op === "replace"
          ? `${text} Must be one of: [/parentId, /pathPart]`
          : `${text} Please choose supported operations`,
      );
    }
    if (op !== "replace") throw notThisOp("replace");
    if (isRoot) throw badRequest(`Root resource cannot update its ${name}.`);
  }
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

/** UpdateModel and UpdateRequestValidator: paths that can be replaced, and nothing else (recorded). */
function checkReplaced(operations: readonly PatchOperation[], paths: readonly string[]): void {
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
export function checkMethodResponsePatch(operations: readonly PatchOperation[], known: ResponseNames): void {
  checkMembers(patchMembers("updateMethodResponseInput", operations));
  for (const { op, path } of operations) {
    if (op === "add") continue;
    const [, member = "", ...rest] = (path ?? "").split("/");
    const name = rest.map(unescaped).join("/");
    if (member === "responseParameters" && !known.parameters.includes(name)) throw missing("parameter");
    if (member === "responseModels" && !known.contentTypes.includes(name)) throw missing("contentType");
  }
}

/** JSON Pointer's escapes (RFC 6901). */
function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
