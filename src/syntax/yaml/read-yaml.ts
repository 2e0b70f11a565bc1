import type { Report } from "../../diagnostics/diagnostic.js";
import type { SourceFile } from "../../source.js";
import type { Node } from "../tree.js";
import { buildTree } from "./build-tree.js";
import { type Composed, compose } from "./compose.js";
import { removeForbidden } from "./forbidden.js";
import { limits } from "./limits.js";
import { reportProblems } from "./problems.js";
import { readQuickly } from "./quick-yaml.js";
import { type RepairedText, repair, unrepaired } from "./repair.js";
import { findTraps, reportTraps } from "./traps.js";

/** A repair may uncover the next trap; more than this many layers is no file that a person wrote. */
const maxRepairs = 4;

/**
 * Reads one YAML document, whatever the text: all that is wrong is reported, nothing is thrown. Traps with one evident
 * meaning are mended and read on, so that the mistakes after them come out in the same run.
 *
 * @returns undefined when the text cannot be read, or is empty; that has been reported
 */
export function readYaml(source: SourceFile, report: Report): Node | undefined {
  if (!isText(source, report)) return undefined;
  return readQuickly(unrepaired(source.text)) ?? readWhole(source, report);
}

/** The whole of YAML, by the library `yaml`. */
export function readWhole(source: SourceFile, report: Report): Node | undefined {
  let repaired = unrepaired(source.text);
  const removed = removeForbidden(repaired, report);
  if (removed.length > 0) repaired = repair(repaired, removed);
  let composed = compose(repaired.text);
  for (let round = 0; round < maxRepairs && mayHoldTraps(composed); round++) {
    const traps = findTraps(repaired.text);
    if (traps.length === 0) break;
    reportTraps(traps, repaired.toFile, report);
    if (traps.length > limits.traps) return undefined;
    repaired = repair(repaired, traps);
    composed = compose(repaired.text);
  }
  if (composed.isTooLarge) return tooLarge(`${limits.tokens} tokens of YAML`, report);
  return treeOf(composed, repaired, source, report);
}

/** Traps are mistakes to YAML, nest where nothing was meant to, or are suspicious. */
function mayHoldTraps({ errors, isSuspect, tooDeepAt }: Composed): boolean {
  return errors.length > 0 || isSuspect || tooDeepAt !== undefined;
}

function treeOf(composed: Composed, repaired: RepairedText, source: SourceFile, report: Report): Node | undefined {
  const { contents, errors, tooDeepAt } = composed;
  if (tooDeepAt !== undefined) {
    const start = repaired.toFile(tooDeepAt);
    report("yaml-too-deep", { start, end: Math.min(start + 1, source.text.length) }, { limit: limits.depth });
    return undefined;
  }
  if (errors.length > 0) {
    reportProblems(errors, repaired, report);
    return undefined;
  }
  if (contents === null || (contents.range[1] === contents.range[0] && source.text.trim() === "")) {
    report("yaml-empty", { start: 0, end: 0 }, undefined);
    return undefined;
  }
  return buildTree(contents, repaired, report);
}

/** YAML is text without control characters; whoever has them has saved the file as something else than UTF-8. */
function isText(source: SourceFile, report: Report): boolean {
  const { text } = source;
  if (text.length > limits.textLength) {
    tooLarge(`${limits.textLength} characters`, report);
    return false;
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const bad = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\r(?!\n)|(?!^)\ufeff|\ufffd/.exec(text);
  if (!bad) return true;
  const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  report("yaml-character", { start: bad.index, end: bad.index + 1 }, { code });
  return false;
}

function tooLarge(limit: string, report: Report): undefined {
  report("yaml-too-large", { start: 0, end: 0 }, { limit });
  return undefined;
}
