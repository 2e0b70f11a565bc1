import type { Budget } from "../budget.js";
import { readPath } from "../jsonpath/evaluate.js";
import type { JsonPath } from "../jsonpath/path.js";
import { HostObject } from "../methods/call.js";
import type { TemplateScope } from "../template-scope.js";
import { JavaMap } from "../values/collections.js";
import { jsonText } from "../values/json-text.js";
import { missing } from "../values/missing.js";
import type { Value } from "../values/value.js";

/** The client's parameters by name. Values are text; headers are named as they came. */
export interface TemplateParams {
  readonly path: ReadonlyMap<string, string>;
  readonly querystring: ReadonlyMap<string, string>;
  readonly header: ReadonlyMap<string, string>;
}

/** Reads a path that is only known while the template renders; linked into gateways that have such a path. */
export type DynamicPath = (text: string) => JsonPath | undefined;

/** `$input` (aws-behaviour 14.1). */
export class InputObject extends HostObject {
  #params: JavaMap | undefined;
  dynamicPath: DynamicPath | undefined;

  constructor(readonly scope: TemplateScope) {
    super();
  }

  override property(name: string): Value {
    return name === "body" || name === "Body" ? this.scope.body : null;
  }

  call(name: string, args: readonly Value[], _budget: Budget): Value {
    const [first] = args;
    if (name === "params" && args.length === 0) return this.params();
    if (name === "params" && args.length === 1 && first === null) return "";
    if (args.length !== 1 || typeof first !== "string")
      return name === "getBody" && args.length === 0 ? this.scope.body : null;
    if (name === "params") return this.param(first);
    const path = name === "path" || name === "json" ? this.dynamicPath?.(first) : undefined;
    if (name === "path") return path === undefined ? missing : this.path(path);
    return name === "json" ? (path === undefined ? '""' : this.json(path)) : null;
  }

  /** `$input.path(…)`: a missing path and a JSON null print nothing and equal `""` as well as null. */
  path(path: JsonPath): Value {
    return this.#read(path) ?? missing;
  }

  /** `$input.json(…)`: JSON text; two quotes where there is nothing or no JSON. */
  json(path: JsonPath): string {
    const value = this.#read(path);
    return value === undefined ? '""' : this.scope.budget.text(jsonText(value, this.scope.budget));
  }

  #read(path: JsonPath): Value | undefined {
    const { json, budget, matches } = this.scope;
    return json === undefined ? undefined : readPath(path, json, { root: json, budget, matches });
  }

  /** `$input.params()`. */
  params(): JavaMap {
    if (this.#params === undefined) {
      const { path, querystring, header } = this.scope.input.params;
      this.#params = new JavaMap(
        new Map<Value, Value>([
          ["path", new JavaMap(new Map(path))],
          ["querystring", new JavaMap(new Map(querystring))],
          ["header", new JavaMap(new Map(header))],
        ]),
      );
    }
    return this.#params;
  }

  /** `$input.params('x')`: path, then query string, then header; empty text where none has it. */
  param(name: string): string {
    const { path, querystring, header } = this.scope.input.params;
    return path.get(name) ?? querystring.get(name) ?? header.get(name) ?? anyCase(header, name) ?? "";
  }
}

function anyCase(headers: ReadonlyMap<string, string>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of headers) if (key.length === wanted.length && key.toLowerCase() === wanted) return value;
  return undefined;
}
