import { call } from "./call.js";
import { decodeResponse } from "./response.js";

/** Calls an operation whose success is not decoded: its body is a stream that goes on after the call. */
export function stream(client, operation, input, options) {
  return call(client, { ...operation, decode }, input, options);
}

async function decode(operation, response, info, fail) {
  const { body, ok, status } = response;
  if (!ok) return decodeResponse(operation, response, info, fail);
  const outcome = await decodeResponse(operation, new Response(null, response), info, fail);
  return { ...outcome, status, body: body ?? new Blob([]).stream() };
}
