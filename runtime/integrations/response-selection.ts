import { configurationError } from "./failures.js";

/**
 * The integration response for a backend's answer (aws-behaviour.md section 10): the first whose pattern matches the
 * whole text, else the one without a pattern.
 *
 * @param text  digits of the status; for a Lambda function the `errorMessage` of a failure, empty on success
 * @throws GatewayError 500 when nothing matches and there is no default
 */
export function selectResponse<R extends { readonly pattern: RegExp | undefined }>(
  responses: readonly R[],
  text: string,
): R {
  const matching = responses.find(({ pattern }) => pattern?.test(text) === true);
  const selected = matching ?? responses.find(({ pattern }) => pattern === undefined);
  if (selected) return selected;
  throw configurationError(
    `No match for output mapping and no default output mapping configured. Endpoint Response Status Code: ${text}`,
  );
}
