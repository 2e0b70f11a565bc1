import { Budget, defaultLimits, type TemplateLimits } from "./budget.js";
import { type DynamicPath, InputObject, type TemplateParams } from "./host/input-object.js";
import { UtilObject } from "./host/util-object.js";
import { type BodyParts, FoundParts } from "./json/body-parts.js";
import { parseJson } from "./json/parse-json.js";
import { PlainJson } from "./json/plain-json.js";
import { otherPath, type Plain } from "./json/plain-path.js";
import { type PatternMatch, readPath } from "./jsonpath/evaluate.js";
import type { JsonPath } from "./jsonpath/path.js";
import type { RegexMethods } from "./methods/call.js";
import { JavaMap, LentMap } from "./values/collections.js";
import { jsonText } from "./values/json-text.js";
import type { Value } from "./values/value.js";

/** A variable of `$context`: `identity.sourceIp`, and the steps to it. */
export interface ContextName {
  readonly name: string;
  readonly path: readonly string[];
}

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
  /** A variable of `$context` as it prints, without the making of all of them; null: only `context` has it. Absent: for all. */
  readonly contextText?: (variable: ContextName) => string | undefined | null;
  /** The body as JavaScript's JSON has it, where several renderings of one body share it. Absent: each reads it itself. */
  readonly plainBody?: () => PlainJson | undefined;
  /** Parts of the body, where several renderings of one body tell each other where they stand. Absent: each finds its own. */
  readonly foundParts?: (parts: BodyParts) => FoundParts | undefined;
}

/** Parts of the runtime that only some templates need; generated code hands them over. */
export interface TemplateParts {
  readonly regex?: RegexMethods;
  readonly matches?: PatternMatch;
  readonly dynamicPath?: DynamicPath;
}

const noParts: TemplateParts = {};
/** Stands for what nobody has asked for yet. */
const unread = Symbol("not read yet");

/**
 * One rendering of one template: its input, its budget, and the body once somebody has asked for it as JSON. All that not
 * every template needs is made when it is asked for: the making of a scope is a large part of the smallest rendering.
 */
export class TemplateScope {
  private parts: TemplateParts = noParts;
  private budgetMade: Budget | undefined = undefined;
  private jsonMade: Value | undefined | typeof unread = unread;
  private plainMade: PlainJson | undefined | typeof unread = unread;
  private partsMade: FoundParts | undefined | typeof unread = unread;
  private paramsMade: JavaMap | undefined = undefined;
  private inputObjectMade: InputObject | undefined = undefined;
  private utilObjectMade: UtilObject | undefined = undefined;

  constructor(readonly input: TemplateInput) {}

  get budget(): Budget {
    this.budgetMade ??= new Budget(this.limits);
    return this.budgetMade;
  }

  get limits(): TemplateLimits {
    return this.input.limits ?? defaultLimits;
  }

  get context(): JavaMap {
    return this.input.context;
  }

  get stageVariables(): JavaMap {
    return this.input.stageVariables;
  }

  get regex(): RegexMethods | undefined {
    return this.parts.regex;
  }

  get dynamicPath(): DynamicPath | undefined {
    return this.parts.dynamicPath;
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
    if (this.jsonMade === unread) this.jsonMade = parseJson(this.body);
    return this.jsonMade;
  }

  /** Value of a path in the body; undefined where there is none, or no JSON. */
  read(path: JsonPath): Value | undefined {
    const { json } = this;
    if (json === undefined) return undefined;
    return readPath(path, json, { root: json, budget: this.budget, matches: this.parts.matches });
  }

  /**
   * Value of a path in a body that JavaScript's own JSON keeps whole, as long as no template has taken it into its hands and
   * may have changed it; `otherPath` where only `read` can tell.
   */
  plainAt(path: JsonPath): Plain | undefined | typeof otherPath {
    const plain = this.jsonMade === unread ? this.plain : undefined;
    return plain === undefined ? otherPath : plain.at(path);
  }

  /**
   * The parts of the body that a template reads, found in one pass over its text; undefined where only other readers can tell.
   *
   * @param parts  all that the template reads
   */
  found(parts: BodyParts): FoundParts | undefined {
    if (this.partsMade === unread) {
      const { input } = this;
      this.partsMade = input.foundParts === undefined ? FoundParts.of(this.body, parts) : input.foundParts(parts);
    }
    return this.partsMade;
  }

  /** The body as JavaScript's JSON has it, for templates that change nothing of it; undefined where it is none. */
  get plain(): PlainJson | undefined {
    if (this.plainMade === unread) {
      const { input } = this;
      this.plainMade = input.plainBody === undefined ? PlainJson.of(this.body) : input.plainBody();
    }
    return this.plainMade;
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
          ["path", new LentMap(path)],
          ["querystring", new LentMap(querystring)],
          ["header", new LentMap(header)],
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

  /** From now on the body is read as a template's value, which keeps everything. */
  readWhole(): void {
    this.plainMade = undefined;
  }

  /** Called by generated code that needs more than the core. */
  use(parts: TemplateParts): void {
    this.parts = { ...this.parts, ...parts };
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
