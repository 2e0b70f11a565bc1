import type { Exchange } from "./exchange.js";
import { GatewayError } from "./gateway-error.js";

/** What a REST API says where no route answers; an Authorization header is read as SigV4 first (aws-behaviour.md 21). */
export function missingRoute(x: Exchange): GatewayError {
  const authorization = x.program.program.api.kind === "rest" ? x.header("authorization") : undefined;
  const complaint = authorization === undefined ? undefined : signatureComplaint(authorization);
  if (complaint === undefined) return new GatewayError("MISSING_AUTHENTICATION_TOKEN");
  return new GatewayError("INVALID_SIGNATURE", complaint, { errorType: "IncompleteSignatureException" });
}

/** REST: `Forbidden`; HTTP: `Not Found`. There is no stage whose gateway responses could apply. */
export function missingStage(x: Exchange): GatewayError {
  const isRest = x.program.program.api.kind === "rest";
  return new GatewayError(isRest ? "INVALID_API_KEY" : "MISSING_AUTHENTICATION_TOKEN");
}

const algorithm = "AWS4-HMAC-SHA256";
const parts = ["Credential", "Signature", "SignedHeaders"];

/** What is wrong with an Authorization header where SigV4 is expected; undefined when it has all its parts. */
function signatureComplaint(authorization: string): string | undefined {
  const text = authorization.trim();
  const blank = text.indexOf(" ");
  const pairs = (blank === -1 ? (text === algorithm ? "" : text) : text.slice(blank + 1)).split(",");
  const names = new Set<string>();
  for (const pair of pairs.map((part) => part.trim()).filter((part) => part !== "")) {
    const equals = pair.indexOf("=");
    if (equals === -1) {
      return `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${text}'.`;
    }
    names.add(pair.slice(0, equals).trim());
  }
  const missing = parts.filter((part) => !names.has(part));
  if (missing.length === 0) return undefined;
  const complaints = missing.map((part) => `Authorization header requires '${part}' parameter. `).join("");
  return `${complaints}Authorization=${blank === -1 ? text : text.slice(0, blank)}`;
}
