import { URLSearchParams } from "./node.template.js";

export type Values = Readonly<Record<string, string | undefined>> | null | undefined;
type MultiValues = Readonly<Record<string, readonly string[] | undefined>> | null | undefined;

/** The event in either format, or what the gateway hands over in its place. */
export interface ProxyEvent {
  readonly version?: string;
  readonly routeKey?: string;
  readonly rawPath?: string;
  readonly rawQueryString?: string;
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
    readonly domainName?: string;
    readonly stage: string;
    readonly requestId: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
    readonly identity?: Readonly<Record<string, unknown>>;
    readonly http?: { readonly method: string; readonly sourceIp: string };
  };
  readonly whole?: object;
  readonly bytes?: Uint8Array | undefined;
  readonly json?: { readonly value: unknown } | undefined;
}

export function isV2({ version }: ProxyEvent): boolean {
  return version === "2.0";
}

/** All values of a header, whatever its spelling; format 2.0 has joined them with commas. */
export function headerValues({ headers, multiValueHeaders }: ProxyEvent, name: string): readonly string[] | undefined {
  const wanted = name.toLowerCase();
  for (const all of [multiValueHeaders, headers]) {
    for (const candidate in all ?? {}) {
      const values = all?.[candidate];
      if (values !== undefined && candidate.toLowerCase() === wanted)
        return typeof values === "string" ? [values] : values;
    }
  }
  return undefined;
}

/** Values of a query parameter. Format 2.0 joins them, and has the query as it was sent beside that. */
export function queryValues(event: ProxyEvent, name: string, isList?: boolean): readonly string[] | undefined {
  const list = event.multiValueQueryStringParameters?.[name];
  if (list) return list;
  const value = event.queryStringParameters?.[name];
  if (value === undefined) return undefined;
  if (!isList) return [value];
  const sent = new URLSearchParams(event.rawQueryString).getAll(name);
  return sent.join() === value ? sent : value.split(",");
}
