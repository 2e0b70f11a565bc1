import { type Diagnostic, DiagnosticList } from "../diagnostics/diagnostic.js";
import type { GatewayModel } from "../model/gateway-model.js";
import type { SourceFile, Span } from "../source.js";
import type { GatewaySyntax, Name } from "../syntax/gateway-syntax.js";
import { parseGateway } from "../syntax/parse-gateway.js";
import { handlerFiles } from "./handler-files.js";

/**
 * All ways in which a module can export something that is called `handler`, and a few in which it does not: where none of
 * them is found, there is no handler for Lambda to call.
 */
const mayExport =
  /\bexport\s+(?:(?:declare\s+)?(?:const|let|var)\s+(?:handler\b|[{[])|(?:async\s+)?function\s*\*?\s*handler\b|class\s+handler\b)|\bexport\s*(?:\{[^}]*\bhandler\b|\*|=|default\b)|\bexports\b/;

/** Warns of functions whose modules, in this project, export no `handler`: every call of them fails. */
export function missingHandlers(source: SourceFile, model: GatewayModel, projectDir: string): readonly Diagnostic[] {
  const without = model.functions.flatMap((fn) =>
    handlerFiles(fn, projectDir)
      .filter(({ text }) => !mayExport.test(text))
      .map(({ path }) => ({ name: fn.name, path })),
  );
  if (without.length === 0) return [];
  const syntax = parseGateway(source, () => undefined);
  const found = new DiagnosticList();
  for (const { name, path } of without) {
    const place = syntax && placeOf(name, syntax);
    if (place !== undefined) found.report("no-handler-export", place, { name, path });
  }
  return found.sorted();
}

/** Where a function is declared, or is named first. */
function placeOf(name: string, { functions, routes, websocket, authorizers }: GatewaySyntax): Span | undefined {
  const called = [...routes, ...(websocket?.routes ?? [])].flatMap(({ integration }) =>
    integration?.kind === "lambda" ? [integration.function] : [],
  );
  const deciding = authorizers.flatMap((authorizer) => (authorizer.kind === "lambda" ? [authorizer.lambda] : []));
  const names: readonly Name[] = [...functions.map((fn) => fn.name), ...called, ...deciding];
  return names.find(({ text }) => text === name)?.span;
}
