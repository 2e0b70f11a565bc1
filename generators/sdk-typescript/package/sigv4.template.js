import { signature } from "./runtime/signature.js";

/** Makes a signer of requests: AWS Signature Version 4 in headers, by Web Crypto. */
export function sigv4({ credentials, region, service = "execute-api", now = Date.now }) {
  return async (request) => {
    const keys = typeof credentials === "function" ? await credentials() : credentials;
    const { headers, method } = request;
    const url = new URL(request.url);
    const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, "");
    headers.set("x-amz-date", time);
    if (keys.sessionToken) headers.set("x-amz-security-token", keys.sessionToken);
    const signed = [["host", url.host], ...headers]
      .filter(([name]) => /^(host|content-type|x-amz-.+)$/.test(name))
      .sort();
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const names = signed.map(([name]) => name).join(";");
    const body = await request.clone().arrayBuffer();
    const value = await signature(keys, scope, time, method, url, signed, names, body);
    const credential = `Credential=${keys.accessKeyId}/${scope}`;
    headers.set("authorization", `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${value}`);
    return request;
  };
}

/** Makes a signer of addresses: the signature stands in the query, for GET and for WebSockets. */
export function sigv4Url({ credentials, region, service = "execute-api", now = Date.now, expiresSeconds = 300 }) {
  return async (address) => {
    const keys = typeof credentials === "function" ? await credentials() : credentials;
    const url = new URL(address);
    const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
    const query = {
      Algorithm: "AWS4-HMAC-SHA256",
      Credential: `${keys.accessKeyId}/${scope}`,
      Date: time,
      Expires: expiresSeconds,
      SignedHeaders: "host",
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(`X-Amz-${name}`, value);
    if (keys.sessionToken) url.searchParams.set("X-Amz-Security-Token", keys.sessionToken);
    const value = await signature(keys, scope, time, "GET", url, [["host", url.host]], "host", new Uint8Array());
    url.searchParams.set("X-Amz-Signature", value);
    return url;
  };
}
