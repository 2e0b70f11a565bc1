import type { Registry } from "./state.js";

/** Connections of one process. */
export class LocalRegistry implements Registry {
  readonly #ids = new Set<string>();

  constructor(readonly nodeId: string) {}

  async add(id: string): Promise<void> {
    this.#ids.add(id);
  }

  async remove(id: string): Promise<void> {
    this.#ids.delete(id);
  }

  async find(id: string): Promise<string | undefined> {
    return this.#ids.has(id) ? this.nodeId : undefined;
  }
}
