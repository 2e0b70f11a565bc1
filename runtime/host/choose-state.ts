import type { Clock } from "../clock.js";
import type { Logger } from "../observe/logger.js";
import type { EnvText, Program } from "../program.js";
import { EmbeddedState } from "../state/embedded-state.js";
import type { State } from "../state/state.js";
import { LoadError } from "./load-error.js";
import type { Environment } from "./load-program.js";

export interface StateServices {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The State of a gateway that was given none: what the first of its Programs that says something about it asks for,
 * otherwise memory.
 *
 * @throws LoadError when the environment lacks the address
 */
export function stateOf(programs: readonly Program[], services: StateServices): State {
  return sharedStateOf(programs, services) ?? new EmbeddedState(services.clock);
}

/** Undefined where no Program asks for a state that nodes share. @throws LoadError */
export function sharedStateOf(programs: readonly Program[], services: StateServices): State | undefined {
  const program = programs.find(({ state }) => state !== undefined);
  if (program?.state === undefined) return undefined;
  const { url, onFailure, sharesAnswers, cacheKey, open } = program.state;
  const { environment, ...others } = services;
  return open({
    ...others,
    url: resolved(url, environment),
    name: program.api.name,
    onFailure,
    sharesAnswers,
    cacheKey: cacheKey && resolved(cacheKey, environment),
  });
}

function resolved(text: EnvText, environment: Environment): string {
  if (typeof text === "string") return text;
  const missing = text.flatMap((part) =>
    typeof part !== "string" && environment[part.env] === undefined ? [part.env] : [],
  );
  if (missing.length > 0) throw new LoadError(`environment variable not set: ${missing.join(", ")}`);
  return text.map((part) => (typeof part === "string" ? part : environment[part.env])).join("");
}
