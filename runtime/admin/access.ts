import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { AdminProblem } from "./admin-message.js";

/** Names by which this machine calls itself: no page of another host can make a browser send them (DNS rebinding). */
const ownName = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

export function isLoopbackAddress(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses who may not use the admin port: without a token only names of this machine are answered, with one only who
 * shows it; and never a page of another origin, which a browser sends without asking.
 *
 * @param token  undefined: the port is open to this machine alone
 * @throws AdminProblem
 */
export function checkAccess(request: IncomingMessage, token: string | undefined): void {
  const { host = "", origin, authorization } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) throw forbidden("origin");
  if (site !== undefined && site !== "same-origin" && site !== "none") throw forbidden("origin");
  if (token === undefined) {
    if (!ownName.test(host)) throw forbidden("host name");
    return;
  }
  // Clients of AWS sign, and hand on the session token that they were given.
  const session = request.headers["x-amz-security-token"];
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
  const shown = bearer ?? (typeof session === "string" ? session : undefined);
  if (shown === undefined || !isSame(shown, token)) {
    throw new AdminProblem(
      401,
      "UnauthorizedException",
      "the token of the admin port is needed, GATEWAY_ADMIN_TOKEN of the gateway: as a bearer token, or as AWS_SESSION_TOKEN of an AWS client",
    );
  }
}

function forbidden(what: string): AdminProblem {
  return new AdminProblem(403, "AccessDeniedException", `requests from this ${what} are not answered`);
}

/** Hashes have one length, and comparing them tells nothing about the token. */
function isSame(shown: string, token: string): boolean {
  const [a, b] = [shown, token].map((text) => createHash("sha256").update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
