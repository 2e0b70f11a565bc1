import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { FunctionsBundler, ProgramBundler } from "../../generators/gateway/bundle-parts.js";
import type { BundleProblem } from "../../generators/gateway/bundle-problem.js";
import type { GenerateOptions, OutputFile } from "../model/output.js";

export type DevModules =
  /** `program`: the file of the module that exports it. `isNew`: it is not the one of the last time. */
  | { readonly ok: true; readonly program: string; readonly isNew: boolean }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] };

/**
 * The modules that `gateway dev` serves, in a folder of their own: as much of a gateway as an edit can have changed. The
 * runtime is never bundled, the functions only when a handler or a binder has changed. Each text gets a file of its own:
 * a module is known by its path for as long as a process lives, and what has not changed is not evaluated again.
 */
export class DevModuleFolder {
  readonly #functionsBundler: FunctionsBundler;
  readonly #programBundler: ProgramBundler;
  readonly #folder: string;
  #written = 0;
  #functions: Module | undefined;
  #program: Module | undefined;

  constructor(options: GenerateOptions) {
    this.#functionsBundler = new FunctionsBundler(options);
    this.#programBundler = new ProgramBundler(options);
    this.#folder = join(options.projectDir, ".gateway", "dev");
  }

  /**
   * @param files  of the outputs `handlers` and `gateway`; what the functions are made of has been written
   * @param isFileOnly  nothing but gateway.yaml has been changed since the last time
   */
  async make(files: readonly OutputFile[], isFileOnly: boolean): Promise<DevModules> {
    if (files.some(({ path }) => path === "gateway/functions.ts")) {
      const functions = await this.#functionsBundler.bundle(isFileOnly);
      if (!functions.ok) return functions;
      this.#functions = this.#keep("functions", functions.text, this.#functions);
    }
    const text = await this.#programBundler.bundle(files, `./${this.#functions?.name}`);
    const before = this.#program;
    this.#program = this.#keep("program", text, before);
    return { ok: true, program: join(this.#folder, this.#program.name), isNew: this.#program !== before };
  }

  async close(): Promise<void> {
    await Promise.all([this.#functionsBundler.close(), this.#programBundler.close()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #keep(part: string, text: string, before: Module | undefined): Module {
    if (before?.text === text) return before;
    if (this.#written === 0) this.#empty();
    const name = `${part}-${process.pid}-${++this.#written}.mjs`;
    writeFileSync(join(this.#folder, name), text);
    return { name, text };
  }

  /** What a session that was killed has left. */
  #empty(): void {
    mkdirSync(this.#folder, { recursive: true });
    for (const old of readdirSync(this.#folder)) rmSync(join(this.#folder, old), { force: true });
  }
}

interface Module {
  readonly name: string;
  readonly text: string;
}
