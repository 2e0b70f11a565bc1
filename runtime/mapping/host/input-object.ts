import type { JsonPath } from "../jsonpath/path.js";
import { HostObject } from "../methods/call.js";
import type { TemplateScope } from "../template-scope.js";
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

/** `$input` where a template uses it as an object (aws-behaviour 14.1); compiled code mostly asks the scope itself. */
export class InputObject extends HostObject {
  constructor(readonly scope: TemplateScope) {
    super();
  }

  override property(name: string): Value {
    return name === "body" || name === "Body" ? this.scope.body : null;
  }

  call(name: string, args: readonly Value[]): Value {
    if (args.length === 0) return name === "params" ? this.scope.params() : name === "getBody" ? this.scope.body : null;
    const [first] = args;
    if (args.length !== 1 || (typeof first !== "string" && first !== null)) return null;
    if (name === "params") return first === null ? "" : this.scope.param(first);
    const path = first === null ? undefined : this.scope.dynamicPath?.(first);
    if (name === "path") return path === undefined ? missing : (this.scope.read(path) ?? missing);
    return name === "json" ? (path === undefined ? '""' : this.scope.jsonOf(path)) : null;
  }
}
