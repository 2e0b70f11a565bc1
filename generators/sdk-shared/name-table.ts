import { freeName } from "../emit/names.js";

/** Hands out names of one module or package, each once. */
export class NameTable {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  take(wanted: string, suffix = ""): string {
    const name = freeName(wanted, suffix, (candidate) => this.#taken.has(candidate));
    this.#taken.add(name);
    return name;
  }
}
