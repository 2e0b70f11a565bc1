import type { Exchange } from "../http/exchange.js";
import { configurationError } from "./failures.js";
import { invokeRemote } from "./invoke-remote.js";
import { answerOutcome } from "./lambda-custom-answer.js";
import { customEvent } from "./lambda-custom-event.js";
import { functionOf } from "./lambda-function.js";

/** Lambda with templates, the function deployed: mapped headers go with the call (section 6.4). */
export async function lambdaCustomRemote(x: Exchange): Promise<boolean> {
  const mapping = x.route.lambda?.mapping;
  if (mapping === undefined) throw configurationError("the route has no Lambda integration with templates");
  const { text } = customEvent(x, mapping);
  const { status, isError, payload } = await invokeRemote(x, functionOf(x), Buffer.from(text, "utf8"), mapping);
  return answerOutcome(x, mapping, { status, errorMessage: isError ? messageOf(payload) : undefined, body: payload });
}

function messageOf(payload: Buffer): string {
  try {
    const { errorMessage } = JSON.parse(payload.toString("utf8")) as { readonly errorMessage?: unknown };
    return typeof errorMessage === "string" ? errorMessage : "";
  } catch {
    return "";
  }
}
