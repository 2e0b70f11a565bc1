import type { ChoiceValue, NumberValue, Syntax, TextValue } from "./values-syntax.js";

/** Rules in front of the API, as AWS WAF has them. */
export interface WafSyntax extends Syntax {
  /** Callers whom no other rule stops. */
  readonly allow: WafAddressesSyntax | undefined;
  readonly block: WafAddressesSyntax | undefined;
  readonly rate: WafRateSyntax | undefined;
  readonly size: WafSizeSyntax | undefined;
  readonly patterns: readonly WafPatternSyntax[] | undefined;
}

export interface WafAddressesSyntax extends Syntax {
  readonly ips: readonly TextValue[] | undefined;
}

export interface WafRateSyntax extends Syntax {
  /** Requests of one address in a window. */
  readonly limit: NumberValue | undefined;
  /** Seconds. */
  readonly window: NumberValue | undefined;
}

/** Bytes. */
export interface WafSizeSyntax extends Syntax {
  readonly path: NumberValue | undefined;
  readonly query: NumberValue | undefined;
  readonly headers: NumberValue | undefined;
  readonly cookies: NumberValue | undefined;
  readonly body: NumberValue | undefined;
}

export interface WafPatternSyntax extends Syntax {
  readonly in: ChoiceValue<"path" | "query" | "header"> | undefined;
  /** Of a header; undefined: any. */
  readonly name: TextValue | undefined;
  readonly match: TextValue | undefined;
}
