import type { Clock } from "../clock.js";
import type { Environment } from "../host/load-program.js";
import { type AwsCredentials, CredentialError } from "./credentials.js";
import { containerCredentials, instanceCredentials } from "./remote-credentials.js";
import { type Profile, readProfiles } from "./shared-files.js";
import { roleCredentials, webIdentityCredentials } from "./sts.js";

export interface ChainOptions {
  readonly environment: Environment;
  readonly clock: Clock;
  /** Region of STS where a profile names none. */
  readonly region: string;
}

/** How many profiles may build on each other. */
const maxChain = 5;

/**
 * Credentials of the profile AWS_PROFILE, else `default`: keys of its own, a role by the keys of another profile or of
 * the surroundings, or a role by a web identity. Single sign-on and `credential_process` are not followed.
 */
export async function profileCredentials(options: ChainOptions): Promise<AwsCredentials | undefined> {
  const { environment } = options;
  const wanted = environment["AWS_PROFILE"];
  const profiles = await readProfiles(environment);
  const profile = profiles.get(wanted ?? "default");
  if (profile === undefined) {
    if (wanted === undefined) return undefined;
    throw new CredentialError(`the shared files have no profile "${wanted}"`);
  }
  return ofProfile(wanted ?? "default", profiles, options, []);
}

async function ofProfile(
  name: string,
  profiles: ReadonlyMap<string, Profile>,
  options: ChainOptions,
  above: readonly string[],
): Promise<AwsCredentials | undefined> {
  const profile = profiles.get(name);
  if (profile === undefined) throw new CredentialError(`the shared files have no profile "${name}"`);
  const roleArn = profile.get("role_arn");
  const source = profile.get("source_profile");
  const isRepeated = above.includes(name) || above.length >= maxChain;
  // A profile may take its own keys as the source of its role.
  if (roleArn === undefined || (isRepeated && source === name)) return ownKeys(name, profile);
  if (isRepeated) throw new CredentialError(`profile "${name}" builds on itself`);
  const region = profile.get("region") ?? options.region;
  const role = { roleArn, sessionName: profile.get("role_session_name"), region };
  const tokenFile = profile.get("web_identity_token_file");
  if (tokenFile !== undefined) return webIdentityCredentials(role, tokenFile, options.environment);
  const keys =
    source === undefined
      ? await surroundings(profile, options)
      : await ofProfile(source, profiles, options, [...above, name]);
  if (keys === undefined) throw new CredentialError(`profile "${name}" has a role and nothing to take it on with`);
  return roleCredentials(role, profile.get("external_id"), keys, options);
}

function ownKeys(name: string, profile: Profile): AwsCredentials | undefined {
  const accessKeyId = profile.get("aws_access_key_id");
  const secretAccessKey = profile.get("aws_secret_access_key");
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken: profile.get("aws_session_token") };
  }
  const other = ["sso_session", "sso_start_url", "credential_process"].find((key) => profile.has(key));
  if (other !== undefined)
    throw new CredentialError(`profile "${name}" has ${other}, which is not supported: export its keys`);
  return undefined;
}

async function surroundings(profile: Profile, { environment }: ChainOptions): Promise<AwsCredentials | undefined> {
  switch (profile.get("credential_source")) {
    case "Environment":
      return environmentCredentials(environment);
    case "EcsContainer":
      return containerCredentials(environment);
    case "Ec2InstanceMetadata":
      return instanceCredentials(environment);
    default:
      return undefined;
  }
}

/** AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN. */
export function environmentCredentials(environment: Environment): AwsCredentials | undefined {
  const accessKeyId = environment["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = environment["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: environment["AWS_SESSION_TOKEN"] || undefined };
}
