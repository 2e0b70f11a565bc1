import { readAnchor, readCharacter } from "./characters.js";
import { classOf, readClass } from "./classes.js";
import { Numbering, type Print, text } from "./numbering.js";
import { PatternReader } from "./pattern-reader.js";

/**
 * A pattern of java.util.regex as the source of a JavaScript RegExp with the flag `u`, which finds the same. Selection
 * patterns are Java's (aws-behaviour.md section 10): inline flags, `\Q…\E`, POSIX classes, intersections of classes,
 * possessive quantifiers and atomic groups are rewritten; what JavaScript shares goes over as it is.
 *
 * @throws JavaPatternError for what Java refuses, and for what has no form in JavaScript (the flags u and U, `\G`, `\X`)
 */
export function javaPattern(source: string): string {
  const reader = new PatternReader(source);
  const print = alternatives(reader);
  if (reader.isMore) reader.fail('a ")" has no "("');
  const printed = print(new Numbering());
  try {
    new RegExp(printed, "u");
  } catch {
    reader.fail("it has no form that runs here");
  }
  return printed;
}

/** The same for a pattern that must match the whole text. */
export function wholeJavaPattern(source: string): string {
  return `^(?:${javaPattern(source)})$`;
}

/** Flags that are set inside hold to the end of the group, over its alternatives too. */
function alternatives(reader: PatternReader): Print {
  const flags = reader.flags;
  const branches = [sequence(reader)];
  while (reader.take("|")) branches.push(sequence(reader));
  reader.flags = flags;
  return (numbering) => branches.map((print) => print(numbering)).join("|");
}

function sequence(reader: PatternReader): Print {
  const items: Print[] = [];
  for (reader.skip(); reader.isMore && !reader.sees("|") && !reader.sees(")"); reader.skip()) {
    const atom = readAtom(reader);
    reader.skip();
    if (atom !== undefined) items.push(repeated(reader, atom));
  }
  return (numbering) => items.map((print) => print(numbering)).join("");
}

interface Atom {
  readonly print: Print;
  /** Looks at a place and takes no text: JavaScript repeats it in a group only. */
  readonly isAssertion?: boolean;
}

/** Undefined: flags, which match nothing. */
function readAtom(reader: PatternReader): Atom | undefined {
  if (reader.sees("(")) return readGroup(reader);
  const anchor = readAnchor(reader);
  if (anchor !== undefined) return { print: text(anchor), isAssertion: true };
  if (reader.take(".")) return { print: text(reader.dot()) };
  if (reader.take("[")) return { print: text(classOf(readClass(reader))) };
  const reference = readReference(reader);
  return { print: reference ?? text(readCharacter(reader)) };
}

function repeated(reader: PatternReader, { print, isAssertion = false }: Atom): Print {
  const times = reader.match(/[*+?]|\{\d+(?:,\d*)?\}/y);
  if (times === undefined) return print;
  const one: Print = isAssertion ? (numbering) => `(?:${print(numbering)})` : print;
  if (reader.take("?")) return (numbering) => `${one(numbering)}${times}?`;
  if (reader.take("+")) return atomic((numbering) => `${one(numbering)}${times}`);
  return (numbering) => `${one(numbering)}${times}`;
}

/** What has matched is not given back: a look-ahead that took a group, and the group. */
function atomic(print: Print): Print {
  return (numbering) => {
    const group = numbering.add();
    return `(?:(?=(${print(numbering)}))\\${group})`;
  };
}

function readGroup(reader: PatternReader): Atom | undefined {
  const look = reader.match(/\(\?(?:<?[=!])/y);
  if (look !== undefined) return { print: wrapped(reader, look), isAssertion: true };
  if (reader.match(/\(\?>/y) !== undefined) return { print: atomic(inside(reader)) };
  const name = reader.match(/\(\?<[A-Za-z][A-Za-z0-9]*>/y);
  if (name !== undefined) return { print: captured(reader, name.slice(3, -1)) };
  const flags = reader.match(/\(\?[a-zA-Z]*(?:-[a-zA-Z]*)?[:)]/y);
  if (flags === undefined) {
    if (reader.match(/\(\?/y) !== undefined) reader.fail("there is no such kind of group");
    reader.take("(");
    return { print: captured(reader, undefined) };
  }
  const before = reader.flags;
  reader.flags = reader.changedFlags(flags.slice(2, -1));
  if (flags.endsWith(")")) return undefined;
  const print = wrapped(reader, "(?:");
  reader.flags = before;
  return { print };
}

function wrapped(reader: PatternReader, open: string): Print {
  const print = inside(reader);
  return (numbering) => `${open}${print(numbering)})`;
}

function inside(reader: PatternReader): Print {
  const print = alternatives(reader);
  if (!reader.take(")")) reader.fail('a "(" is not closed');
  return print;
}

function captured(reader: PatternReader, name: string | undefined): Print {
  const own = reader.openGroup(name);
  const print = inside(reader);
  return (numbering) => {
    numbering.open(own);
    return `(${print(numbering)})`;
  };
}

/** `\1` and `\k<name>`: as many digits as name a group. */
function readReference(reader: PatternReader): Print | undefined {
  const named = reader.match(/\\k<[A-Za-z][A-Za-z0-9]*>/y);
  const own = named === undefined ? reader.groupNumber() : reader.groupOf(named.slice(3, -1));
  if (own === undefined) return undefined;
  if (reader.flags.i) reader.fail("a reference to a group cannot disregard case");
  return (numbering) => `(?:\\${numbering.of(own)})`;
}
