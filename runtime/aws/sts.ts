import { readFile } from "node:fs/promises";
import { signRequest } from "../auth/sigv4/index.js";
import type { Clock } from "../clock.js";
import type { Environment } from "../host/load-program.js";
import { type AwsCredentials, CredentialError } from "./credentials.js";
import { serviceUrl } from "./endpoints.js";
import { smallRequest } from "./small-request.js";

const timeoutMs = 5_000;
const sts = { host: "sts", signingName: "sts", endpointVariables: ["AWS_ENDPOINT_URL_STS"] } as const;

/** A role to take on. */
export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string | undefined;
  readonly region: string;
}

/**
 * A role by the token of an identity provider that stands in a file, as in Kubernetes (IRSA). The file is read each time:
 * whoever wrote it renews it.
 *
 * @see STS API reference, AssumeRoleWithWebIdentity
 */
export async function webIdentityCredentials(
  { roleArn, sessionName, region }: RoleRequest,
  tokenFile: string,
  environment: Environment,
): Promise<AwsCredentials> {
  const token = (await readFile(tokenFile, "utf8")).trim();
  const body = form({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: sessionName ?? "gateway",
    WebIdentityToken: token,
  });
  const { status, text } = await smallRequest({
    url: `${serviceUrl(sts, region, environment)}/`,
    method: "POST",
    headers: { "Content-Type": formType },
    body,
    timeoutMs,
  });
  return readAnswer(status, text, roleArn);
}

/** A role by the credentials of another profile (STS API reference, AssumeRole). */
export async function roleCredentials(
  { roleArn, sessionName, region }: RoleRequest,
  externalId: string | undefined,
  source: AwsCredentials,
  { environment, clock }: { readonly environment: Environment; readonly clock: Clock },
): Promise<AwsCredentials> {
  const body = form({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: sessionName ?? "gateway",
    ...(externalId && { ExternalId: externalId }),
  });
  const url = `${serviceUrl(sts, region, environment)}/`;
  const { host, pathname } = new URL(url);
  const request = {
    method: "POST",
    path: pathname,
    query: "",
    headers: ["Host", host, "Content-Type", formType],
    body,
  };
  const added = signRequest(request, source, { service: "sts", region, nowMs: clock.now() });
  const headers = Object.fromEntries(pairsOf(["Content-Type", formType, ...added]));
  const { status, text } = await smallRequest({ url, method: "POST", headers, body, timeoutMs });
  return readAnswer(status, text, roleArn);
}

function pairsOf(list: readonly string[]): readonly (readonly [string, string])[] {
  return list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] as string] as const] : []));
}

const formType = "application/x-www-form-urlencoded; charset=utf-8";

function form(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
}

function readAnswer(status: number, text: string, roleArn: string): AwsCredentials {
  const accessKeyId = element(text, "AccessKeyId");
  const secretAccessKey = element(text, "SecretAccessKey");
  if (status !== 200 || accessKeyId === undefined || secretAccessKey === undefined) {
    throw new CredentialError(`STS did not give ${roleArn}: ${status} ${element(text, "Code") ?? ""}`.trim());
  }
  const expiresAt = Date.parse(element(text, "Expiration") ?? "");
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: element(text, "SessionToken"),
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
  };
}

/** Text of an XML element that holds no others: keys, tokens and dates need no escapes. */
function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(xml)?.[1];
}
