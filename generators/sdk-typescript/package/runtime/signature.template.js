const text = new TextEncoder();

/** Signature of a request (AWS Signature Version 4) with these headers, by Web Crypto. */
export async function signature({ secretAccessKey }, scope, time, method, url, headers, names, body) {
  const canonical = [
    method,
    // The path as it is sent, escaped once more: every service but S3 wants it so.
    url.pathname.split("/").map(escaped).join("/"),
    // By name, then by value: a space sorts before all that an escaped text can hold.
    Array.from(url.searchParams, (pair) => pair.map(escaped).join(" "))
      .sort()
      .join("&")
      .replaceAll(" ", "="),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, " ")}`),
    "",
    names,
    hex(await crypto.subtle.digest("SHA-256", body)),
  ].join("\n");
  const hashed = hex(await crypto.subtle.digest("SHA-256", text.encode(canonical)));
  let key = text.encode(`AWS4${secretAccessKey}`);
  for (const part of [...scope.split("/"), `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hashed}`])
    key = await hmac(key, part);
  return hex(key);
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
