import { DraftMap } from "../draft.js";
import type { CloudPlace } from "../intrinsics.js";
import type { Variables } from "../variables.js";
import { withVariables } from "./expressions.js";

/** The functions that a description calls: modules where they are ours or unknown, else ARNs. */
export class Functions {
  readonly #byAddress = new Map<string, string>();
  readonly #arns = new Map<string, { readonly arn: string; readonly comments: readonly string[] }>();
  /** Which version of a module is called, where that is said. */
  readonly #aliases = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(
    readonly gateway: string,
    private readonly place: CloudPlace,
    private readonly variables: Variables,
  ) {}

  /**
   * Name of the function behind the address of an integration or authorizer; undefined when it is no function's.
   *
   * @param isFunction  whether it must be one, though the text does not say so
   */
  use(address: string, isFunction: boolean): string | undefined {
    const invoked = /:lambda:path\/[\d-]+\/functions\/(.+?)\/(?:response-streaming-)?invocations$/s.exec(address)?.[1];
    const arn = invoked ?? (/^arn:[\w-]+:lambda:/.test(address) || isFunction ? address : undefined);
    if (arn === undefined) return undefined;
    const known = this.#byAddress.get(arn);
    if (known !== undefined) return known;
    const name = this.#declare(arn);
    this.#byAddress.set(arn, name);
    return name;
  }

  /** A function of the template, by its logical id: a module of ours. */
  module(id: string): string {
    const known = this.#byAddress.get(id);
    if (known !== undefined) return known;
    const name = this.#free(camel(id));
    this.#byAddress.set(id, name);
    return name;
  }

  /**
   * `functions:` of gateway.yaml: those that are more than `handlers/<name>.ts`.
   *
   * @param valuesOf  what a stage variable is on stages and canaries; none where nobody says it
   */
  draft(valuesOf: (variable: string) => readonly string[]): DraftMap {
    const map = new DraftMap();
    for (const [name, alias] of this.#aliases) {
      const [, variable] = /^\$\{stageVariables\.(\w+)\}$/.exec(alias) ?? [];
      const values = variable === undefined ? [alias] : valuesOf(variable);
      const known = values.filter((value) => /^[A-Za-z0-9_-]{1,128}$/.test(value));
      const aliases = new DraftMap();
      for (const each of known.length > 0 ? known : [variable ?? alias]) aliases.set(each, `handlers/${name}.ts`);
      map.set(name, new DraftMap().set("aliases", aliases).set("alias", alias), "one module for each version");
    }
    for (const [name, { arn, comments }] of this.#arns) map.set(name, new DraftMap().set("arn", arn), ...comments);
    return map;
  }

  #declare(arn: string): string {
    const literal = /^arn:[\w-]+:lambda:([a-z0-9-]+):(\d{12}):function:(.+)$/s.exec(arn);
    if (!literal) return this.#unknown(arn);
    const [, region, account, rest = ""] = literal;
    const own = rest.startsWith(`${this.gateway}-`) ? rest.slice(this.gateway.length + 1) : "";
    const isHere = region === this.place.region && account === this.place.account;
    if (isHere && /^[A-Za-z0-9_-]+$/.test(own) && rest.length <= 64 && !this.#taken.has(own.toLowerCase()))
      return this.#free(own);
    const name = this.#free(camel(rest.split(":")[0]?.replaceAll(/\$\{[^}]*\}/g, "") ?? ""));
    this.variables.scan(arn);
    this.#arns.set(name, { arn: withVariables(arn), comments: [] });
    return name;
  }

  /** An ARN that only the stack knows: the module of that name. */
  #unknown(arn: string): string {
    const variable = /\$\{stageVariables\.(\w+)\}/.exec(arn)?.[1] ?? /function:([^:]+)/.exec(arn)?.[1] ?? arn;
    const bare = variable.replace(/(?:_?(?:invocation|invoke|function|lambda))?_?(?:arn|uri)$/i, "");
    const name = this.#free(camel(bare === "" ? variable : bare));
    const [, alias] = /^\$\{[^}]*\}:((?:[A-Za-z0-9_-]+|\$\{stageVariables\.\w+\}))$/.exec(arn) ?? [];
    if (alias !== undefined) this.#aliases.set(name, this.variables.scan(alias));
    return name;
  }

  #free(wanted: string): string {
    const base = wanted.slice(0, 60) || "handler";
    let name = base;
    for (let count = 2; this.#taken.has(name.toLowerCase()); count++) name = `${base}${count}`;
    this.#taken.add(name.toLowerCase());
    return name;
  }
}

/** `get-order_v2` → `getOrderV2`; words that are one already stay as they are. */
export function camel(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const [first = "", ...rest] = words;
  const head = first === first.toUpperCase() ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1);
  return head + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
