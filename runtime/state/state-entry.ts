import type { Clock } from "../clock.js";
import type { Logger } from "../observe/logger.js";
import type { EnvText } from "../program.js";
import type { OnFailure } from "./leased/leased-bucket.js";
import type { State } from "./state.js";

/** `state:` of the file: where nodes share what they count. */
export interface StateEntry {
  readonly url: EnvText;
  readonly onFailure: OnFailure;
  /** Whether answers of caches are kept there too. */
  readonly sharesAnswers?: boolean | undefined;
  /** Seals answers of stages that ask for encryption; undefined: those are not shared. */
  readonly cacheKey?: EnvText | undefined;
  /** Linked only where the file asks for it. */
  readonly open: (options: OpenOptions) => State;
}

export interface OpenOptions {
  readonly url: string;
  /** Gateways of the same name share what they keep. */
  readonly name: string;
  readonly onFailure: OnFailure;
  readonly sharesAnswers?: boolean | undefined;
  readonly cacheKey?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}
