/**
 * Splits a query into decoded names and values, `[name, value, name, value …]`, in order. `+` is a space; a name without
 * `=` has an empty value (aws-behaviour.md 2.3).
 *
 * @param semicolons  REST APIs split at `;` too (aws-behaviour.md 2.3 and 37)
 */
export function parseQuery(query: string, semicolons: boolean): string[] {
  const pairs: string[] = [];
  if (query === "") return pairs;
  const text = semicolons && query.includes(";") ? query.replaceAll(";", "&") : query;
  const isPlain = !text.includes("%") && !text.includes("+");
  let from = 0;
  while (from <= text.length) {
    const ampersand = text.indexOf("&", from);
    const to = ampersand === -1 ? text.length : ampersand;
    if (to > from) {
      const equals = text.indexOf("=", from);
      const split = equals === -1 || equals > to ? to : equals;
      const name = text.slice(from, split);
      const value = text.slice(Math.min(split + 1, to), to);
      if (isPlain) pairs.push(name, value);
      else pairs.push(decodeFormText(name), decodeFormText(value));
    }
    from = to + 1;
  }
  return pairs;
}

/** Decodes `+` and percent sequences. What is no valid sequence stays; bytes that are no UTF-8 become U+FFFD. */
export function decodeFormText(text: string): string {
  return decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);
}

/** Decodes percent sequences; what is no valid sequence stays, bytes that are no UTF-8 become U+FFFD. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));
  }
}
