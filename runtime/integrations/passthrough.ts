import type { BackendAnswer, Exchange } from "../http/exchange.js";
import { mediaTypeOf } from "./media-types.js";

export type Passthrough = "WHEN_NO_MATCH" | "WHEN_NO_TEMPLATES" | "NEVER";

/** What happens to a request body: a template's key, the body as it is, or 415. */
export type PayloadChoice =
  | { readonly kind: "template"; readonly key: string }
  | { readonly kind: "as-is" }
  | { readonly kind: "refused" };

/**
 * The table of aws-behaviour.md section 11. Only the media type is compared; a request without one counts as JSON, and
 * the key `$default` catches all.
 */
export function choosePayload(
  x: Exchange,
  templates: ReadonlyMap<string, unknown>,
  passthrough: Passthrough,
): PayloadChoice {
  const key = keyOfRequest(x, templates);
  if (key !== undefined) return { kind: "template", key };
  if (templates.has("$default")) return { kind: "template", key: "$default" };
  const passes = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && templates.size === 0);
  return passes ? { kind: "as-is" } : { kind: "refused" };
}

function keyOfRequest(x: Exchange, templates: ReadonlyMap<string, unknown>): string | undefined {
  // A WebSocket route may name its templates by what an expression yields (29.5).
  const selected = x.socket?.templateKey;
  if (selected !== undefined) return templates.has(selected) ? selected : undefined;
  const wanted = mediaTypeOf(x.header("content-type") ?? "") || "application/json";
  for (const key of templates.keys()) if (mediaTypeOf(key) === wanted) return key;
  return undefined;
}

/** Which of a response's templates an answer gets, where an expression over the answer and the message says so. */
export type SelectTemplate = (x: Exchange, backend: BackendAnswer) => string;

/**
 * Key of the response template: what the response's selection expression yields, else `$default`; without an expression by the
 * first type of Accept, else JSON, else the first. Undefined: none.
 */
export function chooseResponseTemplate(
  x: Exchange,
  {
    templates,
    selectTemplate,
  }: { readonly templates: ReadonlyMap<string, unknown>; readonly selectTemplate?: SelectTemplate | undefined },
): string | undefined {
  if (selectTemplate !== undefined && x.backend !== undefined) {
    const selected = selectTemplate(x, x.backend);
    return [selected, "$default"].find((key) => templates.has(key));
  }
  const wanted = mediaTypeOf(x.header("accept") ?? "") || "application/json";
  const keys = [...templates.keys()];
  return keys.find((key) => mediaTypeOf(key) === wanted) ?? keys.find((key) => key === "application/json") ?? keys[0];
}
