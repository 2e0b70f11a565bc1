import type { Exchange } from "./exchange.js";

/** Step: reads the whole body into the exchange, up to the limit. Without a body there is nothing to wait for. */
export function readBody(x: Exchange): boolean | Promise<boolean> {
  if (!x.transport.hasBody) return false;
  return x.transport.readBody(x.program.limits.maxBodyBytes).then((body) => {
    x.body = body;
    x.isBodyRead = true;
    return false;
  });
}
