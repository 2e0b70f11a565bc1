import type { Exchange } from "../http/exchange.js";
import { badLambdaResult } from "./failures.js";
import { invokeRemote } from "./invoke-remote.js";
import { functionOf } from "./lambda-function.js";
import { protocolOf } from "./lambda-protocol.js";
import { malformed } from "./lambda-result.js";

/** AWS_PROXY to a deployed function: the same event and the same reading of the result as in process (7 to 9). */
export async function lambdaProxyRemote(x: Exchange): Promise<boolean> {
  const fn = functionOf(x);
  const { event, answer } = protocolOf(x);
  const { isError, payload } = await invokeRemote(x, fn, Buffer.from(JSON.stringify(event(x, fn)), "utf8"));
  const text = payload.toString("utf8");
  if (isError) throw badLambdaResult(x, `Function error: ${text.slice(0, 4096)}`);
  return answer(x, parsed(x, text));
}

function parsed(x: Exchange, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(x, "no JSON");
  }
}
