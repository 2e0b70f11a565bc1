import { Budget, type TemplateLimits } from "./budget.js";
import { type DynamicPath, InputObject, type TemplateParams } from "./host/input-object.js";
import { UtilObject } from "./host/util-object.js";
import { parseJson, parsePlainJson } from "./json/parse-json.js";
import { otherPath, type Plain, plainAt } from "./json/plain-path.js";
import { type PatternMatch, readPath } from "./jsonpath/evaluate.js";
import type { JsonPath } from "./jsonpath/path.js";
import type { RegexMethods } from "./methods/call.js";
import { JavaMap } from "./values/collections.js";
import { jsonText } from "./values/json-text.js";
import type { Value } from "./values/value.js";

/** What the caller of a template gives it. */
export interface TemplateInput {
  /** Payload as text: the client's for a request template, the backend's for a response template. */
  readonly body: string;
  /** Always the client's (aws-behaviour 14.1). */
  readonly params: TemplateParams;
  /** `$context`, made by `contextMap`. Give the request's and the response's template the same one: overrides travel. */
  readonly context: JavaMap;
  /** `$stageVariables`, made by `contextMap` too. */
  readonly stageVariables: JavaMap;
  readonly limits?: TemplateLimits;
  /**
   * A variable of `$context` as it prints, without the making of all of them; `other` reads it from `context`. Absent:
   * all are read there.
   */
  readonly contextText?: (path: readonly string[], other: () => string | undefined) => string | undefined;
  /** The body as `parsePlainJson` has it, where several renderings of one body share it. Absent: each reads it itself. */
  readonly plainBody?: () => Plain | undefined;
}

/** Parts of the runtime that only some templates need; generated code hands them over. */
export interface TemplateParts {
  readonly regex?: RegexMethods;
  readonly matches?: PatternMatch;
  readonly dynamicPath?: DynamicPath;
}

/** One rendering of one template: its input, its budget, and the body once somebody has asked for it as JSON. */
export class TemplateScope {
  readonly budget: Budget;
  regex: RegexMethods | undefined = undefined;
  matches: PatternMatch | undefined = undefined;
  dynamicPath: DynamicPath | undefined = undefined;
  private jsonMade: Value | undefined = undefined;
  private parsed = false;
  private plainMade: Plain | undefined = undefined;
  private plainParsed = false;
  private paramsMade: JavaMap | undefined = undefined;
  private inputObjectMade: InputObject | undefined = undefined;
  private utilObjectMade: UtilObject | undefined = undefined;

  constructor(readonly input: TemplateInput) {
    this.budget = new Budget(input.limits);
  }

  get context(): JavaMap {
    return this.input.context;
  }

  get stageVariables(): JavaMap {
    return this.input.stageVariables;
  }

  /** `$input` as an object. */
  get inputObject(): InputObject {
    this.inputObjectMade ??= new InputObject(this);
    return this.inputObjectMade;
  }

  /** `$util` as an object. */
  get utilObject(): UtilObject {
    this.utilObjectMade ??= new UtilObject(this);
    return this.utilObjectMade;
  }

  /** `$input.body`: an empty body shows as `{}` (recorded). */
  get body(): string {
    return this.input.body === "" ? "{}" : this.input.body;
  }

  /** The body as JSON; undefined when it is none. Templates see and may change one and the same value. */
  get json(): Value | undefined {
    if (!this.parsed) {
      this.jsonMade = parseJson(this.body);
      this.parsed = true;
    }
    return this.jsonMade;
  }

  /** Value of a path in the body; undefined where there is none, or no JSON. */
  read(path: JsonPath): Value | undefined {
    const { json } = this;
    if (json === undefined) return undefined;
    return readPath(path, json, { root: json, budget: this.budget, matches: this.matches });
  }

  /**
   * Value of a path in a body that JavaScript's own JSON keeps whole, as long as no template has taken it into its hands and
   * may have changed it; `otherPath` where only `read` can tell.
   */
  plainAt(path: JsonPath): Plain | undefined | typeof otherPath {
    if (this.parsed) return otherPath;
    if (!this.plainParsed) {
      const { input } = this;
      this.plainMade = input.plainBody === undefined ? parsePlainJson(this.body) : input.plainBody();
      this.plainParsed = true;
    }
    return this.plainMade === undefined ? otherPath : plainAt(this.plainMade, path);
  }

  /** `$input.json(…)`: JSON text; two quotes where there is nothing or no JSON. */
  jsonOf(path: JsonPath): string {
    const plain = this.plainAt(path);
    if (plain !== otherPath) return plain === undefined ? '""' : this.budget.text(JSON.stringify(plain));
    const value = this.read(path);
    return value === undefined ? '""' : this.budget.text(jsonText(value, this.budget));
  }

  /** `$input.params()`. */
  params(): JavaMap {
    if (this.paramsMade === undefined) {
      const { path, querystring, header } = this.input.params;
      this.paramsMade = new JavaMap(
        new Map<Value, Value>([
          ["path", new JavaMap(new Map(path))],
          ["querystring", new JavaMap(new Map(querystring))],
          ["header", new JavaMap(new Map(header))],
        ]),
      );
    }
    return this.paramsMade;
  }

  /** `$input.params('x')`: path, then query string, then header; empty text where none has it. */
  param(name: string): string {
    const { params } = this.input;
    return params.path.get(name) ?? params.querystring.get(name) ?? headerValue(params.header, name);
  }

  /** Called by generated code that needs more than the core. */
  use(parts: TemplateParts): void {
    this.regex = parts.regex ?? this.regex;
    this.matches = parts.matches ?? this.matches;
    this.dynamicPath = parts.dynamicPath ?? this.dynamicPath;
  }
}

function headerValue(headers: ReadonlyMap<string, string>, name: string): string {
  return headers.get(name) ?? anyCase(headers, name) ?? "";
}

function anyCase(headers: ReadonlyMap<string, string>, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of headers) if (key.length === wanted.length && key.toLowerCase() === wanted) return value;
  return undefined;
}
