export { parseAnswerSelection, parseSelection } from "./parse-selection.js";
export { parseExpression, parseText, type TextOptions } from "./parse-text.js";
export { constantJson, parseValue } from "./parse-value.js";
export { type Place, places, writtenKinds } from "./places.js";
export type { ExpressionReader, ExpressionText, FoundAt } from "./reader.js";
