import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import process from "node:process";
import { runAwsSnapshots } from "./vectors/aws-snapshots.js";
import { runIamPolicyVectors } from "./vectors/iam-policy.js";
import { runJoseCookbookVectors } from "./vectors/jose-cookbook.js";
import { runJsonParsingVectors } from "./vectors/json-parsing.js";
import { runJsonSchemaVectors, type VectorResult } from "./vectors/json-schema.js";
import { runJsonPathVectors } from "./vectors/jsonpath.js";
import { runWycheproofVectors } from "./vectors/jws.js";
import { runOpenApiVectors } from "./vectors/openapi.js";
import { runSigV4Vectors } from "./vectors/sigv4.js";
import { runVelocityVectors } from "./vectors/velocity.js";

/** Suites by the name of their folder. */
const runners: ReadonlyMap<string, (dir: string) => VectorResult | Promise<VectorResult>> = new Map<
  string,
  (dir: string) => VectorResult | Promise<VectorResult>
>([
  ["aws-apigw-snapshots", runAwsSnapshots],
  ["iam-policy", runIamPolicyVectors],
  ["jose-cookbook", runJoseCookbookVectors],
  ["json-parsing", runJsonParsingVectors],
  ["json-schema-draft4", runJsonSchemaVectors],
  ["jsonpath-rfc9535", runJsonPathVectors],
  ["openapi", runOpenApiVectors],
  ["sigv4", runSigV4Vectors],
  ["velocity", runVelocityVectors],
  ["wycheproof-jose", runWycheproofVectors],
]);

/** `npm run vectors -- [DIR]`: the folder of all suites, or of one. One line a failure; exit code 1 when there was one. */
const directory = resolve(process.argv[2] ?? join(process.env["GATEWAY_SHARED"] ?? "../shared", "vectors"));
process.exitCode = await runDirectory(directory);

async function runDirectory(path: string): Promise<number> {
  if (!existsSync(path)) {
    console.error(`no such folder: ${path}`);
    return 2;
  }
  const isSuite = runners.has(basename(path));
  const suites = isSuite ? [path] : foldersIn(path);
  let passed = 0;
  let failed = 0;
  for (const suite of suites) {
    const name = basename(suite);
    const run = runners.get(name);
    if (run === undefined) {
      console.log(`skipped: suite ${name} (there is no runner for it)`);
      continue;
    }
    const result = await run(suite);
    passed += result.passed;
    failed += result.failed.length;
    for (const line of result.failed) console.log(`FAIL ${name} ${line}`);
    for (const line of result.known) console.log(`known: ${name} ${line}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

function foldersIn(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort();
}
