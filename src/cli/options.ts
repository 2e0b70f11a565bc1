import { resolve } from "node:path";
import { Argument, Option } from "commander";
import { type Output, outputs } from "../../generators/index.js";
import { nearest } from "../nearest.js";
import { UsageError } from "./exit-codes.js";

export type Target = "aws" | "node";

export function fileArgument(): Argument {
  return new Argument("[file]", "the file, or the folder that it is in").default("gateway.yaml");
}

export function formatOption(): Option {
  return new Option("--format <format>", "how mistakes are shown").choices(["text", "json", "sarif"]).default("text");
}

/** `aws,node` → both. @throws UsageError for an unknown name */
export function parseTargets(text: string): ReadonlySet<Target> {
  const names = splitList(text, "target", ["aws", "node"]);
  for (const name of names)
    if (name !== "aws" && name !== "node") throw new UsageError(unknown("target", name, ["aws", "node"]));
  return new Set(names as Target[]);
}

/** `openapi,sdk` → those outputs; undefined: all. @throws UsageError for an unknown name */
export function parseOutputs(text: string | undefined): readonly Output[] {
  if (text === undefined) return outputs;
  const known = outputs.map((output) => output.name);
  const names = splitList(text, "output", known);
  for (const name of names) if (!known.includes(name)) throw new UsageError(unknown("output", name, known));
  return outputs.filter((output) => names.includes(output.name));
}

/** Output folder: as given, else `build/` beside the file. */
export function outputFolder(projectDir: string, given: string | undefined): string {
  return given === undefined ? resolve(projectDir, "build") : resolve(given);
}

/** @throws UsageError when it names nothing */
function splitList(text: string, what: string, known: readonly string[]): readonly string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new UsageError(`no ${what} is named; there are ${known.join(", ")}`);
  return names;
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no ${what} "${name}"${near ? `; did you mean "${near}"?` : `; there are ${known.join(", ")}`}`;
}
