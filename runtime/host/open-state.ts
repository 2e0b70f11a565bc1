import cluster from "node:cluster";
import { type Clock, systemClock } from "../clock.js";
import { JsonLinesLogger, type Logger } from "../observe/logger.js";
import { printLines } from "../observe/output.js";
import type { Program } from "../program.js";
import { defaultStateFolder, durableState } from "../state/durable/durable-state.js";
import { EmbeddedState } from "../state/embedded-state.js";
import type { State } from "../state/state.js";
import { sharedStateOf } from "./choose-state.js";
import type { Environment } from "./load-program.js";
import { ipcState } from "./workers/ipc-state.js";
import { processChannel } from "./workers/process-channel.js";

/** What nodes share, what the processes of this machine share, or what this process keeps alone. @throws LoadError */
export function openState(
  programs: readonly Program[],
  folder: string | undefined,
  environment: Environment,
  clock: Clock = systemClock,
): State {
  const logger = new JsonLinesLogger(printLines, Date.now);
  const shared = sharedStateOf(programs, { environment, clock, logger });
  if (shared !== undefined) return shared;
  const channel = cluster.isWorker ? processChannel() : undefined;
  return channel === undefined ? keptState(programs, folder, logger) : ipcState(channel, clock, logger);
}

/** A gateway without plans and keys has nothing to keep, and makes no folder unless it is told one. @throws LoadError */
export function keptState(programs: readonly Program[], folder: string | undefined, logger: Logger): EmbeddedState {
  if (folder === undefined && programs.every(({ limits }) => limits === undefined))
    return new EmbeddedState(systemClock);
  const isRequired = folder !== undefined;
  return durableState({ folder: folder ?? defaultStateFolder, isRequired, clock: systemClock, logger });
}
