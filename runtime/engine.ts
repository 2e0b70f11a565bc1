import { loadProgram } from "./host/load-program.js";
import { serveLocated } from "./http/serve-located.js";
import { testRoute } from "./http/test-route.js";

/**
 * What runs a Program. A build links its own, so that a host can serve Programs of other builds beside its own: what
 * host and Program share is data and the shape of these calls, never a class.
 */
export interface Engine {
  readonly load: typeof loadProgram;
  readonly serve: typeof serveLocated;
  /** Undefined in builds that are older than it. */
  readonly test?: typeof testRoute;
}

export const engine: Engine = { load: loadProgram, serve: serveLocated, test: testRoute };
