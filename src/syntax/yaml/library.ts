import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

/**
 * The library `yaml`, loaded when the quick reader leaves a text to it: that takes longer than reading a file of 1,000
 * routes. It is CommonJS on Node, so that this need not be asynchronous.
 */
export function library(): typeof import("yaml") {
  return load("yaml") as typeof import("yaml");
}
