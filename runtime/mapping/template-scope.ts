import { Budget, type TemplateLimits } from "./budget.js";
import { type DynamicPath, InputObject, type TemplateParams } from "./host/input-object.js";
import { UtilObject } from "./host/util-object.js";
import { parseJson } from "./json/parse-json.js";
import type { PatternMatch } from "./jsonpath/evaluate.js";
import type { RegexMethods } from "./methods/call.js";
import type { JavaMap } from "./values/collections.js";
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
  readonly inputObject: InputObject;
  readonly utilObject: UtilObject;
  readonly context: JavaMap;
  readonly stageVariables: JavaMap;
  regex: RegexMethods | undefined;
  matches: PatternMatch | undefined;
  #json: Value | undefined;
  #parsed = false;

  constructor(readonly input: TemplateInput) {
    this.budget = new Budget(input.limits);
    this.context = input.context;
    this.stageVariables = input.stageVariables;
    this.inputObject = new InputObject(this);
    this.utilObject = new UtilObject(this);
  }

  /** `$input.body`: an empty body shows as `{}` (recorded). */
  get body(): string {
    return this.input.body === "" ? "{}" : this.input.body;
  }

  /** The body as JSON; undefined when it is none. Templates see and may change one and the same value. */
  get json(): Value | undefined {
    if (!this.#parsed) {
      this.#json = parseJson(this.body);
      this.#parsed = true;
    }
    return this.#json;
  }

  /** Called by generated code that needs more than the core. */
  use(parts: TemplateParts): void {
    this.regex = parts.regex ?? this.regex;
    this.matches = parts.matches ?? this.matches;
    this.inputObject.dynamicPath = parts.dynamicPath ?? this.inputObject.dynamicPath;
  }
}
