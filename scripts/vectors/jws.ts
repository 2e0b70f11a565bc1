import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Algorithm } from "../../runtime/auth/jose/algorithms.js";
import { parseCompactJws } from "../../runtime/auth/jose/compact-jws.js";
import { readKeySet } from "../../runtime/auth/jose/verification-key.js";
import type { VectorResult } from "./json-schema.js";

const algorithms: readonly Algorithm[] = ["RS256", "RS384", "RS512"];
/** A key that has no name in its vector gets one here: our key sets know keys by name only. */
const nameless = "vector";

/** Whether our signature layer accepts a compact JWS under a JWK or a key set. */
export function acceptsJws(jws: string, given: unknown): boolean {
  const parsed = parseCompactJws(jws);
  if (parsed === undefined) return false;
  const keys = keysOf(given).map((key) => ({ ...key, kid: key.kid ?? nameless }));
  const kid = parsed.header.kid ?? (keys.length === 1 ? keys[0]?.kid : undefined);
  return (kid === undefined ? undefined : readKeySet({ keys }, algorithms).get(kid))?.verifies(parsed) ?? false;
}

interface NamedKey {
  readonly kid?: string;
}

function keysOf(given: unknown): readonly NamedKey[] {
  const { keys } = given as { readonly keys?: readonly NamedKey[] };
  return keys ?? [given as NamedKey];
}

interface WycheproofGroup {
  readonly public?: unknown;
  readonly private?: unknown;
  readonly tests: readonly { readonly tcId: number; readonly jws: string; readonly result: "valid" | "invalid" }[];
}

/** C2SP/wycheproof: nothing invalid is accepted, and everything valid that is signed with RS256, RS384 or RS512 is. */
export function runWycheproofVectors(dir: string): VectorResult {
  const failed: string[] = [];
  const known: string[] = [];
  let passed = 0;
  for (const file of ["json_web_signature_test.json", "json_web_key_test.json"]) {
    const { testGroups } = JSON.parse(readFileSync(join(dir, file), "utf8")) as { testGroups: WycheproofGroup[] };
    for (const group of testGroups) {
      for (const { tcId, jws, result } of group.tests) {
        const accepts = acceptsJws(jws, group.public ?? group.private);
        const name = `${file}#${tcId}`;
        if (accepts === (result === "valid")) passed++;
        else if (!accepts && !isOffered(jws)) known.push(`${name}: ${algorithmOf(jws)} is not offered, as on AWS`);
        else failed.push(`${name}: ${result}, but ${accepts ? "accepted" : "refused"}`);
      }
    }
  }
  return { passed, failed, known };
}

/** By the header alone; what has none that can be read is not offered. */
function algorithmOf(jws: string): string {
  try {
    const { alg } = JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString("utf8")) as { alg?: unknown };
    return String(alg);
  } catch {
    return "no algorithm";
  }
}

function isOffered(jws: string): boolean {
  const name = algorithmOf(jws);
  return algorithms.some((algorithm) => algorithm === name);
}
