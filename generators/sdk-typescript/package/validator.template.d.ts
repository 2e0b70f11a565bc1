import type { Validator } from "./client.js";

/** What was sent or came is not what the API declares. */
export declare class ValidationError extends TypeError {
  readonly name: "ValidationError";
  readonly operation: string;
  /** All that is wrong, each with its place in the input or body. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Checks requests before anything is sent, and the bodies of successes: `createClient({ validator })`. */
export declare const validator: Validator;
