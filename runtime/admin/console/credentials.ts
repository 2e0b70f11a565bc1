import type { TokenAuthorizerEntry } from "../../auth/authorizer-entry.js";
import type { AccessKey } from "../../auth/iam/principal.js";
import { signRequest } from "../../auth/sigv4/index.js";
import { poolIssuer } from "../../auth/tokens/issuer-address.js";
import type { LiveStage } from "../../host/live-program.js";
import { plainText, resolveText } from "../../integrations/target-text.js";
import type { TargetText } from "../../program.js";
import { badRequest } from "../admin-message.js";
import type { AdminTarget } from "../admin-target.js";
import { gatewayOf, programOf } from "../control/served.js";

/** What the console may put into a request by its name. Secrets stay here: the page knows names alone. */
export interface Offered {
  readonly principals: readonly { readonly accessKeyId: string; readonly arn: string }[];
  /** Authorizers that the local issuer makes tokens for. */
  readonly issuers: readonly string[];
}

export function offeredCredentials(target: AdminTarget): Offered {
  const { apis } = gatewayOf(target);
  const entries =
    target.mint === undefined ? [] : apis.flatMap((api) => programOf(api).routes.flatMap(tokenAuthorizer));
  return {
    principals: accessKeys(target).map(({ accessKeyId, principal }) => ({ accessKeyId, arn: principal.arn })),
    issuers: [...new Set(entries.map(({ name }) => name))],
  };
}

function tokenAuthorizer({ authorizer }: { readonly authorizer: unknown }): readonly TokenAuthorizerEntry[] {
  const entry = authorizer as TokenAuthorizerEntry | { readonly kind: "lambda" } | undefined;
  return entry === undefined || entry.kind === "lambda" ? [] : [entry];
}

function accessKeys(target: AdminTarget): readonly AccessKey[] {
  const byId = new Map<string, AccessKey>();
  for (const { slots } of gatewayOf(target).apis) {
    for (const { live } of slots)
      for (const key of live.program.iam?.directory.all() ?? []) byId.set(key.accessKeyId, key);
  }
  return [...byId.values()];
}

/** A request of the form, as it would be sent. */
export interface TriedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Flat list, the Host field among them. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The headers with a signature of one of the directory's principals. @throws AdminProblem for an unknown one */
export function signed(target: AdminTarget, request: TriedRequest, accessKeyId: string): readonly string[] {
  const key = accessKeys(target).find((candidate) => candidate.accessKeyId === accessKeyId);
  if (key === undefined) throw badRequest("the directory of principals has no such access key");
  const { live } = gatewayOf(target);
  const [path = "/", query = ""] = request.path.split("?");
  const signable = { method: request.method, path, query, headers: request.headers, body: Buffer.from(request.body) };
  const options = { region: live.program.api.region, service: "execute-api", nowMs: live.clock.now() };
  return [...request.headers, ...signRequest(signable, key, options)];
}

/** What a token of the local issuer is to say. */
export interface TokenWish {
  readonly authorizer: string;
  readonly stage: string;
  readonly subject: string;
  /** With blanks between. */
  readonly scopes: string;
}

/**
 * A token of the local issuer where its authorizer looks for it, as `gateway token` makes it.
 *
 * @returns the header to add: its name and its value
 * @throws AdminProblem
 */
export function tokenHeader(target: AdminTarget, wish: TokenWish): readonly [string, string] {
  const found = gatewayOf(target).apis.flatMap((api) => {
    const slot = api.slots.find(({ live }) => live.name === wish.stage) ?? api.slots[0];
    const entries = programOf(api).routes.flatMap(tokenAuthorizer);
    const entry = entries.find(({ name }) => name === wish.authorizer);
    return slot && entry ? [{ live: slot.live, entry }] : [];
  });
  const [first] = found;
  if (target.mint === undefined || first === undefined)
    throw badRequest("there is no local issuer for this authorizer");
  const { entry, live } = first;
  if (entry.identity.in !== "header") throw badRequest("the authorizer takes its token from no header");
  const token = target.mint(claimsOf(entry, live, wish));
  return [entry.identity.name, entry.kind === "jwt" ? `Bearer ${token}` : token];
}

function claimsOf(entry: TokenAuthorizerEntry, stage: LiveStage, { subject, scopes }: TokenWish): object {
  const textOf = (text: TargetText) => plainText(resolveText(text, stage.variables, stage.program.environment)) ?? "";
  const now = Math.floor(stage.program.clock.now() / 1000);
  const sub = subject || "local-user";
  const base = { sub, iat: now, exp: now + 3600, ...(scopes !== "" && { scope: scopes }) };
  const [issuer = ""] = entry.issuers.map(textOf);
  if (entry.kind === "jwt") return { iss: issuer, aud: entry.audience.map(textOf)[0], ...base };
  const iss = poolIssuer(issuer);
  if (iss === undefined) throw badRequest(`"${issuer}" is no user pool on this stage`);
  const use = scopes === "" ? "id" : "access";
  const user =
    use === "id" ? { aud: "local-client", "cognito:username": sub } : { client_id: "local-client", username: sub };
  return { iss, token_use: use, auth_time: now, ...user, ...base };
}
