import { authorizationComplaint } from "../auth/sigv4/authorization-form.js";
import type { Exchange } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";

/** What a REST API says where no route answers; an Authorization header is read as SigV4 first (aws-behaviour.md 21). */
export function missingRoute(x: Exchange): GatewayError {
  const authorization = x.program.program.api.kind === "rest" ? x.header("authorization") : undefined;
  const complaint = authorization === undefined ? undefined : authorizationComplaint(authorization);
  if (complaint === undefined) return new GatewayError("MISSING_AUTHENTICATION_TOKEN");
  return new GatewayError("INVALID_SIGNATURE", complaint, { errorType: "IncompleteSignatureException" });
}

/** REST: `Forbidden`; HTTP: `Not Found`. There is no stage whose gateway responses could apply. */
export function missingStage(x: Exchange): GatewayError {
  const isRest = x.program.program.api.kind === "rest";
  return new GatewayError(isRest ? "INVALID_API_KEY" : "MISSING_AUTHENTICATION_TOKEN");
}
