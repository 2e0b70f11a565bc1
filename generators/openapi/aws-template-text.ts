import type { Template } from "../../src/model/integrations.js";
import { formTemplate, ruleTemplate } from "../emit/vtl-rule.js";
import { vtlText } from "../emit/vtl-text.js";

/** Text of a template as API Gateway renders it. */
export function templateText({ source }: Template): string {
  switch (source.kind) {
    case "constant":
      return vtlText(source.text);
    case "vtl":
      return source.text;
    case "rule":
      return ruleTemplate(source.rule);
    case "form":
      return formTemplate(source.prefix, source.fields);
  }
}
