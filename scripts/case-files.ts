import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** A mistake of whoever runs a script: told in one line, exit code 2. */
export class UsageError extends Error {}

/**
 * Runs a script that takes one path, and sets the exit code.
 *
 * @param usage  how it is called, told where the arguments are no path
 * @param standard  path below the shared folder that it takes when none is given
 */
export async function runWithPath(
  usage: string,
  standard: string,
  run: (path: string) => number | Promise<number>,
): Promise<void> {
  try {
    const [path, ...others] = process.argv.slice(2);
    if (path?.startsWith("-") || others.length > 0) throw new UsageError(`usage: ${usage}`);
    process.exitCode = await run(path ?? join(process.env["GATEWAY_SHARED"] ?? "../shared", standard));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}

/** The file itself, or the files of a folder that end so, sorted. */
export function caseFiles(path: string, extension: string): readonly string[] {
  if (!existsSync(path)) throw new UsageError(`no such file or folder: ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name.endsWith(extension));
  if (names.length === 0) throw new UsageError(`no ${extension} files in ${path}`);
  return names.sort().map((name) => join(path, name));
}

/** Cases of a file that is JSON: a list of them, or one. */
export function readList<Case extends object>(path: string): readonly Case[] {
  const value = parsed(readFileSync(path, "utf8"), path);
  return (Array.isArray(value) ? value : [value]).map((entry) => asCase<Case>(entry, path));
}

/** Cases of a file of JSON Lines. */
export function readLines<Case extends object>(path: string): readonly Case[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, at) => {
    const where = `${path}:${at + 1}`;
    return line.trim() === "" ? [] : [asCase<Case>(parsed(line, where), where)];
  });
}

function asCase<Case extends object>(value: unknown, where: string): Case {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Case;
  throw new UsageError(`${where} has something else than a case: objects are expected`);
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is no JSON: ${error instanceof Error ? error.message : error}`);
  }
}
