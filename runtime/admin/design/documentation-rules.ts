import { badRequest } from "../admin-message.js";
import { checkMembers, enumMember, patchMembers } from "./member-rules.js";
import { checkReplaced, type PatchOperation } from "./patch-rules.js";

/** In the order in which AWS lists them. */
const locationTypes = [
  ...["RESPONSE_BODY", "RESPONSE", "METHOD", "MODEL", "AUTHORIZER", "RESPONSE_HEADER", "RESOURCE", "PATH_PARAMETER"],
  ...["REQUEST_BODY", "QUERY_PARAMETER", "API", "REQUEST_HEADER"],
];

/** CreateDocumentationPart (recorded). @throws AdminProblem */
export function checkDocumentationPart({ type }: { readonly type?: string | undefined }): void {
  checkMembers([enumMember("createDocumentationPartInput.location.type", type, locationTypes)]);
}

/** UpdateDocumentationPart (recorded). @throws AdminProblem */
export function checkDocumentationPartPatch(operations: readonly PatchOperation[]): void {
  checkMembers(patchMembers("updateDocumentationPartInput", operations));
  checkReplaced(operations, ["/properties"]);
}

/** ImportRestApi and PutRestApi take a document of OpenAPI only (recorded). @throws AdminProblem */
export function checkImportedApi(document: unknown): void {
  if (!isDescription(document)) throw badRequest("Invalid OpenAPI input.");
}

/** ImportDocumentationParts (recorded). @throws AdminProblem */
export function checkImportedParts(document: unknown): void {
  if (!isDescription(document)) throw badRequest("Unable to build importer with provided input.");
}

function isDescription(document: unknown): boolean {
  const isMap = typeof document === "object" && document !== null && !Array.isArray(document);
  return isMap && ("openapi" in document || "swagger" in document);
}
