import { readFile } from "node:fs/promises";
import type { Environment } from "../host/load-program.js";
import { type AwsCredentials, CredentialError } from "./credentials.js";
import { smallRequest } from "./small-request.js";

const timeoutMs = 2_000;

/**
 * Credentials of a container (ECS, EKS Pod Identity): the endpoint that AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or
 * …_FULL_URI names. In plain HTTP only the machine itself and the agents' own addresses are asked, so that the token
 * goes nowhere else.
 *
 * @see AWS SDKs and Tools reference guide, "Container credential provider"
 */
export async function containerCredentials(environment: Environment): Promise<AwsCredentials | undefined> {
  const relative = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  const full = environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
  const url = relative ? `http://169.254.170.2${relative}` : full;
  if (!url) return undefined;
  if (!relative && !isTrusted(url))
    throw new CredentialError("AWS_CONTAINER_CREDENTIALS_FULL_URI is neither HTTPS nor local");
  const token = await tokenOf(environment);
  const { status, text } = await smallRequest({ url, headers: token ? { Authorization: token } : {}, timeoutMs });
  if (status !== 200) throw new CredentialError(`the container's credentials endpoint answered ${status}`);
  return parseCredentials(text, "the container's credentials endpoint");
}

const agents: ReadonlySet<string> = new Set([
  "169.254.170.2",
  "169.254.170.23",
  "[fd00:ec2::23]",
  "[::1]",
  "localhost",
]);

function isTrusted(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" || (protocol === "http:" && (agents.has(hostname) || /^127(?:\.\d{1,3}){3}$/.test(hostname)))
  );
}

async function tokenOf(environment: Environment): Promise<string | undefined> {
  const file = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"];
  const token = file ? (await readFile(file, "utf8")).trim() : environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"];
  if (token !== undefined && /[\r\n]/.test(token))
    throw new CredentialError("the container's token holds a line break");
  return token;
}

/**
 * Credentials of an EC2 instance's role, by version 2 of its metadata service. A machine that is none has nobody at
 * that address, and is told so by a short time-out; AWS_EC2_METADATA_DISABLED keeps from asking.
 *
 * @see EC2 user guide, "Retrieve security credentials from instance metadata"
 */
export async function instanceCredentials(environment: Environment): Promise<AwsCredentials | undefined> {
  if (environment["AWS_EC2_METADATA_DISABLED"]?.toLowerCase() === "true") return undefined;
  const base = (environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254").replace(/\/$/, "");
  const roles = `${base}/latest/meta-data/iam/security-credentials/`;
  const token = await instanceToken(base);
  if (token === undefined) return undefined;
  const headers = { "X-aws-ec2-metadata-token": token };
  const role = await smallRequest({ url: roles, headers, timeoutMs });
  if (role.status !== 200) return undefined;
  const name = encodeURIComponent(role.text.split("\n", 1)[0]?.trim() ?? "");
  const { status, text } = await smallRequest({ url: roles + name, headers, timeoutMs });
  if (status !== 200) throw new CredentialError(`the instance's metadata service answered ${status}`);
  return parseCredentials(text, "the instance's metadata service");
}

async function instanceToken(base: string): Promise<string | undefined> {
  try {
    const headers = { "X-aws-ec2-metadata-token-ttl-seconds": "21600" };
    const { status, text } = await smallRequest({
      url: `${base}/latest/api/token`,
      method: "PUT",
      headers,
      timeoutMs: 1_000,
    });
    return status === 200 ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}

/** The JSON that both endpoints give. */
function parseCredentials(text: string, where: string): AwsCredentials {
  const read = parse(text);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: token, Expiration: expiration } = read;
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") {
    throw new CredentialError(`${where} gave no credentials`);
  }
  const expiresAt = typeof expiration === "string" ? Date.parse(expiration) : Number.NaN;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: typeof token === "string" ? token : undefined,
    expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
