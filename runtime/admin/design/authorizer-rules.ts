import { badRequest } from "../admin-message.js";
import { checkMembers, enumMember, requiredMember } from "./member-rules.js";

/** CreateAuthorizer of REST APIs, as far as there are rules. */
export interface AuthorizerRequest {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly identitySource?: string | undefined;
}

const tokenSource = /^method\.request\.header\.[a-zA-Z0-9._-]+$/;

/** Rules of authorizers (quoted from live answers). @throws AdminProblem */
export function checkAuthorizer(request: AuthorizerRequest): void {
  const { name, type, identitySource } = request;
  checkMembers([
    requiredMember("createAuthorizerInput.name", name),
    requiredMember("createAuthorizerInput.type", type),
    enumMember("createAuthorizerInput.type", type, ["REQUEST", "TOKEN", "COGNITO_USER_POOLS"]),
  ]);
  if (type === "TOKEN" && !tokenSource.test(identitySource ?? "")) {
    throw badRequest(
      `Invalid token source expression: ${identitySource ?? "null"}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`,
    );
  }
}
