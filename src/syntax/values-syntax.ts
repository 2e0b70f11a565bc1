import type { Span } from "../source.js";
import type { Name, Node, ScalarStyle } from "./tree.js";

/** Something of the file with its place. */
export interface Syntax {
  readonly span: Span;
}

/** A text: path, description, type expression, template, expression … Nothing in it is interpreted yet. */
export interface TextValue extends Name {
  readonly style: ScalarStyle;
}

export interface NumberValue extends Syntax {
  readonly value: number;
}

export interface BooleanValue extends Syntax {
  readonly value: boolean;
}

/** One of a few words; written in lower case, or as AWS writes it. */
export interface ChoiceValue<T extends string> extends Syntax {
  readonly value: T;
}

export interface NamedText {
  readonly name: Name;
  readonly value: TextValue;
}

/** A name with JSON that may hold expressions. */
export interface NamedNode {
  readonly name: Name;
  readonly value: Node;
}

/** `auth: customers`, or `auth: { name: customers, scopes: [read] }`. */
export interface AuthSyntax extends Syntax {
  readonly name: Name | undefined;
  readonly scopes: readonly TextValue[];
}

/** `cors: false` and `cors: true` have `enabled` alone. */
export interface CorsSyntax extends Syntax {
  readonly enabled: BooleanValue | undefined;
  readonly origins: readonly TextValue[] | undefined;
  readonly methods: readonly TextValue[] | undefined;
  readonly headers: readonly TextValue[] | undefined;
  readonly exposeHeaders: readonly TextValue[] | undefined;
  readonly credentials: BooleanValue | undefined;
  /** Seconds. */
  readonly maxAge: NumberValue | undefined;
}

export interface ThrottleSyntax extends Syntax {
  /** Requests a second. */
  readonly rate: NumberValue | undefined;
  /** Requests. */
  readonly burst: NumberValue | undefined;
}

/** `validate: true` is `all`, `validate: false` is `none`. */
export type ValidateSyntax = ChoiceValue<"all" | "body" | "parameters" | "none" | "strict">;
