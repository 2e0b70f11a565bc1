import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type Handlebars from "handlebars";
import { OutputError } from "../../src/model/output.js";

const load = createRequire(import.meta.url);

/**
 * The library in one file: its index loads some forty, which takes 15 ms more, of every build. It is required, as an
 * import has Node read a CommonJS module twice, first for the names of its exports.
 */
function loadHandlebars(): typeof Handlebars {
  return load("handlebars/dist/handlebars.min.js") as typeof Handlebars;
}

/** Renders a template with the members of its data; a name that the data lacks is an error, and nothing is escaped. */
export type TextTemplate = (data: object) => string;

/**
 * Loads a handlebars template (`.hbs`) for fixed-shape text: READMEs, package files. The data holds finished text, so the
 * template has holes, sections and lists and nothing else; no helper is registered.
 */
export async function loadTemplate(url: URL): Promise<TextTemplate> {
  const handlebars = loadHandlebars();
  const render = handlebars.create().compile(readFileSync(url, "utf8"), { strict: true, noEscape: true });
  return (data) => render(data);
}

/** Renders a template of the user's; what is wrong in it is an `OutputError`. Nothing of the process is in its reach: no helpers, no prototypes, only the data. */
export async function renderTemplate(name: string, text: string, data: object): Promise<string> {
  const handlebars = loadHandlebars();
  try {
    return handlebars.create().compile(text, { strict: true, noEscape: true })(data);
  } catch (error) {
    throw new OutputError(`the template ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
