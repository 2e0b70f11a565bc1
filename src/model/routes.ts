import type { Authorization } from "./authorizers.js";
import type { Cors, Throttle } from "./gateway-model.js";
import type { Integration } from "./integrations.js";
import type { Pagination } from "./sdk.js";
import type { JsonValue, Type } from "./types.js";
import type { SelectedBodies } from "./websocket.js";

export const httpMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] as const;
export type HttpMethod = (typeof httpMethods)[number];

export interface Route {
  /** As written: `GET /orders/{id}`; `$default` on HTTP APIs. */
  readonly key: string;
  readonly method: HttpMethod | "ANY";
  readonly path: RoutePath;
  /** Unique in the gateway, a valid identifier: `operation:` of the file or made of method and path. */
  readonly operation: string;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
  /** Path parameters in the path's order, then query, then headers as declared. */
  readonly parameters: readonly Parameter[];
  readonly body: RequestBody | undefined;
  readonly responses: readonly Response[];
  /** What is documented of answers of other statuses. */
  readonly otherwise?: Pick<Response, "description" | "body"> | undefined;
  readonly authorization: Authorization;
  readonly apiKeyRequired: boolean;
  readonly validation: Validation;
  /** What becomes of an answer that is not of its declared type, here only; absent: nothing looks. */
  readonly responseValidation?: "warn" | "fail" | undefined;
  readonly integration: Integration;
  readonly cors: Cors | undefined;
  readonly throttle: Throttle | undefined;
  /** Absent: as the stage says. */
  readonly log?: "off" | "error" | "info" | "debug" | undefined;
  readonly cache: RouteCache | undefined;
  readonly pagination: Pagination | undefined;
  readonly awsOptions: Readonly<Record<string, JsonValue>>;
}

/** `/orders/{id}` and its segments; the root has none. `$default` has the text `$default` and no segments. */
export interface RoutePath {
  readonly text: string;
  readonly segments: readonly PathSegment[];
}

/** `static` text is exactly as in the file; a greedy segment is the last. */
export type PathSegment =
  | { readonly kind: "static"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "greedy"; readonly name: string };

export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly type: Type;
  readonly required: boolean;
  readonly description: string | undefined;
}

export interface RequestBody {
  readonly type: Type;
  /** Default `application/json`. */
  readonly mediaTypes: readonly string[];
  readonly required: boolean;
  /** Of a WebSocket message whose content chooses what it is validated by. */
  readonly selected?: SelectedBodies;
}

/** A documented response of the route; how it is produced is the integration's (`IntegrationResponse`). */
export interface Response {
  readonly status: number;
  readonly description: string | undefined;
  readonly body: ResponseBody | undefined;
  readonly headers: readonly ResponseHeader[];
}

export interface ResponseBody {
  readonly type: Type;
  readonly mediaType: string;
  /** Further media types that it may have, with its types then; undefined: none. */
  readonly alternatives?: readonly { readonly mediaType: string; readonly type: Type }[];
}

export interface ResponseHeader {
  readonly name: string;
  readonly type: Type;
  readonly description?: string | undefined;
}

/** What is checked before the integration. AWS checks presence and body; `strict` adds parameter types, here only. */
export interface Validation {
  readonly parameters: boolean;
  readonly body: boolean;
  readonly strict: boolean;
}

export interface RouteCache {
  /** Undefined: the stage's. */
  readonly ttlSeconds: number | undefined;
  /** Of path parameters all, then those that the file names, or all declared ones. */
  readonly keys: readonly { readonly in: "path" | "query" | "header"; readonly name: string }[];
  /** Stands for the path in the key; undefined: the path itself. */
  readonly namespace?: string | undefined;
  readonly shared: boolean;
}
