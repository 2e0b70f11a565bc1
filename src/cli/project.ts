import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { SourceFile } from "../source.js";
import { UsageError } from "./exit-codes.js";

/** Largest file that is read at all; 10,000 routes take about 2 MB. */
const maxSourceBytes = 32 * 1024 * 1024;

/** The file a command works on and the folders around it. */
export interface Project {
  /** Path as the user gave it, for messages. */
  readonly file: string;
  readonly path: string;
  readonly projectDir: string;
}

/** @throws UsageError when there is no such file */
export function findProject(file: string): Project {
  const given = resolve(file);
  const isFolder = existsSync(given) && statSync(given).isDirectory();
  const path = isFolder ? join(given, "gateway.yaml") : given;
  if (!existsSync(path)) {
    const hint = isFolder || file === "gateway.yaml" ? "; `gateway init` makes one, or give its path" : "";
    throw new UsageError(`there is no file ${isFolder ? join(file, "gateway.yaml") : file}${hint}`);
  }
  return { file: relative(process.cwd(), path) || path, path, projectDir: dirname(path) };
}

/** @throws UsageError when the file is too large to be meant */
export function readSource(project: Project): SourceFile {
  const { size } = statSync(project.path);
  if (size > maxSourceBytes)
    throw new UsageError(`${project.file} has ${size} bytes; at most ${maxSourceBytes} are read`);
  return new SourceFile(project.file, readFileSync(project.path, "utf8"));
}
