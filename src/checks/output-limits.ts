import type { Report } from "../diagnostics/diagnostic.js";
import type { OutputFile } from "../model/output.js";
import type { Span } from "../source.js";

/** Quotas of CloudFormation ("Understand CloudFormation quotas"), and of an API's definition on import. */
const most = { resources: 500, parameters: 200, outputs: 200, inlineBytes: 51_200, bodyBytes: 6_000_000 };

/** What the files for AWS need that AWS does not take, or not in the usual way. Told at the gateway's name. */
export function checkOutputLimits(files: readonly OutputFile[], span: Span, report: Report): void {
  const template = textOf(files, "cloudformation/template.json");
  if (template !== undefined) checkTemplate(template, span, report);
  const body = textOf(files, "cloudformation/api-body.json") ?? textOf(files, "openapi/openapi.json");
  if (body !== undefined && Buffer.byteLength(body) > most.bodyBytes)
    report("definition-over-limit", span, { bytes: Buffer.byteLength(body), most: most.bodyBytes });
}

function textOf(files: readonly OutputFile[], path: string): string | undefined {
  const content = files.find((file) => file.path === path)?.content;
  return typeof content === "string" ? content : undefined;
}

interface Section {
  readonly [name: string]: { readonly Type?: string };
}

function checkTemplate(text: string, span: Span, report: Report): void {
  const { Resources = {}, Parameters = {}, Outputs = {} } = JSON.parse(text) as Readonly<Record<string, Section>>;
  const counts = [
    ["resources", Object.keys(Resources).length, most.resources],
    ["parameters", Object.keys(Parameters).length, most.parameters],
    ["outputs", Object.keys(Outputs).length, most.outputs],
  ] as const;
  for (const [what, count, limit] of counts)
    if (count > limit) report("template-over-limit", span, { count, most: limit, what, groups: groupsOf(Resources) });
  const bytes = Buffer.byteLength(text);
  if (bytes > most.inlineBytes) report("template-by-bucket", span, { bytes, most: most.inlineBytes });
}

/** The kinds of resources that are most, with their counts. */
function groupsOf(resources: Section): readonly { readonly type: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { Type = "" } of Object.values(resources)) counts.set(Type, (counts.get(Type) ?? 0) + 1);
  return [...counts]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 3);
}
