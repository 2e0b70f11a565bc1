/** An answer with a body. */
export interface MockReply<Status extends number, Body> {
  readonly status: Status;
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer without one. */
export interface MockEmpty<Status extends number> {
  readonly status: Status;
  readonly body?: undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer, or what makes it of the call's input. What the function throws is a failure of the network to its caller. */
export type MockAnswer<Input, Reply> = Reply | ((input: Input, request: Request) => Reply | Promise<Reply>);

export interface MockCall {
  readonly operation: keyof MockInputs;
  /** As the call was given it, read back from the request. */
  readonly input: object;
  readonly request: Request;
}

export interface MockTransport {
  /** For `createClient` and `createApi`, with more beside: `createClient({ ...mock.options, retries: 0 })`. */
  readonly options: { readonly baseUrl: string; readonly fetch: (request: Request) => Promise<Response> };
  /** The transport by itself, for a client with an address of its own. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** All calls, in the order they came; an attempt is a call. */
  readonly calls: readonly MockCall[];
  /** The inputs of the calls of one operation. */
  callsOf<Operation extends keyof MockInputs>(operation: Operation): readonly MockInputs[Operation][];
}

/**
 * A transport that answers by itself, for tests of programs that call the API: no server, no network, and everything else as it is
 * (types, retries, errors, hooks). An operation that is not named answers with an example of its first success.
 */
export declare function mockTransport(answers?: MockAnswers): MockTransport;
