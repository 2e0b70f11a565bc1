import { createHash } from "node:crypto";
import type { AuthorizerCall, Exchange } from "../../http/exchange.js";
import { GatewayError } from "../../http/gateway-error.js";
import type { LambdaFunction } from "../../integrations/lambda-function.js";
import { logName } from "../../observe/logger.js";
import type { LambdaAuthorizerEntry } from "../authorizer-entry.js";
import { anonymousIdentity, type Caller } from "../caller.js";
import { ExpiringMap } from "../expiring-map.js";
import { identityKey } from "../identity-source.js";
import { methodArn } from "../method-arn.js";
import type { AuthorizerPolicy } from "./authorizer-policy.js";
import { authorizerFunction, callAuthorizer } from "./call-authorizer.js";
import { testAuthorizer } from "./test-authorizer.js";
import { isValidToken } from "./valid-token.js";

/** A decision, for all methods of the stage. */
interface Decision {
  readonly policy: AuthorizerPolicy;
  /** As requests see it that find the decision kept: their latency is 0. */
  readonly caller: Caller;
}

/** One Lambda authorizer of one stage: its function, and the decisions that it keeps. */
class LambdaAuthorizer {
  readonly decisions = new ExpiringMap<Decision>(maxDecisions, maxKeyCharacters);
  /** Calls under way, by the identity they are about: others with the same one wait for them. */
  readonly pending = new Map<string, Promise<Decision>>();

  /** Whether the log has been told that a kept policy names one method only. */
  hasWarned = false;
  /** Without a key a decision would be everybody's. Each handshake of a WebSocket API is decided about anew (CreateAuthorizer, `authorizerResultTtlInSeconds`). */
  readonly keeps: boolean;

  constructor(
    readonly entry: LambdaAuthorizerEntry,
    readonly fn: LambdaFunction,
    isOfSockets: boolean,
  ) {
    this.keeps = !isOfSockets && entry.ttlSeconds > 0 && entry.identity.length > 0;
  }
}

const maxDecisions = 5_000;
const maxKeyCharacters = 16_000_000;

/**
 * TOKEN and REQUEST authorizers (aws-behaviour.md sections 20 and 28.4). A decision is kept by the identity of the caller
 * for all methods of the stage; its policy is asked anew for each. Where the API has a resource policy, the step after
 * this one combines both; a decision without a match is left to it.
 */
export function lambdaAuthorizer(x: Exchange): false | Promise<boolean> {
  const { authorizer: entry } = x.route;
  if (entry?.kind !== "lambda") throw new GatewayError("AUTHORIZER_CONFIGURATION_ERROR");
  const test = x.trace?.test;
  if (test !== undefined) return test.kind === "method" ? false : testAuthorizer(x, entry, test);
  const arn = methodArn(x);
  const key = identityKey(x, entry.identity);
  if (key === undefined) throw new GatewayError("UNAUTHORIZED");
  const live = x.program.authorizers.of(
    entry,
    x.stage,
    () => new LambdaAuthorizer(entry, authorizerFunction(x, entry), x.socket !== undefined),
  );
  const kept = live.keeps ? live.decisions.get(key, x.program.clock.monotonic()) : undefined;
  if (kept !== undefined) return admit(x, kept.policy, kept.caller, arn);
  if (!isValidToken(x, entry)) throw new GatewayError("UNAUTHORIZED");
  return ask(x, live, key, arn);
}

async function ask(x: Exchange, live: LambdaAuthorizer, key: string, arn: string): Promise<false> {
  const started = x.program.clock.monotonic();
  const elapsed = () => Math.round(x.program.clock.monotonic() - started);
  let decision: Decision;
  try {
    decision = await decisionOf(x, live, key, arn);
  } catch (error) {
    x.authorizerCall = failedCall(error, elapsed());
    throw error;
  } finally {
    // What has been measured so far is the authorizer's call, not the integration's.
    x.integration = undefined;
  }
  const { policy, caller } = decision;
  const { authorizer } = caller;
  const latencyMs = elapsed();
  x.authorizerCall = { status: 200, latencyMs, integrationStatus: 200, error: undefined };
  const timed = authorizer.kind === "lambda" ? { ...caller, authorizer: { ...authorizer, latencyMs } } : caller;
  return admit(x, policy, timed, arn);
}

/** What access logs say of a call that led to no decision. */
function failedCall(error: unknown, latencyMs: number): AuthorizerCall {
  const isUnauthorized = error instanceof GatewayError && error.type === "UNAUTHORIZED";
  const status = isUnauthorized ? 401 : 500;
  return {
    status,
    latencyMs,
    integrationStatus: 200,
    error: isUnauthorized ? "Unauthorized" : "The authorizer failed",
  };
}

/** Without a cache each request asks for itself. A failure is kept by nobody. */
function decisionOf(x: Exchange, live: LambdaAuthorizer, key: string, arn: string): Promise<Decision> {
  if (!live.keeps) return decide(x, live, key, arn);
  const underWay = live.pending.get(key);
  if (underWay !== undefined) return underWay;
  const deciding = decide(x, live, key, arn).finally(() => live.pending.delete(key));
  live.pending.set(key, deciding);
  return deciding;
}

async function decide(x: Exchange, live: LambdaAuthorizer, key: string, arn: string): Promise<Decision> {
  const { entry } = live;
  const result = await callAuthorizer(x, entry, live.fn, arn);
  const { principalId, context, policy, usageIdentifierKey } = result;
  const caller: Caller = {
    authorizer: { kind: "lambda", principalId, context, latencyMs: 0 },
    cacheIdentity: cacheIdentity(entry, key, principalId, context),
    identity: anonymousIdentity,
    usageIdentifierKey,
  };
  const decision = { policy, caller };
  if (live.keeps && policy.onlyMethod !== undefined) warnOfOneMethod(x, live, policy.onlyMethod);
  if (live.keeps) live.decisions.set(key, decision, x.program.clock.monotonic() + entry.ttlSeconds * 1000);
  return decision;
}

/** A kept policy is asked about every method of the stage: one that names a single method refuses the caller's next call. */
function warnOfOneMethod(x: Exchange, live: LambdaAuthorizer, method: string): void {
  const guarded = x.program.program.routes.filter(({ authorizer }) => authorizer === live.entry);
  const isOne = guarded.length === 1 && x.route.method !== "ANY" && x.pathValues.length === 0;
  if (live.hasWarned || isOne) return;
  live.hasWarned = true;
  x.program.logger.write({
    level: "error",
    message: `authorizer "${live.entry.name}" keeps a policy that names one method only`,
    stage: logName(x.stage),
    route: x.route.key,
    detail: `${method}: for ${live.entry.ttlSeconds} s the same caller gets 403 everywhere else; name all that it may call`,
  });
}

/** Hashed: cache keys leave the process. */
function cacheIdentity(
  { name }: LambdaAuthorizerEntry,
  key: string,
  principalId: string | undefined,
  context: ReadonlyMap<string, unknown>,
): string {
  const seen = JSON.stringify([name, key, principalId ?? null, [...context]]);
  return createHash("sha256").update(seen).digest("base64url");
}

function admit(x: Exchange, policy: AuthorizerPolicy, caller: Caller, arn: string): false {
  const effect = policy.effectOn(arn, x);
  x.caller = caller;
  x.authorizerEffect = effect;
  x.authorizerCall ??= { status: 200, latencyMs: 0, integrationStatus: undefined, error: undefined };
  if (effect === "allow") return false;
  x.authorizerCall = { ...x.authorizerCall, status: 403 };
  if (effect === "deny") throw denied(x, " with an explicit deny");
  // A resource policy may allow what the function says nothing about: the step behind this one decides.
  if (x.program.policy !== undefined) return false;
  throw denied(x, "");
}

/** REST APIs say whether a statement denied it; HTTP APIs say Forbidden. */
function denied(x: Exchange, how: string): GatewayError {
  const isRest = x.program.program.api.kind === "rest";
  return new GatewayError("ACCESS_DENIED", isRest ? `User is not authorized to access this resource${how}` : undefined);
}
