export { javaPattern, wholeJavaPattern } from "./java-pattern.js";
export { JavaPatternError } from "./pattern-reader.js";
