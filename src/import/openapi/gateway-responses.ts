import { errorCorsHeaders } from "../../../generators/emit/error-cors.js";
import { type Cors, gatewayResponseTypes } from "../../model/gateway-model.js";
import { DraftMap } from "../draft.js";
import { memberOf, membersOf, numberOf, type Tree } from "../tree.js";
import { type Api, templateIn, textIn } from "./api.js";
import { restExpression } from "./expressions.js";
import { setTemplates } from "./integrations.js";

/** `errors:` out of `x-amazon-apigateway-gateway-responses`, without the headers that `cors` puts there anyway. */
export function readGatewayResponses(tree: Tree | undefined, cors: Cors | undefined, api: Api): DraftMap {
  const errors = new DraftMap();
  const implied = new Map((cors ? errorCorsHeaders(cors) : []).map(([name, value]) => [name.toLowerCase(), value]));
  for (const { name, value, nameSpan } of membersOf(tree)) {
    if (!(gatewayResponseTypes as readonly string[]).includes(name)) {
      errors.note(
        api.importing.leftOut(
          { ...value, span: nameSpan },
          `the gateway response "${name}", which API Gateway does not have`,
        ),
      );
      continue;
    }
    const entry = new DraftMap().set("status", numberOf(memberOf(value, "statusCode")));
    const headers = new DraftMap();
    for (const parameter of membersOf(memberOf(value, "responseParameters"))) {
      const header = /^gatewayresponse\.header\.(.+)$/.exec(parameter.name)?.[1];
      const expression = restExpression(textIn(parameter.value, api) ?? "");
      if (header === undefined || expression === undefined) {
        entry.note(api.importing.leftOut(parameter.value, `"${parameter.name}" of a gateway response`));
      } else if (implied.get(header.toLowerCase()) !== expression) headers.set(header, expression);
    }
    entry.setFull("headers", headers);
    const templates = membersOf(memberOf(value, "responseTemplates")).flatMap((each) => {
      const text = templateIn(each.value, api);
      return text === undefined ? [] : [[each.name.toLowerCase(), text] as const];
    });
    setTemplates(new Map(templates), entry);
    const isImplied = entry.isEmpty && implied.size > 0 && name.startsWith("DEFAULT_");
    if (!isImplied) errors.set(name, entry);
  }
  return errors;
}
