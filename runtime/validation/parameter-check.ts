import type { Validate } from "./body-check.js";

/** Type of one parameter, checked only where the file says `validate: strict`; AWS checks presence and no more. */
export interface ParameterCheck {
  readonly in: "header" | "path" | "query";
  /** Headers in lower case. */
  readonly name: string;
  /** As the error lists it. */
  readonly label: string;
  /** How the text is read before it is validated. */
  readonly type: "string" | "integer" | "number" | "boolean";
  /** Repeated values are items of one list; in a header what commas separate, too. */
  readonly list: boolean;
  /** Enumerations, bounds, formats: compiled from the declared type. */
  readonly validate: Validate;
}
