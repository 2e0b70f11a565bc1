const text = new TextEncoder();

/** Makes a signer of requests: AWS Signature Version 4 in headers, by Web Crypto. */
export function sigv4({ credentials, region, service = "execute-api", now = Date.now }) {
  return async (request) => {
    const keys = typeof credentials === "function" ? await credentials() : credentials;
    const { headers, method } = request;
    const url = new URL(request.url);
    const time = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, "");
    const date = time.slice(0, 8);
    headers.set("x-amz-date", time);
    if (keys.sessionToken) headers.set("x-amz-security-token", keys.sessionToken);
    const signed = [["host", url.host], ...headers]
      .filter(([name]) => /^(host|content-type|x-amz-.+)$/.test(name))
      .sort();
    const names = signed.map(([name]) => name).join(";");
    const canonical = [
      method,
      // The path as it is sent, escaped once more: every service but S3 wants it so.
      url.pathname.split("/").map(escaped).join("/"),
      // By name, then by value: a space sorts before all that an escaped text can hold.
      Array.from(url.searchParams, (pair) => pair.map(escaped).join(" "))
        .sort()
        .join("&")
        .replaceAll(" ", "="),
      ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
      "",
      names,
      hex(await crypto.subtle.digest("SHA-256", await request.clone().arrayBuffer())),
    ].join("\n");
    const scope = `${date}/${region}/${service}/aws4_request`;
    const hashed = hex(await crypto.subtle.digest("SHA-256", text.encode(canonical)));
    let key = text.encode(`AWS4${keys.secretAccessKey}`);
    for (const part of [...scope.split("/"), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hashed}`])
      key = await hmac(key, part);
    const credential = `Credential=${keys.accessKeyId}/${scope}`;
    headers.set("authorization", `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${hex(key)}`);
    return request;
  };
}

async function hmac(key, message) {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return crypto.subtle.sign("HMAC", imported, text.encode(message));
}

/** encodeURIComponent leaves five characters that RFC 3986 does not. */
function escaped(part) {
  return encodeURIComponent(part).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hex(bytes) {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
