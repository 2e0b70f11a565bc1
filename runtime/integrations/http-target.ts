import type { Exchange } from "../http/exchange.js";
import type { ParameterSource } from "../mapping/parameters.js";
import type { TargetText } from "../program.js";
import type { ContentHandling } from "./binary.js";
import type { Passthrough, SelectTemplate } from "./passthrough.js";

/** An HTTP endpoint and what is sent to it (aws-behaviour.md sections 5, 6.2, 6.3, 12 and 28.2). */
export interface HttpTarget {
  readonly proxy: boolean;
  /** `ANY`: the client's method. */
  readonly method: string;
  readonly uri: TargetText;
  readonly headers: readonly MappedParameter[];
  readonly query: readonly MappedParameter[];
  /** Sources of `{name}` in the URI; a path parameter of the same name needs none. */
  readonly path: readonly MappedParameter[];
  readonly insecureSkipVerification: boolean;
  /** HTTP: of which one is selected. HTTP APIs: changes to the answer by its status. */
  readonly responses: readonly HttpTargetResponse[];
  /** HTTP APIs, `overwrite:path`: replaces the path of the URI. */
  readonly overwritePath?: ParameterSource | undefined;
  /** HTTP APIs, a private integration: the stage stands before the path. */
  readonly isPrivate?: boolean | undefined;
  /** HTTP: body templates by media type, `$default` for any; absent: the body passes. */
  readonly templates?: ReadonlyMap<string, BodyTemplate> | undefined;
  /** HTTP; default WHEN_NO_MATCH. */
  readonly passthrough?: Passthrough | undefined;
  readonly contentHandling?: ContentHandling | undefined;
}

export interface MappedParameter {
  readonly name: string;
  readonly source: ParameterSource;
  /** HTTP APIs; default: headers are overwritten, query parameters are added. */
  readonly operation?: "append" | "overwrite" | "remove" | undefined;
}

/** A body known at build time, or a template that renders one from the payload: the client's, or the backend's. */
export type BodyTemplate = string | ((exchange: Exchange, payload: string) => string);

/** An integration response; `pattern` matches the whole of the backend's status, undefined is the default. */
export interface HttpTargetResponse {
  /** 0 on HTTP APIs: the backend's. */
  readonly status: number;
  readonly pattern: RegExp | undefined;
  /** Text of a status that is sent instead, where it is one; absent: no rule gives it. */
  readonly statusRule?: BodyTemplate | undefined;
  readonly headers: readonly MappedParameter[];
  /** Body by media type; empty: the backend's body passes. */
  readonly templates: ReadonlyMap<string, BodyTemplate>;
  readonly contentHandling?: ContentHandling | undefined;
  /** WebSocket routes: templates are named by what it yields; undefined: by media types. */
  readonly selectTemplate?: SelectTemplate | undefined;
}
