import type { Exchange } from "../http/exchange.js";
import type { Upstreams } from "./upstream.js";

/** The HTTP client of this exchange's Program; loaded and opened by the first request that needs it. */
export async function upstreamsOf(x: Exchange): Promise<Upstreams> {
  const { targets } = x.program;
  if (targets.upstreams !== undefined) return targets.upstreams;
  const { openUpstreams } = await import("./undici-upstreams.js");
  const opened = await openUpstreams();
  targets.upstreams ??= opened;
  return targets.upstreams;
}
