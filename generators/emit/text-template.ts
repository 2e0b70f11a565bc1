import { readFileSync } from "node:fs";

/** Renders a template with the members of its data; a name that the data lacks is an error, and nothing is escaped. */
export type TextTemplate = (data: object) => string;

/**
 * Loads a handlebars template (`.hbs`) for fixed-shape text: READMEs, package files. The data holds finished text, so the
 * template has holes, sections and lists and nothing else; no helper is registered.
 */
export async function loadTemplate(url: URL): Promise<TextTemplate> {
  const { default: handlebars } = await import("handlebars");
  const render = handlebars.create().compile(readFileSync(url, "utf8"), { strict: true, noEscape: true });
  return (data) => render(data);
}
