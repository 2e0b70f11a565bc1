import process from "node:process";
import type { HubChannel } from "./ipc-state.js";

/** The channel of a forked process to the one that forked it; undefined in a process that was not forked. */
export function processChannel(): HubChannel | undefined {
  if (process.send === undefined) return undefined;
  return {
    send: (message) => {
      // A channel that closes at this moment tells so by the event "disconnect".
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    onMessage: (listener) => void process.on("message", listener),
  };
}
