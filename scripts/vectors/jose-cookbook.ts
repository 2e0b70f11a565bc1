import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readKeySet } from "../../runtime/auth/jose/verification-key.js";
import type { VectorResult } from "./json-schema.js";
import { acceptsJws } from "./jws.js";

interface Example {
  readonly input: { readonly key: unknown; readonly alg: string };
  readonly output: { readonly compact?: string; readonly json?: unknown; readonly json_flat?: unknown };
}

/**
 * RFC 7520, 7797 and 8037: compact forms of RS256 are accepted; other algorithms, detached and unencoded payloads, and JSON
 * serialisations are refused, which authorizers never get. Symmetric and private-only keys are no keys to verify with.
 */
export function runJoseCookbookVectors(dir: string): VectorResult {
  const failed: string[] = [];
  let passed = 0;
  const check = (name: string, what: string, isRight: boolean) => {
    if (isRight) passed++;
    else failed.push(`${name}: ${what}`);
  };
  for (const [name, file] of filesOf(dir)) {
    const content = JSON.parse(readFileSync(file, "utf8")) as Example & { readonly kty?: string };
    if (content.input === undefined) {
      const count = readKeySet({ keys: [content] }, ["RS256"]).size;
      check(name, `${count} usable keys`, count === (content.kty === "RSA" ? 1 : 0));
      continue;
    }
    const { compact, json, json_flat } = content.output;
    const isWanted = /^RS/.test(content.input.alg) && compact !== undefined && !compact.includes("..");
    if (compact !== undefined) {
      check(
        name,
        `${content.input.alg} ${isWanted ? "refused" : "accepted"}`,
        acceptsJws(compact, content.input.key) === isWanted,
      );
    }
    for (const form of [json, json_flat]) {
      if (form !== undefined) check(name, "JSON accepted", !acceptsJws(JSON.stringify(form), content.input.key));
    }
  }
  return { passed, failed, known: [] };
}

function filesOf(dir: string): readonly (readonly [name: string, file: string])[] {
  return ["curve25519", "jwk", "jws", "rfc7797"]
    .filter((folder) => existsSync(join(dir, folder)))
    .flatMap((folder) =>
      readdirSync(join(dir, folder)).map((name) => [`${folder}/${name}`, join(dir, folder, name)] as const),
    )
    .filter(([name]) => name.endsWith(".json"));
}
