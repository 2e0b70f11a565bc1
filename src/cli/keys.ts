import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { keyIdOf } from "../../generators/gateway/ids.js";
import { keyHash, keyLength } from "../../runtime/limits/key-hash.js";
import { newKeyValue, storedKey } from "../../runtime/limits/new-key.js";
import { maxNameLength, parseKeyFile } from "../../runtime/limits/parse-key-file.js";
import type { StoredKey } from "../../runtime/state/state.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { nearest } from "../nearest.js";
import { exitCode, UsageError } from "./exit-codes.js";
import { type KeyAccess, type KeyAccessFlags, openKeyAccess } from "./key-access.js";
import type { CommandContext } from "./main.js";
import { collect } from "./stage-options.js";

interface CreateFlags extends KeyAccessFlags {
  readonly plan: readonly string[];
  readonly description?: string;
  readonly disabled?: true;
  readonly value?: string;
}

export function addKeysCommand(program: Command, context: CommandContext): void {
  const keys = program
    .command("keys")
    .description("API keys: makes, imports, lists, switches and deletes them")
    .addHelpText("after", example("create acme --plan gold"));
  const withAccess = (command: Command) =>
    command
      .option("-f, --file <path>", "gateway.yaml, or the folder that it is in", "gateway.yaml")
      .option("--state <folder>", "where the gateway keeps its state (default: .gateway/state beside the file)");
  withAccess(keys.command("create").argument("<name>", "name of the key"))
    .description("Makes a key and shows its value, once: only a hash of it is kept")
    .option("-p, --plan <name>", "a usage plan, may be repeated (default: those of the key in the file)", collect, [])
    .option("-d, --description <text>", "whose key it is")
    .option("--disabled", "it may not be used yet")
    .option("--value <text>", `a value of your own, ${keyLength.least} to ${keyLength.most} characters`)
    .addHelpText("after", example("create acme --plan gold"))
    .action((name: string, flags: CreateFlags) =>
      withKeys(flags, context, (access) => create(name, flags, access, context)),
    );
  withAccess(keys.command("import").argument("<csv>", "a file in API Gateway's format"))
    .description("Imports keys: all of the file, or none where it has a mistake")
    .addHelpText("after", "\nThe file's first line names its columns: Name,Key,Description,Enabled,UsagePlanIds\n")
    .addHelpText("after", example("import keys.csv"))
    .action((csv: string, flags: KeyAccessFlags) =>
      withKeys(flags, context, (access) => importKeys(csv, access, context)),
    );
  withAccess(keys.command("list"))
    .description("Lists the keys of the file and those that were made or imported; no values")
    .option("--format <format>", "text or json", "text")
    .addHelpText("after", example("list --format json"))
    .action((flags: KeyAccessFlags & { readonly format: string }) =>
      withKeys(flags, context, async (access) => list(access, flags.format, context)),
    );
  for (const enabled of [true, false]) {
    withAccess(keys.command(enabled ? "enable" : "disable").argument("<key>", "name or id"))
      .description(enabled ? "Lets a key be used" : "Refuses a key from now on")
      .addHelpText("after", example(`${enabled ? "enable" : "disable"} acme`))
      .action((name: string, flags: KeyAccessFlags) =>
        withKeys(flags, context, (access) =>
          change(name, access, (key) => access.keys.put({ ...key, enabled, updatedAt: Date.now() })),
        ),
      );
  }
  withAccess(keys.command("delete").argument("<key>", "name or id"))
    .description("Deletes a key")
    .addHelpText("after", example("delete acme"))
    .action((name: string, flags: KeyAccessFlags) =>
      withKeys(flags, context, (access) => change(name, access, (key) => access.keys.remove(key.id))),
    );
}

const example = (line: string) => `\nExample:\n  gateway keys ${line}\n`;

async function withKeys(
  flags: KeyAccessFlags,
  context: CommandContext,
  act: (access: KeyAccess) => Promise<void>,
): Promise<void> {
  const access = await openKeyAccess(flags, context);
  if (access === undefined) return context.finish(exitCode.diagnostics);
  try {
    await act(access);
  } finally {
    await access.close();
  }
}

async function create(
  name: string,
  flags: CreateFlags,
  access: KeyAccess,
  { terminal }: CommandContext,
): Promise<void> {
  const { model, keys } = access;
  const declared = model.keys.find((key) => key.name === name);
  if (declared?.value !== undefined) {
    throw new UsageError(`the value of "${name}" stands in the file; change it there, or choose another name`);
  }
  if (declared !== undefined && flags.plan.length > 0) {
    throw new UsageError(`the plans of "${name}" stand in the file; leave out --plan`);
  }
  if (name.trim() === "" || name.length > maxNameLength) {
    throw new UsageError(`a name has 1 to ${maxNameLength} characters`);
  }
  if (keys.all().some((key) => key.name === name)) throw new UsageError(`there is a key "${name}" already`);
  const plans = declared?.plans ?? flags.plan.map((plan) => planOf(plan, model));
  checkStages(plans, model);
  const value = flags.value ?? newKeyValue();
  if (value.length < keyLength.least || value.length > keyLength.most) {
    throw new UsageError(`a value has ${keyLength.least} to ${keyLength.most} characters, not ${value.length}`);
  }
  if (keys.all().some(({ hash }) => hash === keyHash(value))) {
    throw new UsageError("there is a key with this value already; gateway keys import replaces it");
  }
  const input = { name, value, plans, enabled: flags.disabled !== true, description: flags.description ?? "" };
  const key = storedKey(input, keys.all(), Date.now());
  await keys.put(key);
  if (plans.length === 0) terminal.error(`"${name}" is in no plan: it opens nothing\n`);
  terminal.out(`${value}\n`);
}

async function importKeys(
  csv: string,
  { model, keys }: KeyAccess,
  { terminal, finish }: CommandContext,
): Promise<void> {
  const { keys: read, problems } = parseKeyFile(textOf(csv));
  const found = [...problems];
  for (const { name, plans } of read) {
    const unknown = plans.find((plan) => !model.plans.some((known) => known.name === plan));
    if (unknown !== undefined)
      found.push({ line: 0, message: `no plan is named "${unknown}", which "${name}" asks for` });
    const clash = stageOfTwo(plans, model);
    if (clash !== undefined) found.push({ line: 0, message: `the plans of "${name}": ${clash}` });
  }
  if (found.length > 0) {
    for (const { line, message } of found) terminal.error(`${csv}${line > 0 ? `:${line}` : ""}: ${message}\n`);
    return finish(exitCode.diagnostics);
  }
  for (const input of read) await keys.put(storedKey(input, keys.all(), Date.now()));
  terminal.out(`${read.length} ${read.length === 1 ? "key" : "keys"} imported\n`);
}

interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly plans: readonly string[];
  /** Where its value comes from. */
  readonly from: "file" | "state" | "nowhere yet";
}

/** @throws UsageError */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UsageError(`${path} cannot be read`);
  }
}

function list(access: KeyAccess, format: string, { terminal }: CommandContext): void {
  if (format !== "text" && format !== "json") throw new UsageError("--format is text or json");
  const all = listedKeys(access);
  if (format === "json") terminal.out(`${JSON.stringify({ keys: all }, undefined, 2)}\n`);
  else if (all.length === 0) terminal.out("there are no keys; gateway keys create NAME makes one\n");
  else terminal.out(tableOf(all));
}

function listedKeys({ model, keys }: KeyAccess): readonly ListedKey[] {
  const stored = keys.all();
  const declared = model.keys.map((key): ListedKey => {
    const made = stored.find(({ name }) => name === key.name);
    const enabled = key.enabled && (made?.enabled ?? true);
    const from = key.value !== undefined ? "file" : made === undefined ? "nowhere yet" : "state";
    return { id: keyIdOf(model.name, key.name), name: key.name, enabled, plans: key.plans, from };
  });
  const names = new Set(declared.map(({ name }) => name));
  const others = stored
    .filter(({ name }) => !names.has(name))
    .map(({ id, name, enabled, plans }): ListedKey => ({ id, name, enabled, plans, from: "state" }));
  return [...declared, ...others];
}

function tableOf(all: readonly ListedKey[]): string {
  const width = Math.min(40, Math.max(...all.map(({ name }) => name.length)));
  return all
    .map(({ id, name: written, enabled, plans, from }) => {
      // Names of imported keys are others' texts: what steers a terminal is not shown as it is.
      const name = written.replace(/\p{Cc}/gu, "\uFFFD");
      const state = enabled ? "enabled " : "disabled";
      return `${id}  ${name.padEnd(width)}  ${state}  ${plans.join(", ") || "no plan"}  (value: ${from})\n`;
    })
    .join("");
}

async function change(name: string, { model, keys }: KeyAccess, act: (key: StoredKey) => Promise<void>): Promise<void> {
  const found = keys.all().filter((key) => key.id === name || key.name === name);
  if (found.length > 1) throw new UsageError(`${found.length} keys are named "${name}"; give the id of one`);
  const [key] = found;
  if (key !== undefined) return act(key);
  if (model.keys.some((declared) => declared.name === name && declared.value !== undefined)) {
    throw new UsageError(`"${name}" stands in the file: set "enabled" there`);
  }
  const near = nearest(
    name,
    keys.all().map((known) => known.name),
  );
  throw new UsageError(`there is no key "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
}

/** @throws UsageError when no plan has this name */
function planOf(name: string, { plans }: GatewayModel): string {
  const names = plans.map((plan) => plan.name);
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw new UsageError(`no plan is named "${name}"${near === undefined ? "" : `; did you mean "${near}"?`}`);
}

/** A key is in one plan of each stage (aws-behaviour.md section 17). @throws UsageError */
function checkStages(names: readonly string[], model: GatewayModel): void {
  const clash = stageOfTwo(names, model);
  if (clash !== undefined) throw new UsageError(clash);
}

/** What is wrong with being in all of these plans; undefined: nothing. */
function stageOfTwo(names: readonly string[], { plans }: GatewayModel): string | undefined {
  const planOfStage = new Map<string, string>();
  for (const plan of plans.filter(({ name }) => names.includes(name))) {
    for (const stage of plan.stages) {
      const other = planOfStage.get(stage);
      if (other !== undefined) return `"${plan.name}" and "${other}" both open the stage "${stage}"`;
      planOfStage.set(stage, plan.name);
    }
  }
  return undefined;
}
