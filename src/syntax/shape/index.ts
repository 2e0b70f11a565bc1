export { choice } from "./choice.js";
export {
  byKind,
  byType,
  entries,
  isNothing,
  json,
  jsonMap,
  list,
  oneOrMore,
  scalar,
  typeOrMap,
} from "./collections.js";
export { type Field, key, on } from "./field.js";
export { type Members, map } from "./map.js";
export { boolean, duration, integer, number } from "./number.js";
export { found, type JsonSchema, mapped, type OneSidedKey, type Place, type Shape } from "./shape.js";
export { accountNumber, nameOf, prose, reportUnquotedType, text, textOf, typeText, written } from "./text.js";
