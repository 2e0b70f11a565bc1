import { createClient } from "./client.js";
import { jsonBody } from "./runtime/bodies.js";
import { call } from "./runtime/call.js";
import { sigv4 } from "./sigv4.js";

/** The server answered, and the status says that the call failed. */
export class ApigError extends Error {
  name = "ApigError";

  constructor(message, response) {
    super(message);
    Object.assign(this, response, { response });
  }
}

const own = (params, name) => (params && Object.hasOwn(params, name) ? params[name] : undefined);

/** What goes on the wire as it is, as a text does. */
const sentAsTheyAre = ["ArrayBuffer", "Blob", "FormData", "ReadableStream", "Uint8Array", "URLSearchParams"];

const isRaw = (body) =>
  typeof body === "string" || sentAsTheyAre.some((name) => globalThis[name] && body instanceof globalThis[name]);

/** Whether fetch writes the content type: that of a form has its boundary. */
const hasOwnType = (body) => body instanceof FormData || body instanceof URLSearchParams || Boolean(body?.type);

/** Nothing to send, as AWS's SDK has it: nothing, and what has no members. */
const isEmpty = (body) =>
  body === undefined || body === null || body === "" || (!isRaw(body) && !Object.keys(body).length);

function newClient(config = {}) {
  const { accessKey, secretKey, sessionToken, region = defaultRegion, apiKey, invokeUrl } = config;
  const isSigning = Boolean(accessKey && secretKey);
  const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken: sessionToken || undefined };
  const client = createClient({
    baseUrl: invokeUrl || undefined,
    retries: config.retries ?? 0,
    fetch: config.fetch,
    auth: { apiKey: apiKey || undefined, iam: isSigning ? sigv4({ region, credentials }) : undefined },
  });

  async function send(method, params, body, { headers = {}, queryParams = {} } = {}) {
    const { name, path, encode = jsonBody, contentType = "application/json" } = method;
    const missing = method.required?.find((one) => own(params, one) === undefined);
    if (missing !== undefined) throw new TypeError(`${name}: "${missing}" is missing`);
    const query = [...new Set([...(method.query ?? []), ...Object.keys(queryParams)])];
    const fields = method.headers ?? [];
    const input = Object.fromEntries([
      // No parameter of a path begins so.
      ...query.map((one) => [`?${one}`, own(queryParams, one) ?? own(params, one)]),
      ...fields.map((one) => [`:${one}`, own(params, one)]),
      ...Array.from(path.matchAll(/\{(.+?)\+?\}/g), ([, one]) => [one, own(params, one)]),
    ]);
    const sent = isEmpty(body) || /^(GET|HEAD)$/.test(method.method) ? undefined : body;
    const isTyped = contentType === null || (isRaw(sent) && hasOwnType(sent));
    const operation = {
      ...method,
      accept: config.defaultAcceptType ?? method.accept,
      contentType: isTyped ? undefined : (config.defaultContentType ?? contentType),
      query: Object.fromEntries(query.map((one) => [`?${one}`, encodeURIComponent(one)])),
      headers: Object.fromEntries(fields.map((one) => [`:${one}`, one])),
      encode: (value) => (isRaw(value) ? value : encode(value)),
    };
    const outcome = await call(client, operation, { ...input, body: sent }, { headers }).safe();
    if (outcome.status === undefined) throw outcome;
    const response = {
      status: outcome.status,
      data: outcome.body,
      headers: Object.fromEntries(outcome.headers),
    };
    if (outcome.ok) return response;
    throw new ApigError(outcome.message, response);
  }

  const bound = Object.entries(methods).map(([name, method]) => [
    name,
    (params, body, more) => send({ name, ...method }, params, body, more),
  ]);
  return {
    ...Object.fromEntries(bound),
    invokeApi: (params, path, method, more, body) =>
      send(
        {
          name: "invokeApi",
          method: method.toUpperCase(),
          path: path.startsWith("/") ? path : `/${path}`,
          auth: [["apiKey", "header", "x-api-key"]],
          iam: isSigning,
        },
        params,
        body,
        more,
      ),
  };
}

export const apigClientFactory = { newClient };
