import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { JavaArray, JavaCollection } from "../values/collections.js";
import { hashOf } from "../values/equality.js";
import { innerText } from "../values/text.js";
import { JavaChar, type Value } from "../values/value.js";
import { formatText } from "./format.js";
import { int, type MethodTable, methodTable, text, wrongClass } from "./signature.js";

/** `java.lang.String`, without what needs regular expressions (regex-methods.ts). */
export const stringMethods: MethodTable<string> = methodTable<string>({
  "length()": (self) => self.length,
  "isEmpty()": (self) => self === "",
  "isBlank()": (self) => javaStrip(self) === "",
  "toString()": (self) => self,
  "intern()": (self) => self,
  "hashCode()": (self, _args, budget) => hashOf(self, budget),
  "equals(Object)": (self, [other]) => self === other,
  "contentEquals(String)": (self, [other]) => self === text(other),
  "equalsIgnoreCase(String)": (self, [other]) => typeof other === "string" && foldCase(self) === foldCase(other),
  "compareTo(String)": (self, [other]) => compareTexts(self, text(other)),
  "compareTo(Object)": wrongClass,
  "compareToIgnoreCase(String)": (self, [other]) => compareTexts(foldCase(self), foldCase(text(other))),
  "charAt(int)": (self, [index]) => new JavaChar(charAt(self, int(index))),
  "codePointAt(int)": (self, [index]) => {
    charAt(self, int(index));
    return self.codePointAt(int(index)) ?? 0;
  },
  "codePointBefore(int)": (self, [index]) => {
    charAt(self, int(index) - 1);
    const pair = self.codePointAt(int(index) - 2) ?? 0;
    return pair > 0xffff ? pair : self.charCodeAt(int(index) - 1);
  },
  "codePointCount(int,int)": (self, [from, to]) => [...substring(self, int(from), int(to))].length,
  "contains(String)": (self, [other], budget) => found(self, text(other), budget) >= 0,
  "startsWith(String)": (self, [other]) => self.startsWith(text(other)),
  "startsWith(String,int)": (self, [other, from]) => int(from) >= 0 && startsAt(self, text(other), int(from)),
  "endsWith(String)": (self, [other]) => self.endsWith(text(other)),
  "indexOf(String)": (self, [other], budget) => found(self, text(other), budget),
  "indexOf(int)": (self, [code]) => self.indexOf(codeText(int(code))),
  "indexOf(String,int)": (self, [other, from], budget) => found(self, text(other), budget, int(from)),
  "indexOf(int,int)": (self, [code, from]) => self.indexOf(codeText(int(code)), int(from)),
  "lastIndexOf(String)": (self, [other], budget) => lastFound(self, text(other), budget),
  "lastIndexOf(int)": (self, [code]) => self.lastIndexOf(codeText(int(code))),
  "lastIndexOf(String,int)": (self, [other, from], budget) => lastFound(self, text(other), budget, int(from)),
  "lastIndexOf(int,int)": (self, [code, from]) =>
    int(from) < 0 ? -1 : self.lastIndexOf(codeText(int(code)), int(from)),
  "substring(int)": (self, [from]) => substring(self, int(from), self.length),
  "substring(int,int)": (self, [from, to]) => substring(self, int(from), int(to)),
  "subSequence(int,int)": (self, [from, to]) => substring(self, int(from), int(to)),
  "concat(String)": (self, [other], budget) => budget.text(self + text(other)),
  "replace(char,char)": (self, [from, to], budget) =>
    replaced(self, (from as JavaChar).value, (to as JavaChar).value, budget),
  "replace(String,String)": (self, [from, to], budget) => replaced(self, text(from), text(to), budget),
  "toLowerCase()": (self, _args, budget) => budget.text(self.toLowerCase()),
  "toUpperCase()": (self, _args, budget) => budget.text(self.toUpperCase()),
  "trim()": (self) => javaTrim(self),
  "strip()": (self) => javaStrip(self),
  "stripLeading()": (self) => self.slice(stripStart(self)),
  "stripTrailing()": (self) => self.slice(0, stripEnd(self)),
  "repeat(int)": (self, [count], budget) => {
    if (int(count) < 0) throw methodError(`count is negative: ${int(count)}`);
    budget.length(self.length * int(count));
    return self.repeat(int(count));
  },
  "regionMatches(int,String,int,int)": (self, [at, other, from, length]) =>
    regionMatches(self, int(at), text(other), int(from), int(length)),
  "regionMatches(boolean,int,String,int,int)": (self, [ignore, at, other, from, length]) =>
    ignore === true
      ? regionMatches(foldCase(self), int(at), foldCase(text(other)), int(from), int(length))
      : regionMatches(self, int(at), text(other), int(from), int(length)),
  "toCharArray()": (self, _args, budget) => {
    budget.items(self.length);
    budget.step(self.length);
    return new JavaArray(
      Array.from({ length: self.length }, (_, index) => new JavaChar(self[index] ?? "")),
      "C",
    );
  },
  "valueOf(Object)": (_self, [value], budget) => charsText(value) ?? innerText(value ?? null, budget, 0),
  "valueOf(Characters)": (_self, chars) => charsText(new JavaArray([...chars], "C")) ?? "",
  "copyValueOf(Characters)": (_self, [first, ...rest]) =>
    charsText(first) ?? charsText(new JavaArray(first === undefined ? rest : [first, ...rest], "C")) ?? "",
  "format(String,Objects)": (_self, [pattern, ...args], budget) => formatText(text(pattern), args, budget),
  "formatted(Objects)": (self, args, budget) => formatText(self, args, budget),
  "join(String,Collection)": (_self, [separator, list], budget) => joined(text(separator), list, budget),
  "join(String,Strings)": (_self, [separator, ...parts], budget) =>
    budget.text(parts.map((part) => part ?? "null").join(text(separator))),
});

/** Text of an array of chars. */
function charsText(value: Value | undefined): string | undefined {
  if (!(value instanceof JavaArray) || value.type !== "C") return undefined;
  return value.items.map((char) => (char instanceof JavaChar ? char.value : "")).join("");
}

function charAt(self: string, index: number): string {
  const char = self[index];
  if (char === undefined) throw methodError(`String index out of range: ${index}`);
  return char;
}

function codeText(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\u{10ffff}\u{10ffff}";
}

function substring(self: string, from: number, to: number): string {
  if (from < 0 || to > self.length || from > to) throw methodError(`begin ${from}, end ${to}, length ${self.length}`);
  return self.slice(from, to);
}

function found(self: string, other: string, budget: Budget, from = 0): number {
  budget.through(self.length);
  return self.indexOf(other, Math.max(0, from));
}

function lastFound(self: string, other: string, budget: Budget, from = self.length): number {
  budget.through(self.length);
  return from < 0 ? -1 : self.lastIndexOf(other, from);
}

function startsAt(self: string, other: string, from: number): boolean {
  return from <= self.length && self.startsWith(other, from);
}

/** `replace`: every occurrence, measured before it is made. */
function replaced(self: string, from: string, to: string, budget: Budget): string {
  budget.through(self.length);
  if (from === "") {
    budget.length(self.length + (self.length + 1) * to.length);
    return to + [...Array(self.length).keys()].map((index) => self[index] + to).join("");
  }
  const parts = self.split(from);
  budget.length(self.length + (parts.length - 1) * (to.length - from.length));
  return parts.join(to);
}

/** `trim()`: everything up to U+0020 goes. */
function javaTrim(self: string): string {
  let start = 0;
  let end = self.length;
  while (start < end && self.charCodeAt(start) <= 32) start++;
  while (end > start && self.charCodeAt(end - 1) <= 32) end--;
  return self.slice(start, end);
}

/** Character.isWhitespace: Unicode spaces that may break a line, and the control characters that separate. */
export function isWhite(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a && code !== 0x2007) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x205f ||
    code === 0x3000
  );
}

function stripStart(self: string): number {
  let start = 0;
  while (start < self.length && isWhite(self.charCodeAt(start))) start++;
  return start;
}

function stripEnd(self: string): number {
  let end = self.length;
  while (end > 0 && isWhite(self.charCodeAt(end - 1))) end--;
  return end;
}

function javaStrip(self: string): string {
  const start = stripStart(self);
  return start === self.length ? "" : self.slice(start, stripEnd(self));
}

/** Case folding of `equalsIgnoreCase`: upper, then lower, character by character. */
function foldCase(self: string): string {
  let out = "";
  for (const char of self) {
    const upper = char.toUpperCase();
    out += (upper.length === char.length ? upper : char).toLowerCase();
  }
  return out;
}

function compareTexts(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const difference = left.charCodeAt(i) - right.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function regionMatches(self: string, at: number, other: string, from: number, length: number): boolean {
  if (at < 0 || from < 0 || at + length > self.length || from + length > other.length) return false;
  return length <= 0 || self.slice(at, at + length) === other.slice(from, from + length);
}

/** Null fits both overloads, so that Velocity takes neither. */
function joined(separator: string, list: Value | undefined, budget: Budget): string | null {
  if (list === null) return null;
  if (!(list instanceof JavaCollection)) throw methodError("NullPointerException");
  let out = "";
  list.items.forEach((item, index) => {
    if (item !== null && typeof item !== "string") throw methodError("ClassCastException");
    out += (index > 0 ? separator : "") + (item ?? "null");
    budget.length(out.length);
  });
  return out;
}
