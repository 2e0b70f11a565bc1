import { readFileSync, type Stats, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { Logger } from "../../observe/logger.js";
import { parsePrincipals } from "./parse-principals.js";
import type { AccessKey } from "./principal.js";

export interface DirectoryOptions {
  /** Undefined: there is no directory, and nobody gets in. */
  readonly file: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  /** Milliseconds between two looks at the file. */
  readonly checkEveryMs?: number;
}

/** Largest file that is read, bytes. */
const maxFileBytes = 33_554_432;

/**
 * The principals of a standalone gateway, from a JSON file that is read again when it changes. A version that cannot be
 * read leaves the one before in force, and says so in the log. Without any version every signed request is refused.
 */
export class PrincipalDirectory {
  #keys: ReadonlyMap<string, AccessKey> | undefined = undefined;
  #problem: string;
  /** What told the version in force, or the broken one, from others. */
  #seen = "";
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DirectoryOptions) {
    const { file, checkEveryMs = 1_000 } = options;
    this.#problem = "there is no directory of principals: start the gateway with --principals FILE";
    if (file === undefined) return;
    try {
      this.#load(file, statSync(file));
    } catch (error) {
      this.#report(file, error);
    }
    this.#timer = setInterval(() => void this.refresh(), checkEveryMs);
    this.#timer.unref();
  }

  /** Undefined for unknown keys, and for all of them while there is no directory. */
  find(accessKeyId: string): AccessKey | undefined {
    return this.#keys?.get(accessKeyId);
  }

  /** For those who administer the gateway. */
  all(): readonly AccessKey[] {
    return [...(this.#keys?.values() ?? [])];
  }

  /** Why nobody can be let in; undefined while there is a directory. */
  get problem(): string | undefined {
    return this.#keys === undefined ? this.#problem : undefined;
  }

  /** Reads the file again if it has changed. Never throws. */
  async refresh(): Promise<void> {
    const { file } = this.options;
    if (file === undefined) return;
    try {
      const stats = await stat(file);
      if (marksOf(stats) !== this.#seen) this.#load(file, stats);
    } catch (error) {
      this.#report(file, error);
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #load(file: string, stats: Stats): void {
    this.#seen = marksOf(stats);
    if (stats.size > maxFileBytes) throw new Error(`it is larger than ${maxFileBytes} bytes`);
    const hadKeys = this.#keys !== undefined;
    this.#keys = parsePrincipals(readFileSync(file, "utf8"), this.options.environment);
    this.#problem = "";
    const message = `${hadKeys ? "principals read again" : "principals read"}: ${this.#keys.size} access keys`;
    this.options.logger.write({ level: "info", message });
  }

  /** Once for each cause, not once a second. */
  #report(file: string, error: unknown): void {
    const detail = `${file}: ${reasonOf(error)}`;
    if (detail === this.#problem) return;
    this.#problem = detail;
    const consequence = this.#keys ? "the principals read before stay in force" : "signed requests are refused";
    this.options.logger.write({
      level: "error",
      message: `the directory of principals cannot be used: ${consequence}`,
      detail,
    });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "ENOENT" ? "no such file" : error.message;
}

function marksOf({ mtimeMs, size, ino }: Stats): string {
  return `${mtimeMs}/${size}/${ino}`;
}
