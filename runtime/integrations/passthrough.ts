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
  templates: ReadonlyMap<string, unknown>,
  contentType: string | undefined,
  passthrough: Passthrough,
): PayloadChoice {
  const wanted = contentType === undefined ? "application/json" : mediaTypeOf(contentType);
  for (const key of templates.keys()) if (mediaTypeOf(key) === wanted) return { kind: "template", key };
  if (templates.has("$default")) return { kind: "template", key: "$default" };
  const passes = passthrough === "WHEN_NO_MATCH" || (passthrough === "WHEN_NO_TEMPLATES" && templates.size === 0);
  return passes ? { kind: "as-is" } : { kind: "refused" };
}

/** Key of the response template: by the first type of Accept, else JSON, else the first; undefined without any. */
export function chooseResponseTemplate(
  templates: ReadonlyMap<string, unknown>,
  accept: string | undefined,
): string | undefined {
  const wanted = accept === undefined ? "application/json" : mediaTypeOf(accept);
  const keys = [...templates.keys()];
  return keys.find((key) => mediaTypeOf(key) === wanted) ?? keys.find((key) => key === "application/json") ?? keys[0];
}
