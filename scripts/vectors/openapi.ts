import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importGateway } from "../../src/import/import-gateway.js";
import { modelOfImport } from "./imported-model.js";
import type { VectorResult } from "./json-schema.js";

/** Most that one import may take (README of the suite), ms of this process's own time: what else the machine does is no matter. */
const longest = 5000;

/** Imports every document of a folder: what is written compiles, OpenAPI is made of it, and it takes seconds. */
export async function runOpenApiVectors(dir: string): Promise<VectorResult> {
  const failed: string[] = [];
  let passed = 0;
  for (const file of documentsIn(dir)) {
    const why = await problemOf(join(dir, file));
    if (why === undefined) passed++;
    else failed.push(`${file}: ${why}`);
  }
  return { passed, failed, known: [] };
}

export function documentsIn(dir: string): readonly string[] {
  return readdirSync(dir)
    .filter((name) => /\.(?:json|ya?ml)$/.test(name))
    .sort();
}

async function problemOf(path: string): Promise<string | undefined> {
  const before = process.cpuUsage();
  const { text, found, rest } = await importGateway(path);
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  const [error] = found.flatMap(({ diagnostics }) => diagnostics.filter(({ severity }) => severity === "error"));
  if (text === undefined) return error?.message ?? "nothing was written";
  if (rest[0]) return rest[0].message;
  if (took > longest) return `it took ${Math.round(took)} ms`;
  try {
    planAwsDocument(await modelOfImport(text));
    return undefined;
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}
