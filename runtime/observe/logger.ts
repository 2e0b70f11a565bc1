import type { StageEntry } from "../program.js";

export type LogLevel = "error" | "info" | "debug";

/** One line of the log. No header values, no bodies: nothing that could be a secret. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly stage?: string | undefined;
  readonly requestId?: string | undefined;
  readonly route?: string | undefined;
  /** Gateway response type of a failure. */
  readonly type?: string | undefined;
  readonly status?: number | undefined;
  /** What went wrong inside; never shown to a client. */
  readonly detail?: string | undefined;
}

/** Where log lines go; tests pass their own. */
export interface Logger {
  write(record: LogRecord): void;
}

/** One JSON object a line, escaped by JSON itself, so that no value can begin a line of its own. */
export class JsonLinesLogger implements Logger {
  constructor(
    private readonly print: (line: string) => void,
    private readonly now: () => number,
  ) {}

  write(record: LogRecord): void {
    this.print(`${JSON.stringify({ time: new Date(this.now()).toISOString(), ...record })}\n`);
  }
}

/** What the log calls who answers: a canary's lines are apart, by the name that AWS has for its log group (`prod/Canary`). */
export function logName({ name, isCanary }: { readonly name: string; readonly isCanary: boolean }): string {
  return isCanary ? `${name}/Canary` : name;
}

const ranks = { off: 0, error: 1, info: 2, debug: 3 } as const;

/** Whether a stage writes records of a level. */
export function logs(stage: Pick<StageEntry, "log">, level: LogLevel): boolean {
  return ranks[stage.log] >= ranks[level];
}
