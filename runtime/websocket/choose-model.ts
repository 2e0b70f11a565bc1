import type { Validate } from "../validation/body-check.js";
import type { Select } from "./select-route.js";

/**
 * A validator of messages of several kinds: a model selection expression names the one that a message must be valid by. Without
 * one of that name `$default` is; without that the message is refused (developer guide, "Request validation for WebSocket APIs").
 */
export function chosenModel(select: Select, models: ReadonlyMap<string, Validate>): Validate {
  const fallback = models.get("$default");
  return (message) => {
    const validate = models.get(select(message)) ?? fallback;
    return validate === undefined ? "[no model is for this message]" : validate(message);
  };
}
