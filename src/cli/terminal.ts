import process from "node:process";

/** Where a command writes. Tests pass their own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  readonly color: boolean;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  color: process.stderr.isTTY === true && process.env["NO_COLOR"] === undefined,
};
