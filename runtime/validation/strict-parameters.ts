import type { Exchange } from "../http/exchange.js";
import { GatewayError } from "../http/gateway-error.js";
import type { ParameterCheck } from "./parameter-check.js";
import { ParameterReader } from "./parameter-reader.js";

/** Step: parameters that are present must be of their declared types; all wrong ones are named. */
export function strictParameters(x: Exchange): boolean {
  const reader = new ParameterReader(x);
  const wrong: string[] = [];
  const details: string[] = [];
  for (const check of x.route.parameterChecks) {
    const values = reader.values(check);
    const problem = values.length === 0 ? undefined : problemOf(check, values);
    if (problem === undefined) continue;
    wrong.push(check.label);
    details.push(`${check.label}: ${problem}`);
  }
  if (wrong.length === 0) return false;
  const message = `Invalid request parameters: [${wrong.join(", ")}]`;
  throw new GatewayError("BAD_REQUEST_PARAMETERS", message, { validationErrors: `[${details.join(", ")}]` });
}

function problemOf(check: ParameterCheck, values: readonly string[]): string | undefined {
  const { type, list, validate } = check;
  const texts = list ? itemsOf(check, values) : values.slice(-1);
  const read = texts.map((text) => readText(type, text));
  if (read.includes(undefined)) return `not of type ${type}`;
  return validate(list ? read : read[0]);
}

/** As typed handlers read them: a query repeats its parameter for each item, and a comma is a part of one (RFC 9110 section 5.6.1 is of headers). */
function itemsOf({ in: place }: ParameterCheck, values: readonly string[]): readonly string[] {
  return place === "header" ? values.flatMap((value) => value.split(/\s*,\s*/)) : values;
}

const integerForm = /^-?\d{1,300}$/;
const numberForm = /^-?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?$/;

function readText(type: ParameterCheck["type"], text: string): string | number | boolean | undefined {
  switch (type) {
    case "string":
      return text;
    case "integer":
      return integerForm.test(text) ? Number(text) : undefined;
    case "number":
      return numberForm.test(text) ? Number(text) : undefined;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : undefined;
  }
}
