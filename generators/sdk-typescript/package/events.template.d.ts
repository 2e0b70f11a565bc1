/** One server-sent event. */
export interface ServerEvent {
  /** `message` where the server names none. */
  readonly event: string;
  readonly data: string;
  /** The last id that the server gave, `""` before the first: send it as `Last-Event-ID` to go on from there. */
  readonly lastEventId: string;
  /** How long to wait before connecting again, where the server says it. */
  readonly retryMs: number | undefined;
}

/**
 * Server-sent events of a stream, one by one: `for await (const event of serverEvents(await watchStream(client, input)))`. Leaving the
 * loop ends the request. Throws a RangeError for an event of more than `limit` characters (default 1,048,576).
 */
export declare function serverEvents(
  stream: ReadableStream<Uint8Array>,
  options?: { readonly limit?: number | undefined },
): AsyncGenerator<ServerEvent, void, undefined>;
