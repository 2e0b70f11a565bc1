import type { Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import { methodArn } from "../method-arn.js";
import { decide, evaluateAll } from "../policy/index.js";
import { RequestContext } from "../policy-context.js";
import { policyRefusal } from "../policy-refusal.js";
import { readSigner, type Signer, verifySigner } from "./authenticate.js";
import type { IamService } from "./iam-service.js";
import type { Principal } from "./principal.js";

/** Step: whether the request is signed by a known key, for here and now. Unsigned bodies are not waited for. */
export function iamSigner(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  const { region } = x.program.program.api;
  const place = { region, service: "execute-api", nowMs: x.receivedAt };
  x.signer = inWordsOf(x, () => {
    const signer = readSigner(serviceOf(x), x, place);
    checkOverride(x, signer);
    checkPath(x);
    return signer;
  });
  return false;
}

/** Step, after the body has been read: whether the signature holds, and whether the caller may call this method. */
export function iamCaller(x: Exchange): false {
  if (x.trace?.test !== undefined) return false;
  const { signer } = x;
  if (signer === undefined)
    throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: "no signer was read" });
  const { method, path } = x.sent ?? { method: x.method, path: x.rawPath };
  const { query, headers } = x;
  inWordsOf(x, () => {
    verifySigner(serviceOf(x), { method, path, query, headers, body: x.sentBody ?? x.body }, signer);
    authorize(x, signer.key.principal);
  });
  x.caller = signer.key.caller;
  return false;
}

/** Who adds an override to a signed request would choose another method: it has to be signed where it has an effect. */
function checkOverride(x: Exchange, { claims }: Signer): void {
  if (x.sent === undefined || x.sent.method === x.method) return;
  if (claims.signedNames.includes("x-http-method-override")) return;
  throw new GatewayError("INVALID_SIGNATURE");
}

/**
 * A signature is over the path without dot segments and double slashes, which routing takes as they are: `/a//b` could be sent
 * with the signature of `/a/b`, and reach another route.
 */
function checkPath({ path }: Exchange): void {
  if (ambiguous.test(path)) throw new GatewayError("INVALID_SIGNATURE");
}

const ambiguous = /\/\/|\/\.(?:\/|$)/;

function serviceOf({ program }: Exchange): IamService {
  if (program.iam !== undefined) return program.iam;
  throw new GatewayError("API_CONFIGURATION_ERROR", undefined, { detail: "the program brings no directory" });
}

function authorize(x: Exchange, principal: Principal): void {
  const arn = methodArn(x);
  const action = x.route.connections === undefined ? "execute-api:Invoke" : "execute-api:ManageConnections";
  const request = { action, resource: arn, principal, context: new RequestContext(x, principal) };
  const { policy } = x.program;
  const resource = policy === undefined ? "silent" : policy.evaluate(request);
  const isSameAccount = principal.accountId === x.program.program.api.account;
  const decision = decide(evaluateAll(principal.policies, request), resource, isSameAccount);
  if (decision !== "allow") throw policyRefusal(principal.arn, arn, decision, action);
}

/** HTTP APIs say Forbidden to everything; why is for the log. */
function inWordsOf<T>(x: Exchange, action: () => T): T {
  if (x.program.program.api.kind === "rest") return action();
  try {
    return action();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.type === "API_CONFIGURATION_ERROR") throw error;
    const { detail } = error.options;
    throw new GatewayError("ACCESS_DENIED", undefined, detail === undefined ? {} : { detail });
  }
}
