import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64url, decodeInto } from "../../../runtime/auth/jose/base64url.js";
import { parseCompactJws } from "../../../runtime/auth/jose/compact-jws.js";

const target = Buffer.alloc(1_000, 0xee);

/** Right ones, with a character put in, changed or taken away. */
const text = fc
  .tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(90), fc.constantFrom("", ..."AQgw=-_ \n\0!é~."), fc.nat(2))
  .map(([bytes, at, put, taken]) => {
    const right = Buffer.from(bytes).toString("base64url");
    return right.slice(0, at) + put + right.slice(at + taken);
  });

test("both ways of decoding take the same texts, for the same bytes", () => {
  let right = 0;
  fc.assert(
    fc.property(text, (given) => {
      const wanted = decodeBase64url(given);
      const length = decodeInto(target, given);
      expect([given, length]).toEqual([given, wanted?.length ?? -1]);
      if (wanted === undefined) return;
      expect(target.subarray(0, length)).toEqual(wanted);
      right++;
    }),
    { numRuns: 5_000 },
  );
  expect(right).toBeGreaterThan(500);
});

test("characters that Node's decoder takes for others are none of a token", () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = part({ alg: "RS256", kid: "k" });
  const payload = part({ a: "??>>~~~?" });
  expect(payload).toMatch(/[-_]/);
  expect(parseCompactJws(`${header}.${payload}.QUJD`)?.payload).toBe('{"a":"??>>~~~?"}');
  const standard = payload.replaceAll("-", "+").replaceAll("_", "/");
  for (const other of [standard, payload.replace("e", "\u0165"), `${payload}\u0141`]) {
    expect(parseCompactJws(`${header}.${other}.QUJD`)).toBeUndefined();
    expect(decodeInto(target, other)).toBe(-1);
  }
  expect(decodeInto(target, "\u0151UJD")).toBe(-1);
});
