import { DraftMap } from "./draft.js";

/** Values that the imported description leaves to somebody else: each becomes a stage variable. */
export class Variables {
  readonly #values = new Map<string, string | undefined>();
  readonly #defaults = new Map<string, string>();

  /** What a parameter of the template is by default. */
  suggest(name: string, value: string): void {
    this.#defaults.set(name, value);
  }

  /** What was suggested for a name, by the variable's name. */
  suggested(clean: string): string | undefined {
    for (const [name, value] of this.#defaults) if (cleanName(name) === clean) return value;
    return undefined;
  }

  /** Notes a use. Yields the variable's name: letters, digits and underscores. */
  use(name: string): string {
    const clean = cleanName(name);
    if (!this.#values.has(clean)) this.#values.set(clean, this.#defaults.get(name));
    return clean;
  }

  /** Notes every `stageVariables.x` of a text: of addresses, expressions and templates. */
  scan(text: string): string {
    for (const [, dotted, got] of text.matchAll(
      /stageVariables(?:\.(\w+)|\.get\(\s*['"](\w+)['"]\s*\)|\[\s*['"]\w+['"]\s*\])/g,
    )) {
      const name = dotted === "get" ? got : (dotted ?? got);
      if (name !== undefined) this.use(name);
    }
    for (const [, name] of text.matchAll(/stageVariables(?:\.get\(\s*|\[\s*)['"](\w+)['"]/g)) if (name) this.use(name);
    return text;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** The variables, with what is known of their values; where nothing is, the name stands as a mark. */
  draft(known: ReadonlyMap<string, string> = new Map()): DraftMap {
    const map = new DraftMap();
    for (const [name, value] of this.#values) map.set(name, known.get(name) ?? usable(value) ?? name);
    for (const [name, value] of known) if (!this.#values.has(name)) map.set(name, usable(value) ?? name);
    return map;
  }
}

function cleanName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]+/g, "").slice(0, 64) || "value";
}

/** As AWS takes values of stage variables (aws-behaviour.md section 19), which may come from the environment. */
function usable(value: string | undefined): string | undefined {
  const fixed = value?.replaceAll(/\$\{env\.\w+\}/g, "x") ?? "";
  return fixed !== "" && fixed.length <= 512 && /^[A-Za-z0-9._~:/?#&=,-]+$/.test(fixed) ? value : undefined;
}
