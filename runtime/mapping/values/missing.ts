import { JavaObject } from "./value.js";

/**
 * What `$input.path` gives for a missing path or a JSON null. It prints nothing and has nothing inside; it equals
 * `$null` and `""`, which null itself does not (recorded: aws-behaviour 14.2).
 */
export class MissingValue extends JavaObject {
  override isTrue(): boolean {
    return false;
  }

  toText(): string {
    return "";
  }
}

export const missing = new MissingValue();
