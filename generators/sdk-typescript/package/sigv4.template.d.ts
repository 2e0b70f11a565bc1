export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SigningOptions {
  /** The keys, or where to get them: asked for each attempt, so that they may expire. */
  readonly credentials: AwsCredentials | (() => AwsCredentials | Promise<AwsCredentials>);
  readonly region: string;
  /** Default `execute-api`. */
  readonly service?: string | undefined;
  /** Milliseconds since 1970, for machines whose clock is wrong. */
  readonly now?: (() => number) | undefined;
}

/** Signs requests for routes with IAM authorization (AWS Signature Version 4): `auth: { iam: sigv4({ … }) }`. */
export declare function sigv4(options: SigningOptions): (request: Request) => Promise<Request>;

export interface UrlSigningOptions extends SigningOptions {
  /** How long the address is good for; default 300 seconds. A WebSocket is opened within them and may last longer. */
  readonly expiresSeconds?: number | undefined;
}

/**
 * Signs addresses for routes and WebSockets with IAM authorization (AWS Signature Version 4 in the query): of GET requests that
 * others make, and of connections: `connect({ auth: { iam: sigv4Url({ … }) } })`.
 */
export declare function sigv4Url(options: UrlSigningOptions): (address: URL | string) => Promise<URL>;
