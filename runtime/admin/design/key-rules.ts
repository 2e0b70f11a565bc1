import { keyLength } from "../../limits/key-hash.js";
import { badRequest } from "../admin-message.js";
import { checkMembers, patchMembers } from "./member-rules.js";
import { checkReplaced, type PatchOperation } from "./patch-rules.js";

/** CreateApiKey; an empty value is made by API Gateway. */
export interface KeyRequest {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly value?: string | undefined;
}

/** UpdateApiKey (recorded): what of a key can be replaced. @throws AdminProblem */
export function checkKeyPatch(operations: readonly PatchOperation[]): void {
  checkMembers(patchMembers("updateApiKeyInput", operations));
  checkReplaced(operations, ["/description", "/enabled", "/name", "/customerId"]);
}

/** Rules of API keys (aws-behaviour 17). @throws AdminProblem */
export function checkKey({ name = "", description = "", value = "" }: KeyRequest): void {
  if (name.length > 1024) throw badRequest("Invalid API Key name, can be at most 1024 characters.");
  if (description.length > 125_000) throw badRequest("Invalid API Key description specified.");
  if (value === "") return;
  if (value.length < keyLength.least)
    throw badRequest(`API Key value should be at least ${keyLength.least} characters`);
  if (value.length > keyLength.most)
    throw badRequest(`API Key value exceeds maximum size of ${keyLength.most} characters`);
}
