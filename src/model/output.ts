import type { Contract } from "./contract.js";
import type { GatewayModel } from "./gateway-model.js";

/** One file that a generator yields. `path` is relative to its folder, with `/`. */
export interface OutputFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /**
   * `generated` is rewritten by each build. `seed` is the user's: written once when absent, beside gateway.yaml (its
   * path is relative to that folder).
   */
  readonly kind: "generated" | "seed";
}

/** What a generator may know besides the model. */
export interface GenerateOptions {
  /** Folder of gateway.yaml, absolute: where handlers are looked for. Never appears in an output. */
  readonly projectDir: string;
  /** Output folder, absolute. */
  readonly outDir: string;
  /** Files of the folder that `sdk: templates` names, by path with `/`; none when it names none. */
  readonly templates?: ReadonlyMap<string, string>;
  /** Contracts that `sdk: history` names, oldest first. */
  readonly history?: readonly Contract[];
}

/** Something that an output is made of is not right, as the user can mend it: told in one line. */
export class OutputError extends Error {}

export interface Generator {
  /** Also the folder its files go to, below the output directory. */
  readonly name: string;
  generate(model: GatewayModel, options: GenerateOptions): Promise<readonly OutputFile[]>;
}
