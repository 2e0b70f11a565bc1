import { expect, test } from "vitest";
import { checkGateway, type Target } from "../../src/checks/index.js";
import type { Code } from "../../src/diagnostics/catalogue.js";
import { type Diagnostic, DiagnosticList } from "../../src/diagnostics/diagnostic.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import type { Route } from "../../src/model/routes.js";
import { SourceFile, type Span } from "../../src/source.js";
import { parseGateway } from "../../src/syntax/parse-gateway.js";

/** A text with «marks» around the place that a diagnostic should point at. */
export function marked(text: string): { readonly text: string; readonly span: Span } {
  const start = text.indexOf("«");
  const end = text.indexOf("»") - 1;
  return { text: text.replace("«", "").replace("»", ""), span: { start, end } };
}

export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined when there are errors. */
  readonly model: GatewayModel | undefined;
}

/** All that the compiler says of a file, for AWS alone where nothing else is said. */
export async function check(text: string, targets: readonly Target[] = ["aws"]): Promise<Checked> {
  const list = new DiagnosticList();
  const source = new SourceFile("gateway.yaml", text);
  const syntax = parseGateway(source, list.report);
  const model = syntax && (await checkGateway(syntax, list.report, { source, targets: new Set(targets) }));
  return { diagnostics: list.sorted(), model: list.hasErrors ? undefined : model };
}

export async function diagnose(text: string, targets?: readonly Target[]): Promise<readonly Diagnostic[]> {
  return (await check(text, targets)).diagnostics;
}

/** The model of a file in which nothing is wrong; warnings fail too. */
export async function modelOf(text: string, targets?: readonly Target[]): Promise<GatewayModel> {
  const { diagnostics, model } = await check(whole(text), targets);
  const found = diagnostics.filter(({ severity }) => severity !== "info");
  if (model === undefined || found.length > 0) throw new Error(found.map((d) => `${d.code}: ${d.message}`).join("\n"));
  return model;
}

/** The only route of a file. */
export async function routeOf(text: string, targets?: readonly Target[]): Promise<Route> {
  const [route] = (await modelOf(text, targets)).routes;
  if (route === undefined) throw new Error("the file has no route");
  return route;
}

/** A snippet as a file: its name, and a route where it has none, are put before and after it. */
export function whole(snippet: string): string {
  const named = /^gateway:/m.test(snippet) ? snippet : `gateway: a\n${snippet}`;
  const ended = named.endsWith("\n") ? named : `${named}\n`;
  return /^routes:/m.test(ended) ? ended : `${ended}routes:\n  GET /hello: { lambda: hello }\n`;
}

/** What only one target carries out is told all over the file; targets.test.ts is about it. */
const aboutTargets: ReadonlySet<Code> = new Set(["key-only-on-aws", "key-only-on-node"]);

/** One test a snippet: that diagnostic and no other, at the marked place. */
export function testMistakes(
  cases: readonly (readonly [title: string, code: Code, snippet: string])[],
  targets?: readonly Target[],
): void {
  for (const [title, code, snippet] of cases) {
    test(`${code}: ${title}`, async () => {
      const { text, span } = marked(whole(snippet));
      const told = (await diagnose(text, targets)).filter((d) => !aboutTargets.has(d.code) || d.code === code);
      const found = told.map((d) => ({
        code: d.code,
        text: text.slice(d.span.start, d.span.end),
        ...d.span,
      }));
      expect(found).toEqual([{ code, text: text.slice(span.start, span.end), ...span }]);
    });
  }
}
