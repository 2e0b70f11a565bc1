import { loadProgram } from "./host/load-program.js";
import { serveLocated } from "./http/serve-located.js";

/**
 * What runs a Program. A build links its own, so that a host can serve Programs of other builds beside its own: what
 * host and Program share is data and the shape of these calls, never a class.
 */
export interface Engine {
  readonly load: typeof loadProgram;
  readonly serve: typeof serveLocated;
}

export const engine: Engine = { load: loadProgram, serve: serveLocated };
