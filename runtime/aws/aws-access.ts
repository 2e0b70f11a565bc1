import { type AwsCredentials, type SignableRequest, SigningKeys, signRequest } from "../auth/sigv4/index.js";
import type { Clock } from "../clock.js";
import type { Environment } from "../host/load-program.js";
import { standardCredentials } from "./credential-chain.js";
import { CachedCredentials } from "./credentials.js";
import { type AwsService, serviceUrl } from "./endpoints.js";

/**
 * What calls of AWS services share for one live Program: the gateway's own credentials, where services are, and derived
 * keys. Whoever calls a service asks for its address, signs, and sends what was signed byte for byte.
 */
export class AwsAccess {
  readonly #credentials: CachedCredentials;
  readonly #keys = new SigningKeys();

  constructor(
    private readonly environment: Environment,
    private readonly clock: Clock,
    private readonly region: string,
  ) {
    this.#credentials = new CachedCredentials(() => standardCredentials({ environment, clock, region }), clock);
  }

  /** Origin and base path, without a slash at the end. */
  url(service: AwsService): string {
    return serviceUrl(service, service.region ?? this.region, this.environment);
  }

  /** @throws CredentialError */
  credentials(): AwsCredentials | Promise<AwsCredentials> {
    return this.#credentials.get();
  }

  /** @returns headers to add to the request: a flat list */
  sign(request: SignableRequest, service: AwsService, credentials: AwsCredentials): string[] {
    const region = service.region ?? this.region;
    return signRequest(request, credentials, {
      region,
      service: service.signingName,
      nowMs: this.clock.now(),
      keys: this.#keys,
    });
  }
}
