import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planAwsDocument } from "../../generators/openapi/plan-aws.js";
import { importGateway } from "../../src/import/import-gateway.js";
import type { JsonValue } from "../../src/model/types.js";
import { compareExports, otherExport } from "./aws-exports.js";
import { apiDifferences, documentApi, recordedApi, type StoredApi } from "./aws-imported.js";
import { documentMethods, recordedMethods, type StoredMethod } from "./aws-methods.js";
import { compareRefusals } from "./aws-refusals.js";
import { compareStored } from "./aws-stored.js";
import { modelOfImport } from "./imported-model.js";
import type { VectorResult } from "./json-schema.js";
import { documentsIn } from "./openapi.js";

type Recorded = Readonly<Record<string, JsonValue>>;

/** A definition of the suite, imported, as API Gateway would store it. */
interface Candidate {
  readonly file: string;
  readonly basePath: "ignore" | "prepend" | "split";
  readonly methods: ReadonlyMap<string, StoredMethod>;
  readonly api: StoredApi;
}

const modes = ["ignore", "prepend", "split"] as const;

/**
 * Compares what AWS stored when it imported a definition with what our import makes of it. A recording does not say which
 * file was imported: it is the one whose resources and methods are the same (and whose name stands in the test's id, where
 * one does). Recordings of other things are told apart: they are compared by the conformance cases, or by later runners.
 */
export async function runAwsSnapshots(dir: string): Promise<VectorResult> {
  const candidates = await importAll(join(dir, "api-definitions"));
  const failed: string[] = [];
  const known: string[] = [];
  let passed = 0;
  const all = recordings(join(dir, "snapshots"));
  const byId = new Map(all.map(({ id, content }) => [id, content]));
  for (const { id, content } of all) {
    const refusals = compareRefusals(id, content);
    const exported = compareExports(id, content, byId.get(otherExport(id)));
    const recorded = recordedMethods(content);
    const best = recorded.size === 0 ? undefined : compared(id, content, candidates);
    const stored = best === undefined ? await compareStored(content) : undefined;
    const found = [...(refusals?.failed ?? []), ...(exported ?? []), ...(best ?? []), ...(stored ?? [])];
    const isCompared = (refusals?.compared ?? 0) > 0 || [exported, best, stored].some((each) => each !== undefined);
    if (found.length > 0) failed.push(`${id}: ${found.slice(0, 3).join("; ")}`);
    else if (isCompared) passed++;
    else known.push(`${id}: ${reasonFor(content, recorded.size > 0)}`);
  }
  return { passed, failed: failed.sort(), known: summary(known) };
}

/** One line a reason, with the names of the recordings. */
function summary(known: readonly string[]): readonly string[] {
  const names = new Map<string, string[]>();
  for (const line of known) {
    const at = line.lastIndexOf(": ");
    names.set(line.slice(at + 2), [...(names.get(line.slice(at + 2)) ?? []), line.slice(0, at)]);
  }
  return [...names].map(([why, all]) => `${all.length} recordings: ${why} (${all.join(", ")})`);
}

/** Why there is nothing to compare with. */
function reasonFor(content: Recorded, hasMethods: boolean): string {
  if (hasMethods) return "none of the definitions here has these resources";
  const isControl = (step: string) =>
    /^(?:create|get|update|put|delete|del|all|add|remove|overwrite|nlb|endpoint|api|authorizer|after|import)[-_]/.test(
      step,
    ) || ["authorizer", "api-id"].includes(step);
  if (!Object.keys(content).every(isControl) || Object.keys(content).some((step) => /invo[ck]|obj/.test(step)))
    return "answers to requests, which the conformance cases hold";
  return "lives of objects of the control plane, which stand in gateway.yaml here and never change";
}

export function recordings(dir: string): readonly { readonly id: string; readonly content: Recorded }[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => {
      const all = JSON.parse(readFileSync(join(dir, name), "utf8")) as Record<string, { "recorded-content": Recorded }>;
      return Object.entries(all).map(([id, entry]) => ({
        id: id.replace(/^.*::/, ""),
        content: entry["recorded-content"],
      }));
    });
}

async function importAll(dir: string): Promise<readonly Candidate[]> {
  const made: Candidate[] = [];
  for (const file of existsSync(dir) ? documentsIn(dir) : []) {
    for (const basePath of modes) {
      const { text } = await importGateway(join(dir, file), { basePath, kind: "rest" });
      if (text === undefined) continue;
      const document = planAwsDocument(await modelOfImport(text));
      made.push({ file, basePath, methods: documentMethods(document), api: documentApi(document) });
    }
  }
  return made;
}

/**
 * What differs from the definitions that a recording is of: one, or several that were imported one after the other and make
 * up its methods together. Undefined when there are none.
 */
function compared(id: string, content: Recorded, all: readonly Candidate[]): readonly string[] | undefined {
  const recorded = recordedMethods(content);
  const inside = all.filter(({ methods }) => methods.size > 0 && [...methods.keys()].every((key) => recorded.has(key)));
  const named = inside.filter(({ file, basePath }) => id.includes(`[${file}]`) || id.includes(`[${basePath}]`));
  const usable = (named.length > 0 ? named : inside).map((candidate) => ({
    methods: candidate.methods,
    api: candidate.api,
    found: differences(recorded, candidate.methods),
  }));
  const left = new Set(recorded.keys());
  const found: string[] = [];
  const used: StoredApi[] = [];
  for (const best of usable.sort((a, b) => b.methods.size - a.methods.size || a.found.length - b.found.length)) {
    if (![...best.methods.keys()].every((key) => left.has(key))) continue;
    for (const key of best.methods.keys()) left.delete(key);
    found.push(...best.found);
    used.push(best.api);
  }
  const [only, ...more] = used;
  if (only && more.length === 0) found.push(...apiDifferences(recordedApi(content), only));
  return left.size === 0 ? found : undefined;
}

function differences(
  recorded: ReadonlyMap<string, StoredMethod>,
  ours: ReadonlyMap<string, StoredMethod>,
): readonly string[] {
  return [...ours].flatMap(([key, own]) => {
    const method = recorded.get(key) ?? own;
    return Object.entries(method).flatMap(([name, value]) => {
      const other = own[name as keyof StoredMethod];
      if (isSame(value, other)) return [];
      return [`${key} ${name}: AWS has ${JSON.stringify(value)}, the import ${JSON.stringify(other)}`];
    });
  });
}

/** Values that vary from account to account are `*` in a recording; an operation without responses gets a 200 from us. */
function isSame(recorded: unknown, ours: unknown): boolean {
  const own = JSON.stringify(ours) ?? "";
  if (recorded === null && own === '{"200":{"headers":[]}}') return true;
  const text = JSON.stringify(recorded) ?? "";
  // A literal star (CORS for everybody) matches itself too; what a test filled in is a stage variable of ours.
  return matches(text.split("*"), own) || matches(own.split(/\$\{stageVariables\.\w+\}/), text);
}

function matches(parts: readonly string[], text: string): boolean {
  const escaped = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${escaped.join('[^"]*')}$`).test(text);
}
