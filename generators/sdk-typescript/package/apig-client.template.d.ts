/** As the SDK that AWS generates takes it, and what may be wanted besides. */
export interface ApigConfig {
  /** With `secretKey` beside it, signs calls of routes with IAM authorization, and those by `invokeApi`. */
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly sessionToken?: string | undefined;
  /** Of the signature; default: that of the API. */
  readonly region?: string | undefined;
  /** Sent as `x-api-key` with the routes that ask for a key, and by `invokeApi`. */
  readonly apiKey?: string | undefined;
  /** In place of what the route declares. */
  readonly defaultContentType?: string | undefined;
  /** In place of what the route declares. */
  readonly defaultAcceptType?: string | undefined;
  /** Address of the API with its stage; the first stage by default. */
  readonly invokeUrl?: string | undefined;
  /** Attempts after the first, where the method may be repeated; default 0. */
  readonly retries?: number | undefined;
  /** In place of the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
}

/** What the API does not declare. */
export interface ApigMore {
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly queryParams?: Readonly<Record<string, unknown>> | undefined;
}

export interface ApigResult<Data = unknown> {
  readonly status: number;
  readonly data: Data;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a call is rejected with when the server answered with an error; without an answer it is a `TransportError`. */
export declare class ApigError extends Error implements ApigResult {
  readonly name: "ApigError";
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** The same, where newer versions of AWS's SDK have it. */
  readonly response: ApigResult;
}

/** No parameters, or no body. */
export type ApigNothing = Readonly<Record<string, never>> | "" | null | undefined;

export declare const apigClientFactory: { newClient(config?: ApigConfig): ApigClient };
