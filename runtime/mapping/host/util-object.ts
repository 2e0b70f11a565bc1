import type { Budget } from "../budget.js";
import { parseJson } from "../json/parse-json.js";
import { HostObject } from "../methods/call.js";
import { methodError } from "../template-error.js";
import type { TemplateScope } from "../template-scope.js";
import { printedText } from "../values/printed.js";
import type { Value } from "../values/value.js";

/** `$util` (aws-behaviour 14.3). */
export class UtilObject extends HostObject {
  constructor(readonly scope: TemplateScope) {
    super();
  }

  call(name: string, args: readonly Value[], budget: Budget): Value {
    const [value = null] = args;
    if (args.length !== 1 || value === null) return null;
    switch (name) {
      case "escapeJavaScript":
        return budget.text(escapeJavaScript(this.#text(value)));
      case "parseJson":
        return this.#parse(value);
      case "urlEncode":
        return budget.text(urlEncode(this.#text(value)));
      case "urlDecode":
        return budget.text(urlDecode(this.#text(value)));
      case "base64Encode":
        return budget.text(Buffer.from(this.#text(value), "utf8").toString("base64"));
      case "base64Decode":
        return budget.text(Buffer.from(this.#text(value), "base64").toString("utf8"));
      default:
        return null;
    }
  }

  #text(value: Value): string {
    return typeof value === "string" ? value : printedText(value, this.scope.budget);
  }

  #parse(value: Value): Value {
    const parsed = parseJson(this.#text(value), this.scope.budget);
    if (parsed === undefined) throw methodError("parseJson: not JSON");
    return parsed;
  }
}

const escapes = new Map([
  ["'", "\\'"],
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\n", "\\n"],
  ["\t", "\\t"],
  ["\f", "\\f"],
  ["\r", "\\r"],
]);

/** Java's escapeJavaScript: quotes, backslash, control characters, and everything past ASCII as `\uXXXX`. */
export function escapeJavaScript(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape.
  if (!/['"\\\u0000-\u001f\u007f-\uffff]/.test(text)) return text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
  return text.replace(/['"\\\u0000-\u001f\u007f-\uffff]/g, (char) => {
    const code = char.charCodeAt(0);
    return code === 127 ? char : (escapes.get(char) ?? `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`);
  });
}

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** java.net.URLEncoder: letters, digits and `.-*_` stay, a blank becomes `+`, everything else its UTF-8 bytes. */
export function urlEncode(text: string): string {
  return encodeURIComponent(text.replace(loneSurrogate, "?"))
    .replaceAll("%20", "+")
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** java.net.URLDecoder. */
export function urlDecode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  return spaced.replace(/(?:%[0-9a-fA-F]{2})+|%/g, (run) => {
    if (run === "%") throw methodError("URLDecoder: incomplete % sequence");
    return Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8");
  });
}
