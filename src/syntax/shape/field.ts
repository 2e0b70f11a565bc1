import type { JsonSchema, Shape } from "./shape.js";

export type ApiTag = "rest" | "http" | "websocket";
export type TargetTag = "aws" | "node";

/** On which kinds of API and for which targets a key works. */
export interface Targets {
  readonly apis: readonly ApiTag[];
  readonly targets: readonly TargetTag[];
}

/** A key of a map: its value's shape and what editors and the reference say of it. */
export interface Field<T> {
  readonly shape: Shape<T>;
  readonly about: string;
  /** What holds when the key is left out, as the reference shows it. */
  readonly default: unknown;
  /** For the reference and for editors; the first one also for the help of a mistake. */
  readonly examples: readonly unknown[];
  readonly on: Targets;
}

interface FieldOptions {
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly on?: Targets;
}

const both = ["aws", "node"] as const;

/** The usual combinations. */
export const on = {
  all: { apis: ["rest", "http", "websocket"], targets: both },
  rest: { apis: ["rest"], targets: both },
  http: { apis: ["http"], targets: both },
  restAndHttp: { apis: ["rest", "http"], targets: both },
  restAndWebSocket: { apis: ["rest", "websocket"], targets: both },
  webSocket: { apis: ["websocket"], targets: both },
  awsOnly: { apis: ["rest", "http", "websocket"], targets: ["aws"] },
  nodeOnly: { apis: ["rest", "http", "websocket"], targets: ["node"] },
  restOnNode: { apis: ["rest"], targets: ["node"] },
  restAndHttpOnAws: { apis: ["rest", "http"], targets: ["aws"] },
  restOnAws: { apis: ["rest"], targets: ["aws"] },
} as const satisfies Record<string, Targets>;

export function key<T>(shape: Shape<T>, about: string, options: FieldOptions = {}): Field<T> {
  return {
    shape,
    about,
    default: options.default,
    examples: options.examples ?? [],
    on: options.on ?? on.all,
  };
}

export function fieldSchema({ shape, about, examples, on: tags, ...field }: Field<unknown>): JsonSchema {
  return {
    description: about,
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(examples.length > 0 ? { examples } : {}),
    "x-targets": tags,
    ...shape.schema(),
  };
}
