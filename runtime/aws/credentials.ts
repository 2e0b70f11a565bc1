import type { Clock } from "../clock.js";

/** A key to sign with. Held in memory only: never logged, never in an answer. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** Wall clock, ms; undefined: until further notice. */
  readonly expiresAt?: number | undefined;
}

/** One place to look for credentials. Undefined: there is nothing there; it throws when what is there cannot be used. */
export type CredentialSource = () => Promise<AwsCredentials | undefined>;

/** Nothing to sign with, or a source that failed. The message names places, and no secret. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
}

/** Renewed so long before they end, while the old ones still serve. */
const renewBeforeMs = 5 * 60_000;
/** So shortly before their end they are not used any more. */
const unusableBeforeMs = 30_000;
/** After a failure nobody asks the source again for so long. */
const retryAfterMs = 1_000;

/**
 * Credentials of one source, asked once and kept until shortly before they end. Concurrent requests share one look-up;
 * while temporary ones can still be used, they are renewed behind the requests' backs.
 */
export class CachedCredentials {
  #known: AwsCredentials | undefined = undefined;
  #pending: Promise<AwsCredentials> | undefined = undefined;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown = undefined;

  constructor(
    private readonly source: () => Promise<AwsCredentials>,
    private readonly clock: Clock,
  ) {}

  /** The credentials themselves when there is nothing to wait for. @throws CredentialError */
  get(): AwsCredentials | Promise<AwsCredentials> {
    const known = this.#known;
    if (known === undefined) return this.#load();
    const left = known.expiresAt === undefined ? Number.POSITIVE_INFINITY : known.expiresAt - this.clock.now();
    if (left > renewBeforeMs) return known;
    if (left <= unusableBeforeMs) return this.#load();
    void this.#load().catch(() => undefined);
    return known;
  }

  #load(): Promise<AwsCredentials> {
    if (this.#pending !== undefined) return this.#pending;
    if (this.clock.monotonic() - this.#failedAt < retryAfterMs) return Promise.reject(this.#failure);
    const pending = this.source()
      .then(
        (found) => {
          this.#known = found;
          return found;
        },
        (failure: unknown) => {
          this.#failedAt = this.clock.monotonic();
          this.#failure = failure;
          throw failure;
        },
      )
      .finally(() => {
        this.#pending = undefined;
      });
    this.#pending = pending;
    return pending;
  }
}
