import type { OutputFile } from "../../src/model/output.js";
import { printJson } from "../emit/stable-json.js";
import type { CloudFormationPlan } from "./plan.js";

/** The template; one that is only a little too long is written without blanks. */
export function printCloudFormation({ template, body }: CloudFormationPlan): readonly OutputFile[] {
  const readable = printJson(template);
  const content = readable.length <= 1_000_000 ? readable : `${JSON.stringify(template)}\n`;
  return [
    { path: "template.json", content, kind: "generated" },
    ...(body ? [{ path: "api-body.json", content: `${JSON.stringify(body)}\n`, kind: "generated" } as const] : []),
  ];
}
