import type { Call, CallOptions, Client } from "./client.js";

/**
 * What a call gives, and the answer as `fetch` gave it, its body still to be read: `const { body, response } = await
 * withResponse(getOrder, client, { id })`. It throws what the call throws. Of several attempts it is the last one's answer.
 */
export declare function withResponse<Input, Output>(
  operation: (client: Client, input: Input, options?: CallOptions) => Call<Output, unknown>,
  client: Client,
  input: Input,
  options?: CallOptions,
): Promise<{ readonly body: Output; readonly response: Response }>;
