import process from "node:process";

/** Ends the process, whatever is done to `process.exit` later. */
export const exitNow: (code: number) => never = process.exit.bind(process);

/**
 * From now on `process.exit` ends nothing by itself: a handler that calls it would cut every request under way. Its own
 * call fails, as on Lambda, and `onExit` may drain and end the process, to be started again: what the handler wanted to
 * get rid of is in there still.
 *
 * @param onExit  told of the first call, with the code that was wanted
 */
export function guardExit(onExit: (code: number) => void): void {
  let isTold = false;
  process.exit = (wanted?: number | string | null): never => {
    if (!isTold) {
      isTold = true;
      const code = Number(wanted ?? process.exitCode ?? 0);
      onExit(Number.isInteger(code) ? code : 1);
    }
    throw new Error(`Runtime.ExitError: process.exit(${wanted ?? ""}) was called`);
  };
}
