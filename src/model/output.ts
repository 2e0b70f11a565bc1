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
}

export interface Generator {
  /** Also the folder its files go to, below the output directory. */
  readonly name: string;
  generate(model: GatewayModel, options: GenerateOptions): Promise<readonly OutputFile[]>;
}
