import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Output, outputs } from "../../generators/index.js";
import { targetsOf } from "../../src/build.js";
import { compile, generateAll } from "../../src/compile.js";
import { compareContracts } from "../../src/contract/compare-contracts.js";
import { type Contract, contractOf } from "../../src/model/contract.js";
import { readSdkInputs } from "../../src/sdk-inputs.js";
import { SourceFile } from "../../src/source.js";
import { fixtureNames, root } from "../support/paths.js";
import { type JsonSchema, type Occurrence, occurrences, type Path, schemaKeys } from "./schema-keys.js";

/** What a key has been seen to do. */
export interface Effect {
  readonly schema: JsonSchema;
  /** Outputs that become others when the key is left away or has another value. */
  readonly outputs: Set<string>;
  /** Mistakes that are there with the key and not without it, or with another value of it only. */
  readonly codes: Set<string>;
}

/** Tried so often, in different files, that what a key does here and there comes together. */
const triesOfKey = 3;

/**
 * Looks at every key of the language where a file uses it: is anything else without it, or with another value? Files are
 * those below test/keys/evidence and the fixtures, small ones first.
 */
export async function keyEffects(): Promise<ReadonlyMap<string, Effect>> {
  const effects = new Map(
    [...schemaKeys()].map(([key, schema]): [string, Effect] => [key, { schema, outputs: new Set(), codes: new Set() }]),
  );
  const tries = new Map<string, number>();
  for (const source of sources()) {
    const open = occurrences(source.tree).filter(({ key }) => (tries.get(key) ?? 0) < triesOfKey);
    if (open.length === 0) continue;
    const trial = await Trial.of(source);
    // Fixtures of mistakes show that those are told; with them no output is made.
    if (trial.hasErrors && !source.folder.startsWith(evidenceFolder)) continue;
    for (const occurrence of open) {
      const effect = effects.get(occurrence.key);
      const tried = tries.get(occurrence.key) ?? 0;
      if (effect === undefined || tried >= triesOfKey) continue;
      tries.set(occurrence.key, tried + 1);
      await trial.look(occurrence, effect);
    }
  }
  return effects;
}

interface Source {
  readonly folder: string;
  readonly tree: unknown;
  readonly size: number;
}

const evidenceFolder = join(root, "test/keys/evidence");

function sources(): readonly Source[] {
  const read = (folder: string): readonly Source[] => {
    const text = readFileSync(join(folder, "gateway.yaml"), "utf8");
    try {
      return [{ folder, tree: parse(text, { merge: true }), size: text.length }];
    } catch {
      return []; // a fixture of mistakes
    }
  };
  const evidence = readdirSync(evidenceFolder).sort();
  const fixtures = fixtureNames().flatMap((name) => read(join(root, "fixtures", name)));
  return [...evidence.flatMap((name) => read(join(evidenceFolder, name))), ...fixtures.sort((a, b) => a.size - b.size)];
}

/** These take most of the time, and only what nothing else shows is looked for in them. */
const slow = outputs.filter(({ name }) => name === "sdk" || name === "docs");
const quick = outputs.filter((output) => !slow.includes(output));

interface Compiled {
  readonly files: ReadonlyMap<string, string>;
  readonly errors: readonly string[];
  readonly contract: Contract | undefined;
}

/** Whether `gateway diff` says something. */
function isTold(before: Contract | undefined, now: Contract | undefined): boolean {
  return before !== undefined && now !== undefined && compareContracts(before, now).length > 0;
}

/** One file, compiled as it is and with changes. */
class Trial {
  #slowBase: Compiled | undefined;

  private constructor(
    private readonly source: Source,
    private readonly quick: readonly Output[],
    private readonly base: Compiled,
  ) {}

  /** For all targets, or for those that can carry the file out. */
  static async of(source: Source): Promise<Trial> {
    const ways = [
      quick,
      quick.filter(({ target }) => target !== "node"),
      quick.filter(({ target }) => target !== "aws"),
    ];
    for (const way of ways) {
      const base = await compiled(source.tree, way, source.folder);
      if (base.errors.length === 0) return new Trial(source, way, base);
    }
    return new Trial(source, quick, await compiled(source.tree, quick, source.folder));
  }

  get hasErrors(): boolean {
    return this.base.errors.length > 0;
  }

  async look({ path, forms }: Occurrence, effect: Effect): Promise<void> {
    if (await this.#try(without(this.source.tree, path), effect)) return;
    for (const value of otherValues(valueAt(this.source.tree, path), forms)) {
      if (await this.#try(withValue(this.source.tree, path, value), effect)) return;
    }
  }

  /** Whether an output has become another. */
  async #try(tree: unknown, effect: Effect): Promise<boolean> {
    const changed = await compiled(tree, this.quick, this.source.folder);
    const said = [...differing(this.base.errors, changed.errors), ...differing(changed.errors, this.base.errors)];
    for (const code of said) effect.codes.add(code);
    if (changed.errors.length > 0) return false;
    const names = changedOutputs(this.base.files, changed.files);
    if (isTold(this.base.contract, changed.contract)) names.push("diff");
    // The contract tells of others' changes; a key that it alone shows does nothing.
    if (names.every((name): boolean => name === "contract" || name === "diff"))
      names.push(...(await this.#trySlowly(tree)));
    for (const name of names) effect.outputs.add(name);
    return names.length > 0;
  }

  async #trySlowly(tree: unknown): Promise<readonly string[]> {
    this.#slowBase ??= await compiled(this.source.tree, slow, this.source.folder);
    const changed = await compiled(tree, slow, this.source.folder);
    return changed.errors.length > 0 ? [] : changedOutputs(this.#slowBase.files, changed.files);
  }
}

async function compiled(tree: unknown, made: readonly Output[], folder: string): Promise<Compiled> {
  const source = new SourceFile("gateway.yaml", JSON.stringify(tree));
  const place = { projectDir: folder, outDir: resolve(folder, "build") };
  const { model, diagnostics } = await compile(source, undefined, { ...place, targets: targetsOf(made) });
  const inputs = model && made.some(({ name }) => name === "sdk") ? await readSdkInputs(model, folder) : {};
  const generators = await Promise.all(made.map((output) => output.load()));
  const files = model ? await generateAll(model, generators, { ...place, ...inputs }) : [];
  return {
    files: new Map(
      files.map(({ path, content, kind }) => [
        // A stub may have the path of a generated file, in another folder.
        kind === "seed" ? `stubs/${path}` : path,
        Buffer.from(content).toString("latin1"),
      ]),
    ),
    contract: model && contractOf(model),
    errors: diagnostics.flatMap(({ severity, code }) => (severity === "error" ? [code] : [])),
  };
}

function changedOutputs(before: Compiled["files"], after: Compiled["files"]): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changed = [...paths].filter((path) => before.get(path) !== after.get(path));
  return [...new Set(changed.map((path) => path.slice(0, path.indexOf("/"))))];
}

function differing(these: readonly string[], those: readonly string[]): readonly string[] {
  const left = [...those];
  return these.filter((code) => {
    const at = left.indexOf(code);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}

/** Values of the same kind: what a person might write in its place. */
function otherValues(value: unknown, forms: readonly JsonSchema[]): readonly unknown[] {
  const words = forms
    .flatMap((form) => (Array.isArray(form["enum"]) ? form["enum"] : []))
    .filter((word) => word !== value);
  switch (typeof value) {
    case "boolean":
      return [!value, ...words];
    case "number":
      return [value + 1, value - 1, value * 2];
    case "string":
      return [...words, `${value}x`, value.replace(/\d+/, (digits) => String(Number(digits) + 1)), "string", "integer"];
    default:
      return Array.isArray(value) ? [value.slice(1), [...value].reverse()] : smaller(value);
  }
}

function smaller(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).map((name) =>
    Object.fromEntries(Object.entries(value).filter(([other]) => other !== name)),
  );
}

type Parent = Record<string | number, unknown>;

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce((node, name) => (node as Parent)[name], tree);
}

function without(tree: unknown, path: Path): unknown {
  const copy = structuredClone(tree);
  delete (valueAt(copy, path.slice(0, -1)) as Parent)[path.at(-1) ?? ""];
  return copy;
}

function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const copy = structuredClone(tree);
  (valueAt(copy, path.slice(0, -1)) as Parent)[path.at(-1) ?? ""] = value;
  return copy;
}
