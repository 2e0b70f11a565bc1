import { DirectiveParser } from "./directive-parser.js";
import type { TemplateTree } from "./nodes.js";

/**
 * Parses a template of Velocity 1.7. Accepts and refuses what Velocity does; every node has its span.
 *
 * @param knownMacros names of macros that exist already (`#evaluate` inside a template that has some)
 * @throws TemplateSyntaxError with the span of the trouble
 */
export function parseTemplate(text: string, knownMacros: Iterable<string> = []): TemplateTree {
  const macros = new Map();
  const parser = new DirectiveParser(text, {
    at: (start, end) => ({ start, end }),
    macros,
    known: new Set(knownMacros),
    depth: 0,
  });
  return { body: parser.template(), macros };
}
