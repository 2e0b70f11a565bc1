import type { Response, Route } from "../../src/model/routes.js";

/** Responses whose bodies are checked: JSON of a declared type, where the file asks for it. */
export function checkedResponses(
  route: Route,
): readonly (Response & { readonly body: NonNullable<Response["body"]> })[] {
  if (route.responseValidation === undefined) return [];
  return route.responses.flatMap((response) => {
    const { body } = response;
    return body !== undefined && isJsonMediaType(body.mediaType) ? [{ ...response, body }] : [];
  });
}

export function isJsonMediaType(mediaType: string): boolean {
  return /^application\/(?:.*\+)?json$/.test(mediaType);
}
