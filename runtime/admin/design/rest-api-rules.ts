import { badRequest } from "../admin-message.js";
import { checkMembers, enumListMember, enumMember } from "./member-rules.js";

/** CreateRestApi, as far as there are rules. */
export interface RestApiRequest {
  readonly description?: string | undefined;
  /** Bytes. */
  readonly minimumCompressionSize?: number | undefined;
  readonly endpointTypes?: readonly string[] | undefined;
  readonly ipAddressType?: string | undefined;
}

/** Rules of REST APIs (recorded). @throws AdminProblem */
export function checkRestApi(request: RestApiRequest): void {
  const { description, minimumCompressionSize = 0, endpointTypes, ipAddressType } = request;
  const input = "createRestApiInput.endpointConfiguration";
  checkMembers([
    enumListMember(`${input}.types`, endpointTypes, ["PRIVATE", "EDGE", "REGIONAL"]),
    enumMember(`${input}.ipAddressType`, ipAddressType, ["ipv4", "dualstack"]),
  ]);
  if (description === "") throw badRequest("Description cannot be an empty string");
  if (!(minimumCompressionSize >= 0 && minimumCompressionSize <= 10_485_760))
    throw badRequest("Invalid minimum compression size, must be between 0 and 10485760");
  if (endpointTypes?.length === 0)
    throw badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.");
  if (endpointTypes !== undefined && endpointTypes.length > 1)
    throw badRequest("Cannot create an api with multiple Endpoint Types.");
  if (endpointTypes?.[0] === "PRIVATE" && ipAddressType === "ipv4")
    throw badRequest("Only dualstack ipAddressType is supported for Private APIs.");
}
