import { nearest } from "../../nearest.js";
import type { ChoiceValue } from "../values-syntax.js";
import { reportWrongType, type Shape } from "./shape.js";

/** One of a few words, in lower case or as AWS writes them (in upper case); read as given here. */
export function choice<const T extends string>(words: readonly T[]): Shape<ChoiceValue<T>> {
  const expected = words
    .map((word) => `"${word}"`)
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1");
  const accepted = new Map<string, T>();
  for (const word of words) for (const form of [word, word.toLowerCase(), word.toUpperCase()]) accepted.set(form, word);
  const areNumbers = words.every((word) => /^[\d.]+$/.test(word));
  return {
    expected,
    schema: () => ({ enum: areNumbers ? [...words, ...new Set(words.map(Number))] : [...accepted.keys()] }),
    read(node, place) {
      if (node.kind !== "scalar" || node.value === null) {
        reportWrongType(node, expected, place);
        return undefined;
      }
      const value = accepted.get(node.text);
      if (value !== undefined && (typeof node.value === "string" || areNumbers)) return { value, span: node.span };
      const near = accepted.get(node.text.toLowerCase()) ?? nearest(node.text, words);
      const fix = near === undefined ? undefined : { span: node.span, text: near };
      place.report("wrong-word", node.span, { text: node.text, words, near }, { fix });
      return undefined;
    },
  };
}
