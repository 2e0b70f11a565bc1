import { afterEach, expect, test } from "vitest";
import { createGateway, type Gateway } from "../../runtime/host/gateway.js";
import { edgeEndpoint } from "../../runtime/http/edge-endpoint.js";
import { testProgram, testRoute } from "../support/program.js";

let gateway: Gateway | undefined;
afterEach(() => gateway?.close());

/** Headers that the CDN decides, as a route sees them. */
async function seen(headers: readonly string[], trustedProxies: readonly string[] = []) {
  const run = testRoute("GET /x", (x) => x.answer(200, [], JSON.stringify(x.headers)));
  gateway = createGateway({
    program: { ...testProgram([run], { api: { endpoint: "edge" } }), edge: edgeEndpoint },
    environment: {},
    trustedProxies,
  });
  const answer = await gateway.inject({ path: "/dev/x", headers });
  const flat = JSON.parse(answer.body.toString("utf8")) as string[];
  return new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), flat[at + 1] ?? ""] as const] : [])));
}

test.each([
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "desktop"],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Mobile/15E148", "mobile"],
  ["Mozilla/5.0 (Linux; Android 14; Pixel) Mobile Safari", "mobile"],
  ["Mozilla/5.0 (iPad; CPU OS 17_0)", "tablet"],
  ["Mozilla/5.0 (Linux; Android 13; SM-X200)", "tablet"],
  ["Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0)", "smarttv"],
  ["curl/8.0", "desktop"],
])("the kind of viewer: %s is %s", async (userAgent, kind) => {
  const headers = await seen(["User-Agent", userAgent]);
  const viewers = ["desktop", "mobile", "smarttv", "tablet"].filter(
    (name) => headers.get(`cloudfront-is-${name}-viewer`) === "true",
  );
  expect(viewers).toEqual([kind]);
});

test("what a client says of the CDN is replaced; what the CDN itself says stays", async () => {
  const claimed = ["Via", "1.1 proxy", "CloudFront-Viewer-Country", "XX", "X-Amz-Cf-Id", "mine"];
  const client = await seen(claimed);
  expect(client.get("cloudfront-viewer-country")).toBeUndefined();
  expect(client.get("x-amz-cf-id")).toMatch(/^[\w-]{54,}==$/);
  expect(client.get("via")).toMatch(/^1\.1 proxy, 1\.1 [0-9a-f]{32}\.cloudfront\.net \(CloudFront\)$/);
  const cdn = await seen(claimed, ["127.0.0.1"]);
  expect([cdn.get("cloudfront-viewer-country"), cdn.get("x-amz-cf-id"), cdn.get("via")]).toEqual([
    "XX",
    "mine",
    "1.1 proxy",
  ]);
});

test("a URL may have 8,192 bytes; answers say that nothing was cached, and keep their Cache-Control", async () => {
  const run = testRoute("GET /{x}", (x) => x.answer(200, ["Cache-Control", "max-age=60"], ""));
  gateway = createGateway({ program: { ...testProgram([run]), edge: edgeEndpoint }, environment: {} });
  const long = await gateway.inject({ path: `/dev/${"a".repeat(8190)}` });
  expect(long.status).toBe(414);
  const { status, headers } = await gateway.inject({ path: "/dev/a" });
  const of = (name: string) => headers[headers.indexOf(name) + 1];
  expect([status, of("X-Cache"), of("Cache-Control")]).toEqual([200, "Miss from cloudfront", "max-age=60"]);
});
