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
