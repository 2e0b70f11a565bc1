import type { BuildContext, BuildOptions, BuildResult } from "esbuild";

/**
 * A build of esbuild that is made again and again, until it is closed, which may be at any moment: esbuild (0.28) never answers
 * who disposes of a context in the middle of a build, and a context that is made after the end keeps the process alive.
 */
export class BundleContext<Options extends BuildOptions> {
  #made: Promise<BuildContext<Options>> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(private readonly make: () => Promise<BuildContext<Options>>) {}

  /** @throws esbuild's failures, and an Error when it has been closed */
  async rebuild(): Promise<BuildResult<Options>> {
    if (this.#isClosed) throw new Error("esbuild is not asked any more: the command ends");
    const build = this.#rebuild();
    this.#last = build.catch(() => undefined);
    return build;
  }

  async #rebuild(): Promise<BuildResult<Options>> {
    this.#made ??= this.make();
    return (await this.#made).rebuild();
  }

  /** Lets a build end, then esbuild. On Ctrl-C the terminal may have ended its process before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    const context = await this.#made?.catch(() => undefined);
    await context?.dispose().catch(() => undefined);
  }
}
