import type { ParameterSource } from "../mapping/parameters.js";
import type { TargetText } from "../program.js";

/** An HTTP endpoint and what is sent to it (aws-behaviour.md sections 5, 6.2, 6.3 and 12). */
export interface HttpTarget {
  readonly proxy: boolean;
  /** `ANY`: the client's method. */
  readonly method: string;
  readonly uri: TargetText;
  readonly headers: readonly MappedParameter[];
  readonly query: readonly MappedParameter[];
  readonly path: readonly MappedParameter[];
  readonly insecureSkipVerification: boolean;
  readonly responses: readonly HttpTargetResponse[];
}

export interface MappedParameter {
  readonly name: string;
  readonly source: ParameterSource;
}

/** An integration response; `pattern` matches the whole of the backend's status, undefined is the default. */
export interface HttpTargetResponse {
  readonly status: number;
  readonly pattern: RegExp | undefined;
  readonly headers: readonly MappedParameter[];
  /** Constant body by media type; empty: the backend's body passes. */
  readonly templates: ReadonlyMap<string, string>;
}
