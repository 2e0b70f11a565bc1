import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { runWithPath, UsageError } from "./case-files.js";
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
await runWithPath("npm run vectors -- [DIR]", "vectors", runFolder);

async function runFolder(path: string): Promise<number> {
  const suites = suitesIn(resolve(path));
  let passed = 0;
  let failed = 0;
  for (const suite of suites) {
    const name = basename(suite);
    const run = runners.get(name);
    if (run === undefined) {
      console.log(`skipped: suite ${name} (there is no runner for it)`);
      continue;
    }
    const result = await resultOf(run, suite);
    passed += result.passed;
    failed += result.failed.length;
    for (const line of result.failed) console.log(`FAIL ${name} ${line}`);
    for (const line of result.known) console.log(`known: ${name} ${line}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

/** The folder itself, where it is a suite, or those in it. */
function suitesIn(path: string): readonly string[] {
  if (!existsSync(path)) throw new UsageError(`no such folder: ${path}`);
  if (!statSync(path).isDirectory()) throw new UsageError(`${path} is a file: vectors are folders`);
  if (runners.has(basename(path))) return [path];
  const folders = foldersIn(path);
  if (folders.some((folder) => runners.has(basename(folder)))) return folders;
  throw new UsageError(`no suites in ${path}; there are runners for ${[...runners.keys()].join(", ")}`);
}

/** A suite that cannot be read fails, and the others run. */
async function resultOf(
  run: (dir: string) => VectorResult | Promise<VectorResult>,
  suite: string,
): Promise<VectorResult> {
  try {
    return await run(suite);
  } catch (error) {
    return { passed: 0, failed: [`cannot be run: ${error instanceof Error ? error.message : error}`], known: [] };
  }
}

function foldersIn(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort();
}
