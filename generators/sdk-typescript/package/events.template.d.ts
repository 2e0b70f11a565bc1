import type { Call, CallOptions, Success } from "./client.js";
import type { ApiError, TransportError } from "./errors.js";

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

/**
 * Server-sent events without end, as a browser's EventSource has them: where the stream ends or breaks off it is opened again, after the
 * pause that the server asks for (`retryMs`, 3,000 at first) and with the last event's id in `Last-Event-ID`. It ends when the server
 * answers 204 or `signal` is aborted, and throws an `ApiError` that says that there is nothing to wait for (4xx).
 * `followEvents((options) => watchStream(client, input, options), { signal })`.
 */
export declare function followEvents(
  open: (
    options: CallOptions,
  ) => Call<ReadableStream<Uint8Array>, Success<number, ReadableStream<Uint8Array>> | ApiError | TransportError>,
  options?: {
    readonly limit?: number | undefined;
    readonly retryMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): AsyncGenerator<ServerEvent, void, undefined>;
