import { GatewayError } from "../../http/gateway-error.js";
import {
  checkClaims,
  checkSession,
  readClaims,
  type SignableRequest,
  type SignatureClaims,
  SignatureProblem,
  type VerifyPlace,
  verifySignature,
} from "../sigv4/index.js";
import type { IamService } from "./iam-service.js";
import type { AccessKey } from "./principal.js";

/** Who signed a request, as it says itself; believed once the signature has been verified. */
export interface Signer {
  readonly claims: SignatureClaims;
  readonly key: AccessKey;
}

/**
 * All of authentication that needs no body: form, scope, clock, signed headers, access key, session.
 *
 * @throws GatewayError in AWS's words (aws-behaviour.md section 21)
 */
export function readSigner(
  iam: IamService,
  request: Pick<SignableRequest, "headers" | "query">,
  place: VerifyPlace,
): Signer {
  return asGatewayError(() => {
    const claims = readClaims(request);
    checkClaims(claims, request.headers, place);
    const { problem } = iam.directory;
    if (problem !== undefined) throw unknownKey(problem);
    const key = iam.directory.find(claims.accessKeyId);
    checkSession(claims, key, place.nowMs);
    return { claims, key };
  });
}

/** @throws GatewayError INVALID_SIGNATURE */
export function verifySigner(iam: IamService, request: SignableRequest, { claims, key }: Signer): void {
  asGatewayError(() => verifySignature(request, claims, key, iam.keys));
}

function asGatewayError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SignatureProblem ? gatewayErrorOf(error) : error;
  }
}

function gatewayErrorOf({ kind, message }: SignatureProblem): GatewayError {
  switch (kind) {
    case "missing":
      return new GatewayError("MISSING_AUTHENTICATION_TOKEN");
    case "incomplete":
      return new GatewayError("INVALID_SIGNATURE", message, { errorType: "IncompleteSignatureException" });
    case "signature":
      return new GatewayError("INVALID_SIGNATURE", message);
    case "unknown":
      return unknownKey();
    case "expired":
      return new GatewayError("EXPIRED_TOKEN");
  }
}

function unknownKey(detail?: string): GatewayError {
  const errorType = "UnrecognizedClientException";
  return new GatewayError("INVALID_SIGNATURE", "The security token included in the request is invalid.", {
    errorType,
    ...(detail !== undefined && { detail }),
  });
}
