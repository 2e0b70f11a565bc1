type EventValues = Readonly<Record<string, string | undefined>>;
type EventLists = Readonly<Record<string, readonly string[] | undefined>>;

/** The event in format 1.0: of a REST API, or of an HTTP API that asks for it. */
export interface RestEvent {
  readonly version?: "1.0";
  readonly resource: string;
  readonly path: string;
  readonly httpMethod: string;
  readonly headers: EventValues | null;
  readonly multiValueHeaders: EventLists | null;
  readonly queryStringParameters: EventValues | null;
  readonly multiValueQueryStringParameters: EventLists | null;
  readonly pathParameters: EventValues | null;
  readonly stageVariables: EventValues | null;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
    readonly deploymentId?: string;
    readonly domainName?: string;
    readonly domainPrefix?: string;
    readonly extendedRequestId: string;
    readonly httpMethod: string;
    readonly identity: Readonly<Record<string, unknown>> & {
      readonly sourceIp: string;
      readonly userAgent: string | null;
    };
    readonly operationName?: string;
    readonly path: string;
    readonly protocol: string;
    readonly requestId: string;
    readonly requestTime: string;
    readonly requestTimeEpoch: number;
    readonly resourceId: string;
    readonly resourcePath: string;
    readonly stage: string;
  };
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

/** The event of an HTTP API in format 2.0. What a request does not have is left out. */
export interface HttpEvent {
  readonly version: "2.0";
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: readonly string[];
  readonly headers: EventValues;
  readonly queryStringParameters?: EventValues;
  readonly pathParameters?: EventValues;
  readonly stageVariables?: EventValues;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authentication?: Readonly<Record<string, unknown>> | null;
    readonly authorizer?: Readonly<Record<string, unknown>>;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    readonly time: string;
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}
