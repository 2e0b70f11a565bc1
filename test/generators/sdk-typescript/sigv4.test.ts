import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayModel, route } from "../../support/model.js";
import { sharedFolder } from "../../support/paths.js";
import { sdkFiles, type WrittenSdk, writeSdk } from "./sdk.js";
import { shop } from "./shop.js";

interface Signing {
  sigv4(options: object): (request: Request) => Promise<Request>;
  sigv4Url(options: object): (address: URL | string) => Promise<URL>;
}

let sdk: WrittenSdk;
let api: Signing;
beforeAll(async () => {
  sdk = await writeSdk(shop());
  api = await sdk.load<Signing>();
});
afterAll(() => sdk.remove());

/** Cases of AWS's suite whose request fetch can send as it stands there, signed headers and all. */
const cases = [
  "get-relative-normalized",
  "get-unreserved",
  "get-vanilla",
  "get-vanilla-empty-query-key",
  "get-vanilla-query",
  "get-vanilla-query-order-encoded",
  "get-vanilla-query-order-key-case",
  "get-vanilla-utf8-query",
  "get-vanilla-with-session-token",
  "post-sts-header-before",
];

const otherHeaders = "it signs headers that the SDK leaves unsigned: Host and X-Amz- headers are all it signs";
const rawPath = "its path is written as no address can be: URL resolves dots and escapes what is past ASCII";
const serviceRule = "paths that are not normalised are S3's rule";

/** The others, and why fetch cannot send them. The gateway's own signer makes all (test/runtime/auth/sigv4.test.ts). */
const inexpressible: Readonly<Record<string, string>> = {
  "get-header-value-multiline": otherHeaders,
  "get-header-value-order": otherHeaders,
  "get-header-value-trim": otherHeaders,
  "post-header-value-case": otherHeaders,
  "get-relative-unnormalized": serviceRule,
  "get-slash-pointless-dot-unnormalized": serviceRule,
  "get-slash-unnormalized": serviceRule,
  "get-slashes-unnormalized": serviceRule,
  "get-space-unnormalized": serviceRule,
  "get-slash-normalized": "it has empty segments, which addresses of an SDK never have",
  "get-slashes-normalized": "it has empty segments, which addresses of an SDK never have",
  "get-utf8": rawPath,
  "post-sts-header-after": "its session token is added after signing",
};

const shared = sharedFolder();
describe.skipIf(shared === undefined)("AWS's signing test suite", () => {
  test.each(cases)("%s", async (name) => {
    const folder = join(shared ?? "", "vectors/sigv4/cases", name);
    const context = JSON.parse(readFileSync(join(folder, "context.json"), "utf8"));
    const [first = "", ...lines] = readFileSync(join(folder, "request.txt"), "utf8").split(/\r?\n/);
    const [method = "", target = ""] = first.split(" ");
    const headers = new Headers();
    for (const line of lines) {
      const [header, value] = line.split(/:(.*)/);
      if (header && value && !/^(host|x-amz-security-token)$/i.test(header)) headers.set(header, value);
    }
    const sign = api.sigv4({
      region: context.region,
      service: context.service,
      now: () => Date.parse(context.timestamp),
      credentials: () => ({
        accessKeyId: context.credentials.access_key_id,
        secretAccessKey: context.credentials.secret_access_key,
        sessionToken: context.credentials.token,
      }),
    });
    const signed = await sign(new Request(`https://example.amazonaws.com${target}`, { method, headers }));
    const wanted = readFileSync(join(folder, "header-signature.txt"), "utf8").trim();
    expect(signed.headers.get("authorization")).toMatch(new RegExp(`Signature=${wanted}$`));
  });

  test.each(cases)("%s, in the query", async (name) => {
    const folder = join(shared ?? "", "vectors/sigv4/cases", name);
    const context = JSON.parse(readFileSync(join(folder, "context.json"), "utf8"));
    const [first = "", ...lines] = readFileSync(join(folder, "request.txt"), "utf8").split(/\r?\n/);
    const [method, target = ""] = first.split(" ");
    // An address has no other headers and no other method.
    if (method !== "GET" || lines.some((line) => line !== "" && !/^(host|x-amz-security-token):/i.test(line))) return;
    const sign = api.sigv4Url({
      region: context.region,
      service: context.service,
      now: () => Date.parse(context.timestamp),
      expiresSeconds: context.expiration_in_seconds,
      credentials: {
        accessKeyId: context.credentials.access_key_id,
        secretAccessKey: context.credentials.secret_access_key,
        sessionToken: context.credentials.token,
      },
    });
    const signed = await sign(`https://example.amazonaws.com${target}`);
    const wanted = readFileSync(join(folder, "query-signature.txt"), "utf8").trim();
    expect(signed.searchParams.get("X-Amz-Signature")).toBe(wanted);
  });

  test("every case of the suite is tried, or named with a reason", () => {
    const known = [...cases, ...Object.keys(inexpressible)].sort();
    expect(readdirSync(join(shared ?? "", "vectors/sigv4/cases")).sort()).toEqual(known);
  });
});

test("the body is signed and still sent", async () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "s" };
  const sign = api.sigv4({ region: "eu-west-1", credentials, now: () => 0 });
  const signature = async (body: string) => {
    const signed = await sign(new Request("https://x/y%20z", { method: "PUT", body }));
    expect(await signed.text()).toBe(body);
    return signed.headers.get("authorization");
  };
  expect(await signature("one")).not.toBe(await signature("two"));
});

test("it is there only where a route wants it, and weighs at most 0.9 KB", async () => {
  const { outputFiles } = await build({
    stdin: { contents: 'export { sigv4 } from "./sigv4.js"', resolveDir: sdk.folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
  });
  expect(gzipSync(outputFiles[0]?.text ?? "", { level: 9 }).length).toBeLessThanOrEqual(900);
  const without = await sdkFiles(gatewayModel({ routes: [route("GET /a")] }));
  expect([...without.keys()]).not.toContain("sigv4.js");
  expect(without.get("index.js")).not.toContain("sigv4");
});
