/** The media type of a Content-Type or of the first entry of an Accept, without parameters, lower case. */
export function mediaTypeOf(field: string): string {
  let end = field.length;
  for (let at = 0; at < field.length; at++) {
    const code = field.charCodeAt(at);
    if (code === 0x3b || code === 0x2c) {
      end = at;
      break;
    }
  }
  return field.slice(0, end).trim().toLowerCase();
}

/**
 * The API's `binaryMediaTypes`. A type matches exactly, by `type/*` or by `*` + `/*`; a wildcard on the left (`*` + `/test`) matches
 * nothing, and a wildcard of the client is not expanded (aws-behaviour.md 9.2 and 26).
 */
export class BinaryMediaTypes {
  readonly #exact = new Set<string>();
  readonly #families = new Set<string>();
  readonly #all: boolean;

  constructor(types: readonly string[]) {
    const lower = types.map((type) => type.trim().toLowerCase());
    this.#all = lower.includes("*/*");
    for (const type of lower) {
      if (type.startsWith("*/")) continue;
      this.#exact.add(type);
      if (type.endsWith("/*")) this.#families.add(type.slice(0, -1));
    }
  }

  get isEmpty(): boolean {
    return !this.#all && this.#exact.size === 0;
  }

  /** @param field  a Content-Type, or an Accept of which the first type counts; undefined: absent, which never matches */
  matches(field: string | undefined): boolean {
    if (field === undefined || this.isEmpty) return false;
    if (this.#all) return true;
    const type = mediaTypeOf(field);
    return this.#exact.has(type) || this.#families.has(type.slice(0, type.indexOf("/") + 1));
  }
}

/**
 * Whether HTTP APIs hand a body to a function as text: text types, JSON, XML and JavaScript; all others are base64
 * (aws-behaviour.md section 8). Without a type it is text.
 */
export function isTextType(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const type = mediaTypeOf(contentType);
  return type === "" || type.startsWith("text/") || textTypes.has(type);
}

const textTypes: ReadonlySet<string> = new Set(["application/json", "application/xml", "application/javascript"]);
