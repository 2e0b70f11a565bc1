/** `\s`, `\h` and `\v` of Java, as the inside of a character class in RE2's syntax. */
export const spaces = " \\t\\n\\x0B\\f\\r";
export const horizontal = " \\t\\x{A0}\\x{1680}\\x{180e}\\x{2000}-\\x{200a}\\x{202f}\\x{205f}\\x{3000}";
export const vertical = "\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}";

/** Java's POSIX and binary properties, as the inside of a character class. */
export const properties = new Map([
  ["Lower", "a-z"],
  ["Upper", "A-Z"],
  ["ASCII", "\\x00-\\x7F"],
  ["Alpha", "a-zA-Z"],
  ["Digit", "0-9"],
  ["Alnum", "a-zA-Z0-9"],
  ["Punct", "!-/:-@\\[-`{-~"],
  ["Graph", "!-~"],
  ["Print", " -~"],
  ["Blank", " \\t"],
  ["Cntrl", "\\x00-\\x1F\\x7F"],
  ["XDigit", "0-9a-fA-F"],
  ["Space", spaces],
  ["IsAlphabetic", "\\p{L}\\p{Nl}"],
  ["IsLetter", "\\p{L}"],
  ["IsDigit", "\\p{Nd}"],
  ["IsLowercase", "\\p{Ll}"],
  ["IsUppercase", "\\p{Lu}"],
  ["IsPunctuation", "\\p{P}"],
  ["IsWhite_Space", "\\s\\x0B\\x{85}\\p{Z}"],
]);
