export interface CognitoOptions {
  readonly region: string;
  /** App client without a secret. */
  readonly clientId: string;
  /** For the flow USER_PASSWORD_AUTH, which the app client must allow. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** In place of a password, or to begin with. */
  readonly refreshToken?: string | undefined;
  /** Which token is sent: `id` (default), or `access` for routes that ask for scopes. */
  readonly token?: "id" | "access" | undefined;
  /** Default `https://cognito-idp.<region>.amazonaws.com/`. */
  readonly endpoint?: string | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** Makes a source of tokens that signs in, keeps the token, and renews it a minute before its end. */
export declare function cognito(options: CognitoOptions): () => Promise<string>;
