import { RE2JS } from "re2js";
import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { RegexSyntaxError, translateRegex } from "./translate.js";

/** Where a match lies: start and end of the whole and of each group, -1 for a group that took no part. */
export interface RegexMatch {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** A Java pattern on an engine whose time is linear in the text. */
export class JavaRegex {
  readonly #engine: RE2JS;
  readonly #names: Readonly<Record<string, number>>;

  constructor(readonly source: string) {
    this.#engine = RE2JS.compile(translateRegex(source));
    this.#names = this.#engine.namedGroups();
  }

  get groups(): number {
    return this.#engine.groupCount();
  }

  /** Number of a named group. */
  named(name: string): number | undefined {
    return Object.hasOwn(this.#names, name) ? this.#names[name] : undefined;
  }

  /** Whether the whole text matches. */
  matches(text: string, budget: Budget): boolean {
    this.#charge(text, budget);
    return this.#engine.matches(text);
  }

  /** All matches from left to right, or the first ones. */
  *find(text: string, budget: Budget): Generator<RegexMatch> {
    this.#charge(text, budget);
    const matcher = this.#engine.matcher(text);
    const count = this.groups;
    while (matcher.find()) {
      budget.step();
      const starts: number[] = [];
      const ends: number[] = [];
      for (let group = 0; group <= count; group++) {
        starts.push(matcher.start(group));
        ends.push(matcher.end(group));
      }
      yield { starts, ends };
    }
  }

  #charge(text: string, budget: Budget): void {
    budget.step(1 + Math.ceil((text.length * (8 + this.source.length)) / 8));
  }
}

/** Longest pattern that is compiled while a template renders. */
const maxPatternLength = 1000;

/**
 * Compiles a pattern.
 *
 * @throws TemplateError for what is no pattern, or one that the linear engine cannot run
 */
export function compileRegex(source: string, budget: Budget): JavaRegex {
  budget.step(64 + source.length * 16);
  if (source.length > maxPatternLength) throw methodError("the regular expression is too long");
  try {
    return new JavaRegex(source);
  } catch (error) {
    if (error instanceof RegexSyntaxError || (error instanceof Error && error.name.startsWith("RE2JS"))) {
      throw methodError(`regular expression: ${error.message}`);
    }
    throw error;
  }
}

/** `=~` of a JSONPath filter: the pattern must match the whole text. */
export function matchesPattern(source: string, flags: string, text: string, budget: Budget): boolean {
  const kept = [...flags].filter((flag) => "ims".includes(flag)).join("");
  return compileRegex(kept === "" ? source : `(?${kept})${source}`, budget).matches(text, budget);
}
