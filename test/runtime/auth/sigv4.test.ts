import { createHash, createHmac } from "node:crypto";
import { join } from "node:path";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkClaims,
  checkSession,
  presignQuery,
  readClaims,
  type SignableRequest,
  SignatureProblem,
  SigningKeys,
  signRequest,
  type VerifyCredentials,
  verifySignature,
} from "../../../runtime/auth/sigv4/index.js";
import { runSigV4Vectors } from "../../../scripts/vectors/sigv4.js";
import { sharedFolder } from "../../support/paths.js";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const place = { region: "eu-west-1", service: "execute-api", nowMs };
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "a secret of some length" };
const known = { ...credentials, sessionToken: undefined, expiresAtMs: undefined };
const keys = new SigningKeys();
const emptyHash = createHash("sha256").digest("hex");

const plain: SignableRequest = {
  method: "POST",
  path: "/dev/orders/a%20b/%C3%A9",
  query: "b=2&a=1&a=0&empty&plus=a+b&name=%C3%A9",
  headers: ["Host", "api.example.com", "Content-Type", "application/json", "X-Amz-Meta", " two   blanks "],
  body: '{"a":1}',
};

/** Undefined when the request is accepted; otherwise what the caller is told. */
function refusal(request: SignableRequest, who: VerifyCredentials = known, where = place): string | undefined {
  try {
    const claims = readClaims(request);
    checkClaims(claims, request.headers, where);
    const found = claims.accessKeyId === who.accessKeyId ? who : undefined;
    checkSession(claims, found, where.nowMs);
    verifySignature(request, claims, found, keys);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function signed(request = plain, options: Partial<typeof place> = {}): SignableRequest {
  const added = signRequest(request, credentials, { ...place, ...options });
  return { ...request, headers: [...request.headers, ...added] };
}

function presigned(request: SignableRequest, expiresSeconds = 60): SignableRequest {
  return { ...request, query: presignQuery(request, credentials, { ...place, expiresSeconds }) };
}

const get: SignableRequest = { ...plain, method: "GET", headers: ["Host", "api.example.com"], body: "" };

describe.skipIf(sharedFolder() === undefined)("AWS's signing suite", () => {
  test("every signature is made and every signed request accepted", () => {
    const { passed, failed } = runSigV4Vectors(join(sharedFolder() ?? "", "vectors/sigv4"));
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(100);
  });
});

test("what this signer signs is accepted, in both forms", () => {
  expect(refusal(signed())).toBeUndefined();
  expect(refusal(presigned(get))).toBeUndefined();
});

test("what AWS's own signer signs is accepted", async () => {
  const signer = new SignatureV4({ credentials, region: place.region, service: place.service, sha256: Sha256 });
  const request = {
    method: "PUT",
    protocol: "https:",
    hostname: "api.example.com",
    path: "/dev/a%20b/%C3%A9",
    query: { b: "2", a: ["1", "0"], name: "é ü/+;" },
    headers: { host: "api.example.com", "content-type": "text/plain", "x-custom": "a   b" },
    body: "hello",
  };
  const result = await signer.sign(request, { signingDate: new Date(nowMs) });
  const query = "b=2&a=1&a=0&name=%C3%A9%20%C3%BC%2F%2B%3B";
  const headers = Object.entries(result.headers).flat();
  expect(refusal({ method: "PUT", path: request.path, query, headers, body: "hello" })).toBeUndefined();
  const presign = await signer.presign(
    { ...request, method: "GET", body: undefined },
    { signingDate: new Date(nowMs), expiresIn: 100 },
  );
  const text = Object.entries(presign.query ?? {}).flatMap(([name, value]) =>
    [value ?? ""].flat().map((one) => `${name}=${encodeURIComponent(one)}`),
  );
  const sent = {
    method: "GET",
    path: request.path,
    query: text.join("&"),
    headers: Object.entries(request.headers).flat(),
  };
  expect(refusal({ ...sent, body: "" })).toBeUndefined();
});

describe("what is refused, in AWS's words", () => {
  const mismatch = /^The request signature we calculated does not match the signature you provided\./;
  const withHeaders = (request: SignableRequest, ...more: string[]) => ({
    ...request,
    headers: [...request.headers, ...more],
  });
  const authorization = (value: string) => ({
    ...get,
    headers: ["Host", "a", "Authorization", value, "X-Amz-Date", "x"],
  });
  const cases: readonly [string, SignableRequest, string | RegExp][] = [
    [
      "a credential of four parts",
      authorization("AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0"),
      /^Date must be in ISO-8601 'basic format'\./,
    ],
    ["parameters that are no text", { ...get, query: "X-Amz-Algorithm=%FF" }, /is no UTF-8/],
    [
      "a presigned request that lacks parts",
      { ...get, query: "X-Amz-Algorithm=AWS4-HMAC-SHA256" },
      /^AWS query-string parameters must include 'X-Amz-Credential'\. /,
    ],
    ["unsigned", get, "Missing Authentication Token"],
    [
      "another scheme",
      authorization("Bearer x"),
      "'x' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'.",
    ],
    [
      "nothing but the algorithm",
      authorization("AWS4-HMAC-SHA256"),
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256",
    ],
    [
      "another region",
      signed(plain, { region: "us-east-1" }),
      /^Credential should be scoped to a valid region, not 'us-east-1'\. $/,
    ],
    [
      "another service",
      signed(plain, { service: "s3" }),
      /Credential should be scoped to correct service: 'execute-api'\. /,
    ],
    [
      "six minutes old",
      signed(plain, { nowMs: nowMs - 360_000 }),
      "Signature expired: 20260301T115400Z is now earlier than 20260301T115500Z (20260301T120000Z - 5 min.)",
    ],
    [
      "six minutes ahead",
      signed(plain, { nowMs: nowMs + 360_000 }),
      "Signature not yet current: 20260301T120600Z is still later than 20260301T120500Z (20260301T120000Z + 5 min.)",
    ],
    [
      "an x-amz header behind the signer's back",
      withHeaders(signed(), "X-Amz-Target", "x"),
      /^'x-amz-target' must be a 'SignedHeader'/,
    ],
    ["a second Authorization", withHeaders(signed(), "authorization", "x"), /^Only one authorization header/],
    ["a second date", withHeaders(signed(), "x-amz-date", "20260301T120000Z"), /^Only one x-amz-date header/],
    ["both forms", { ...signed(), query: presigned(get).query }, /^Only one of Authorization and X-Amz-Algorithm/],
    ["a parameter twice", { ...presigned(get), query: `${presigned(get).query}&X-Amz-Expires=9` }, /twice/],
    ["a life above a week", presigned(get, 700_000), /^X-Amz-Expires must be between/],
    ["an unescaped ;", signed({ ...plain, query: "a=1;b=2" }), mismatch],
    [
      "a signature in upper case",
      { ...signed(), headers: signed().headers.map((v) => v.replace(/(?<=Signature=).*/, (s) => s.toUpperCase())) },
      mismatch,
    ],
    ["no payload hash", signed(withHeaders(plain, "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")), mismatch],
    [
      "a body of signed chunks",
      signed(withHeaders(plain, "X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")),
      mismatch,
    ],
    [
      "a token that nobody gave",
      withHeaders(signed(), "X-Amz-Security-Token", "t"),
      "The security token included in the request is invalid.",
    ],
  ];
  test.each(cases)("%s", (_, request, wanted) => {
    const actual = refusal(request);
    if (typeof wanted === "string") expect(actual).toBe(wanted);
    else expect(actual).toMatch(wanted);
  });

  test("an unknown access key, and a session that has ended", () => {
    expect(refusal(signed(), { ...known, accessKeyId: "AKIDOTHER" })).toBe(
      "The security token included in the request is invalid.",
    );
    const ended = { ...known, expiresAtMs: nowMs };
    expect(refusal(signed(), ended)).toBe("The security token included in the request is expired");
  });

  test("a host that is not signed", () => {
    const unsignedHost = signed({ ...get, headers: [] });
    expect(refusal({ ...unsignedHost, headers: ["Host", "api.example.com", ...unsignedHost.headers] })).toMatch(
      /^'Host' or ':authority' must be a 'SignedHeader'/,
    );
  });

  test("a presigned request holds as long as it says", () => {
    const request = presigned(get, 600);
    expect(refusal(request, known, { ...place, nowMs: nowMs + 599_000 })).toBeUndefined();
    expect(refusal(request, known, { ...place, nowMs: nowMs + 601_000 })).toMatch(/^Signature expired: /);
  });
});

test("none of 1,000 changed requests is accepted", () => {
  const flip = (text: string, at: number) => {
    const index = at % Math.max(text.length, 1);
    return `${text.slice(0, index)}${text[index] === "q" ? "z" : "q"}${text.slice(index + 1)}`;
  };
  const header = (request: SignableRequest, at: number, change: (value: string) => string) => ({
    ...request,
    headers: request.headers.map((value, index) => (index === at ? change(value) : value)),
  });
  const changes: readonly ((request: SignableRequest, at: number) => SignableRequest)[] = [
    (r) => ({ ...r, method: "DELETE" }),
    (r, at) => ({ ...r, path: flip(r.path, at) }),
    (r) => ({ ...r, path: `${r.path}/more` }),
    (r) => ({ ...r, path: r.path.replace("%20", "%2520") }),
    (r, at) => ({ ...r, query: flip(r.query, at) }),
    (r) => ({ ...r, query: `${r.query}&more=1` }),
    (r) => ({ ...r, query: `a=9&${r.query}` }),
    (r, at) => ({
      ...r,
      query: r.query
        .split("&")
        .toSpliced(at % 5, 1)
        .join("&"),
    }),
    (r) => ({ ...r, query: r.query.replace("&", ";") }),
    (r, at) => header(r, 1 + 2 * (at % (r.headers.length / 2)), (value) => flip(value, at)),
    (r, at) => header(r, 2 * (at % (r.headers.length / 2)), (value) => `${value}-other`),
    (r) => ({ ...r, headers: [...r.headers, "Host", "evil.example.com"] }),
    (r) => ({ ...r, headers: [...r.headers, "x-amz-meta", "more"] }),
    (r) => ({ ...r, headers: [...r.headers, "content-type", "text/html"] }),
    (r, at) => ({ ...r, body: flip(String(r.body), at) }),
    (r) => ({ ...r, body: `${r.body} ` }),
  ];
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(changes.length - 1), fc.nat(10_000), fc.boolean(), (which, at, isQuery) => {
      const original = isQuery ? presigned(plain) : signed();
      const changed = (changes[which] as (typeof changes)[number])(original, at);
      if (JSON.stringify(changed) === JSON.stringify(original)) return;
      expect(refusal(changed)).toBeDefined();
      refused++;
    }),
    { numRuns: 1_050 },
  );
  expect(refused).toBeGreaterThanOrEqual(1_000);
});

describe("a Date header in the place of X-Amz-Date", () => {
  const date = new Date(nowMs).toUTCString();
  const withDate = (names: string) => {
    const scope = "20260301/eu-west-1/execute-api/aws4_request";
    const canonical = `GET\n/dev\n\n${names.includes("date") ? `date:${date}\n` : ""}host:a\n\n${names}\n${emptyHash}`;
    const hash = createHash("sha256").update(canonical).digest("hex");
    const key = keys.of(credentials.accessKeyId, credentials.secretAccessKey, scope);
    const toSign = `AWS4-HMAC-SHA256\n20260301T120000Z\n${scope}\n${hash}`;
    const signature = key.sign(toSign);
    const value = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return {
      method: "GET",
      path: "/dev",
      query: "",
      headers: ["Host", "a", "Date", date, "Authorization", value],
      body: "",
    };
  };

  test("is taken where it is signed", () => {
    expect(refusal(withDate("date;host"))).toBeUndefined();
    expect(refusal(withDate("host"))).toBe("'Date' must be a 'SignedHeader' in the AWS Authorization.");
  });
});

test("whatever is sent, the answer is one of AWS's refusals", () => {
  const junk = fc.stringMatching(/^[!-~]{0,60}$/);
  const words = fc.constantFrom(
    "AWS4-HMAC-SHA256",
    "Credential=",
    "SignedHeaders=host",
    "Signature=",
    ",",
    "/",
    "=",
    "%",
    "%FF",
    "a/b/c/d/e",
  );
  const text = fc.array(fc.oneof(junk, words), { maxLength: 8 }).map((parts) => parts.join(" "));
  const parameter = fc.tuple(
    fc.constantFrom("Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature", "Security-Token"),
    junk,
  );
  const query = fc
    .array(parameter, { maxLength: 9 })
    .map((pairs) => pairs.map(([name, value]) => `X-Amz-${name}=${value}`).join("&"));
  fc.assert(
    fc.property(fc.option(text, { nil: undefined }), text, query, (authorization, date, sent) => {
      const headers = [
        "Host",
        "a",
        "X-Amz-Date",
        date,
        ...(authorization === undefined ? [] : ["Authorization", authorization]),
      ];
      const request = { ...get, headers, query: sent };
      expect(() => {
        const claims = readClaims(request);
        checkClaims(claims, headers, place);
        checkSession(claims, known, nowMs);
        verifySignature(request, claims, known, keys);
      }).toThrow(SignatureProblem);
    }),
    { numRuns: 5_000 },
  );
});

test("signing keys are kept, bounded, and follow a changed secret", () => {
  const kept = new SigningKeys(2);
  const scope = "20260301/eu-west-1/execute-api/aws4_request";
  const first = kept.of("a", "one", scope);
  expect(kept.of("a", "one", scope)).toBe(first);
  expect(kept.of("a", "two", scope)).not.toBe(first);
  for (const id of ["b", "c", "d"]) kept.of(id, "one", scope);
  expect(kept.size).toBe(2);
});

test("a signing key is HMAC-SHA256 by what AWS derives of the secret", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }).map((value) => Buffer.from(value).toString("latin1")),
    fc.nat(10_000).map((length) => "é".repeat(length)),
  );
  const scope = "20260301/eu-west-1/execute-api/aws4_request";
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), text, (secret, toSign) => {
      let key: Buffer = Buffer.from(`AWS4${secret}`);
      for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
      const wanted = createHmac("sha256", key).update(toSign, "latin1").digest("hex");
      expect(new SigningKeys().of("a", secret, scope).sign(toSign)).toBe(wanted);
    }),
    { numRuns: 500 },
  );
});
