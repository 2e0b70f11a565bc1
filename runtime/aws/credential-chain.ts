import { type AwsCredentials, CredentialError, type CredentialSource } from "./credentials.js";
import { type ChainOptions, environmentCredentials, profileCredentials } from "./profile-credentials.js";
import { containerCredentials, instanceCredentials } from "./remote-credentials.js";
import { webIdentityCredentials } from "./sts.js";

/**
 * AWS's standard chain: environment, web identity, shared files, container, instance. The first place that has
 * credentials gives them; a place that has some and cannot give them ends the search, so that a mistake is told and not
 * papered over by another identity.
 *
 * @throws CredentialError when no place has any
 * @see AWS SDKs and Tools reference guide, "Standardized credential providers"
 */
export async function standardCredentials(options: ChainOptions): Promise<AwsCredentials> {
  for (const source of sources(options)) {
    const found = await source();
    if (found !== undefined) return found;
  }
  throw new CredentialError(
    "no AWS credentials: neither in the environment (AWS_ACCESS_KEY_ID …), by web identity, in the shared files, nor of a container or instance",
  );
}

function sources(options: ChainOptions): readonly CredentialSource[] {
  const { environment, region } = options;
  return [
    async () => environmentCredentials(environment),
    async () => {
      const tokenFile = environment["AWS_WEB_IDENTITY_TOKEN_FILE"];
      const roleArn = environment["AWS_ROLE_ARN"];
      if (!tokenFile || !roleArn) return undefined;
      const sessionName = environment["AWS_ROLE_SESSION_NAME"];
      return webIdentityCredentials({ roleArn, sessionName, region }, tokenFile, environment);
    },
    () => profileCredentials(options),
    () => containerCredentials(environment),
    () => instanceCredentials(environment),
  ];
}
