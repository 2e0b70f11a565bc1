export type Values = Readonly<Record<string, string | undefined>> | null | undefined;
type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

export interface ProxyEvent {
  readonly version?: string;
  readonly routeKey?: string;
  readonly rawPath?: string;
  readonly path?: string;
  readonly resource?: string;
  readonly httpMethod?: string;
  readonly headers?: Values;
  readonly multiValueHeaders?: MultiValues;
  readonly queryStringParameters?: Values;
  readonly multiValueQueryStringParameters?: MultiValues;
  readonly pathParameters?: Values;
  readonly stageVariables?: Values;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly stage: string;
    readonly requestId: string;
    readonly routeKey?: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
    readonly identity?: Readonly<Record<string, unknown>>;
    readonly http?: { readonly method: string; readonly sourceIp: string };
  };
}

/** Both event formats in one shape. */
export interface Incoming {
  readonly isV2: boolean;
  readonly event: ProxyEvent;
  readonly routeKey: string;
  readonly resource: string;
}

export function readEvent(event: ProxyEvent): Incoming {
  const isV2 = event.version === "2.0";
  const key = event.routeKey ?? event.requestContext.routeKey ?? "";
  const resource = isV2 ? key.replace(/^\S+ /, "") : (event.resource ?? "");
  return { isV2, event, routeKey: isV2 ? key : `${event.httpMethod} ${resource}`, resource };
}

/** All values of a header, whatever its spelling; format 2.0 has joined them with commas. */
export function headerValues({ event }: Incoming, name: string): readonly string[] | undefined {
  const wanted = name.toLowerCase();
  for (const [candidate, list] of Object.entries(event.multiValueHeaders ?? {})) {
    if (list && candidate.toLowerCase() === wanted) return list;
  }
  for (const [candidate, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined && candidate.toLowerCase() === wanted) return [value];
  }
  return undefined;
}

export function queryValues({ event }: Incoming, name: string): readonly string[] | undefined {
  const list = event.multiValueQueryStringParameters?.[name];
  if (list) return list;
  const value = event.queryStringParameters?.[name];
  return value === undefined ? undefined : [value];
}
