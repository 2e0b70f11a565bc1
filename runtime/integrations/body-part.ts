import type { Exchange } from "../http/exchange.js";
import type { JsonPath } from "../mapping/jsonpath/path.js";
import type { ParameterSource } from "../mapping/parameters.js";
import { bodyHas, bodyText } from "../mapping/rules.js";
import { TemplateScope } from "../mapping/template-scope.js";
import { ExchangeInput } from "./template-body.js";

/**
 * A value of a body inside a text or before a default. Parameter mapping of REST APIs has neither, and on AWS a template sets
 * such a parameter: so the value is read as templates read it, which keep how a number is written, and find nothing in a
 * body that is no JSON (aws-behaviour.md 12.3 and 14.2).
 *
 * @param isOptional  whether there is no text where the body has nothing there; otherwise it is what a template prints
 */
export function fromBodyPart(
  path: JsonPath,
  reads: "request body" | "response body",
  isOptional: boolean,
): ParameterSource {
  const source = (x: Exchange) => {
    const body = reads === "request body" ? x.body : x.backend?.body;
    if (body === undefined) return undefined;
    const r = new TemplateScope(new ExchangeInput(x, body.toString("utf8")));
    if (isOptional && !bodyHas(r, path)) return undefined;
    return path.steps.length === 0 ? r.jsonOf(path) : bodyText(r, path);
  };
  return Object.assign(source, { reads });
}
