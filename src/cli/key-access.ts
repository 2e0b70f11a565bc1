import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { keyIdOf } from "../../generators/gateway/ids.js";
import { systemClock } from "../../runtime/clock.js";
import { CountLog } from "../../runtime/state/durable/count-log.js";
import { defaultStateFolder } from "../../runtime/state/durable/durable-state.js";
import { KeyLog } from "../../runtime/state/durable/key-log.js";
import { isInRange, sortedUsage } from "../../runtime/state/local-usage.js";
import type { KeyStore, UsageDay, UsageRange } from "../../runtime/state/state.js";
import { compile } from "../compile.js";
import type { Text } from "../model/expressions.js";
import type { GatewayModel } from "../model/gateway-model.js";
import { UsageError } from "./exit-codes.js";
import type { CommandContext } from "./main.js";
import { findProject, readSource } from "./project.js";
import { showDiagnostics } from "./report.js";

/** Flags of the commands about keys and usage. */
export interface KeyAccessFlags {
  readonly file: string;
  readonly state?: string;
}

/** Where keys and usage are kept, and what the file says of them. */
export interface KeyAccess {
  readonly model: GatewayModel;
  readonly keys: KeyStore;
  readUsage(range: UsageRange): Promise<readonly UsageDay[]>;
  close(): Promise<void>;
}

/** The model of a project's file; undefined when it has mistakes, which have been shown then. */
async function modelOf(file: string, context: CommandContext): Promise<GatewayModel | undefined> {
  const project = findProject(file);
  const source = readSource(project);
  const target = { projectDir: project.projectDir, outDir: project.projectDir, targets: new Set(["node"] as const) };
  const { model, diagnostics } = await compile(source, undefined, target);
  if (model !== undefined) return model;
  await showDiagnostics(source, diagnostics, "text", context);
  return undefined;
}

/** @returns undefined when the file has mistakes. @throws UsageError when Redis does not answer */
export async function openKeyAccess(flags: KeyAccessFlags, context: CommandContext): Promise<KeyAccess | undefined> {
  const model = await modelOf(flags.file, context);
  if (model === undefined) return undefined;
  if (model.state !== undefined && flags.state === undefined) return openRedis(model, textOf(model.state.redis));
  const folder = resolve(flags.state ?? join(findProject(flags.file).projectDir, defaultStateFolder));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = new KeyLog(join(folder, "keys.log"));
  return {
    model,
    keys,
    readUsage: async (range) =>
      sortedUsage(CountLog.read(join(folder, "counts.log")).usage.filter((day) => isInRange(day, range))),
    close: async () => keys.close(),
  };
}

async function openRedis(model: GatewayModel, url: string): Promise<KeyAccess> {
  const { redisState } = await import("../../runtime/state/redis/redis-state.js");
  const logger = { write: () => undefined };
  const state = redisState({ url, name: model.name, onFailure: "local", clock: systemClock, logger });
  try {
    await state.ready();
    await state.readUsage({ from: "2000-01-01", to: "2000-01-01" });
  } catch {
    await state.close();
    throw new UsageError("Redis does not answer: is state.redis the right address?");
  }
  return { model, keys: state.keys, readUsage: (range) => state.readUsage(range), close: () => state.close() };
}

/** @throws UsageError when the environment lacks a variable */
function textOf({ parts }: Text): string {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      const value = part.kind === "env" ? process.env[part.name] : undefined;
      if (value === undefined) throw new UsageError("state.redis reads an environment variable that is not set");
      return value;
    })
    .join("");
}

/** A key that somebody has named, by its name or its id. */
export interface NamedKey {
  readonly id: string;
  readonly name: string;
}

/** Keys of the file and of the state. */
export function namedKeys({ model, keys }: KeyAccess): readonly NamedKey[] {
  const declared = model.keys.map(({ name }) => ({ id: keyIdOf(model.name, name), name }));
  const names = new Set(declared.map(({ name }) => name));
  return [...declared, ...keys.all().filter(({ name }) => !names.has(name))];
}
