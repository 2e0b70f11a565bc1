import type { JsonPath } from "../jsonpath/path.js";
import { isPlainJson, isShallow } from "./parse-json.js";
import { otherPath, type Plain, plainAt } from "./plain-path.js";

/**
 * A body as JavaScript's own JSON has it, which loses how numbers are written and the order of keys that look like numbers.
 * Whether it lost anything is looked at where it would show: texts are always right.
 */
export class PlainJson {
  #keepsNumbers: boolean | undefined = undefined;
  #keepsAll: boolean | undefined = undefined;

  private constructor(
    readonly text: string,
    private readonly root: Plain,
  ) {}

  /** Undefined for what is no JSON, nor an object or an array. */
  static of(text: string): PlainJson | undefined {
    const first = text.charCodeAt(0);
    if ((first !== 0x7b && first !== 0x5b) || !isShallow(text)) return undefined;
    try {
      return new PlainJson(text, JSON.parse(text) as Plain);
    } catch {
      return undefined;
    }
  }

  /** Value at a path; undefined where there is none, `otherPath` where only the evaluator of paths can tell. */
  at(path: JsonPath): Plain | undefined | typeof otherPath {
    const value = plainAt(this.root, path);
    if (typeof value === "number") return this.keepsNumber(value) ? value : otherPath;
    return typeof value === "object" && value !== null && !this.keepsAll ? otherPath : value;
  }

  /** The same, before anything of it is shown: whoever shows numbers, lists and objects has to ask then. */
  partAt(path: JsonPath): Plain | undefined | typeof otherPath {
    return plainAt(this.root, path);
  }

  /** Whether everything shows as it does in the text. */
  get keepsAll(): boolean {
    this.#keepsAll ??= isPlainJson(this.text);
    return this.#keepsAll;
  }

  /**
   * Whether a number prints as Java prints it: not one past 32 bits, nor one that needs an exponent or many digits there, nor
   * a whole one where the text has a `10.0` or a `1e3` somewhere.
   */
  keepsNumber(value: number): boolean {
    if (this.#keepsAll === true) return true;
    const isUsual = Number.isInteger(value) ? (value | 0) === value : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e7;
    if (!isUsual) return false;
    if (!Number.isInteger(value)) return String(value).length <= 14;
    this.#keepsNumbers ??= (!this.text.includes(".0") && !oddNumber.test(this.text)) || this.keepsAll;
    return this.#keepsNumbers;
  }
}

/** A number with an exponent; found inside texts as well, which only costs time. */
const oddNumber = /\d[eE][-+\d]/;
