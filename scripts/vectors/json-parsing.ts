import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJsonBody } from "../../runtime/http/json-body.js";
import type { VectorResult } from "./json-schema.js";

/** nst/JSONTestSuite as request bodies: `y_*` are accepted, `n_*` refused, `i_*` either way, and nothing is thrown. */
export function runJsonParsingVectors(dir: string): VectorResult {
  const folder = join(dir, "test_parsing");
  const failed: string[] = [];
  let passed = 0;
  for (const name of readdirSync(folder).sort()) {
    const problem = problemOf(name, readFileSync(join(folder, name)));
    if (problem === undefined) passed++;
    else failed.push(`${name}: ${problem}`);
  }
  return { passed, failed, known: [] };
}

function problemOf(name: string, body: Buffer): string | undefined {
  const isValidEmpty = body.length === 0;
  try {
    const { ok } = parseJsonBody(body);
    if (name.startsWith("y_") && !ok) return "is JSON and was refused";
    // An empty body is `{}` for API Gateway (aws-behaviour.md section 15), so it cannot be refused as JSON.
    if (name.startsWith("n_") && ok && !isValidEmpty) return "is no JSON and was accepted";
    return undefined;
  } catch (error) {
    return `threw ${error instanceof Error ? error.message : error}`;
  }
}
