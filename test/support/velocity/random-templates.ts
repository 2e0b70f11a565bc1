/**
 * Templates that use Velocity as no author would: every directive, nested, with odd white space, escapes, macros, blocks,
 * ranges, methods, and text that nearly is a directive. The same seed gives the same template.
 *
 * @param slips  characters that are put in or taken out anywhere: most such templates are refused
 */
export function randomTemplate(seed: number, slips = 0): string {
  const writer = new TemplateWriter(seed);
  let text = writer.template();
  for (let at = 0; at < slips; at++) text = writer.slip(text);
  return text;
}

const names = ["a", "b", "c", "s", "n", "l", "m", "d", "i", "j", "none"];
const blanks = ["", "", "", " ", "  ", "\t", "\n", " \n", "\n\n", "\r\n", "\n  "];
const innerBlanks = ["", "", "", " ", "  ", "\t"];
const texts = "x|text|.|,|{|}|[|]|(|)|a.b|é|\"|'|-|1|%|@| | \n |\n|\t|~|!|*".split("|");
const numbers =
  "0|1|2|7|-1|-3|10|2147483647|-2147483648|2147483648|9223372036854775807|9223372036854775808|1.5|0.0|-2.5|1e3|1.0e-5|123456789.125|100000000.0|3.0|1E10|007".split(
    "|",
  );
const literals = [
  ...["''", '""', "'a'", '"a"', "'abc'", "'Hello World'", '"$a"', '"$!none"', '"x${a}y"', "'$a'", '"$l"', "'it''s'"],
  ...['"say ""hi"""', "'10'", "'1'", "'true'", '"a\\nb"', "'a\\b'", '"$a.length()"', "'\\u0041'", "'b,c,,d'"],
  ...['"#if(true)t#end"', '"#set($a=1)"', '"$foreach.index"', "'é'", '"\t"'],
];
const properties =
  "length()|size()|isEmpty()|toString()|keySet()|values()|entrySet()|a|b|k|empty|trim()|toUpperCase()|intValue()|doubleValue()|longValue()|key|value|first|index|count|hasNext|last|parent|parent.index".split(
    "|",
  );
const methods =
  "get|contains|indexOf|equals|substring|startsWith|endsWith|concat|charAt|containsKey|containsValue|remove|add|compareTo|addAll|equalsIgnoreCase|lastIndexOf|matches".split(
    "|",
  );
const methodsOfTwo =
  "replace|replaceAll|put|substring|set|subList|add|replaceFirst|getOrDefault|putIfAbsent|indexOf|startsWith".split(
    "|",
  );
const operators = "+|-|*|/|%|==|!=|<|>|<=|>=|eq|ne|lt|gt|le|ge|&&|and|or".split("|").concat("||");
const inLoops = [
  ...["$foreach.count", "$foreach.hasNext", "$velocityCount", "$foreach.index", "$i", "", "$!foreach.parent.count"],
  ...["#if($foreach.hasNext),#end", "#break", "#if($foreach.index == 1)#break#end", "#stop", "$foreach.first"],
  ...["$foreach.last", "$velocityHasNext"],
];
const escapes = [
  "#if",
  "#set($a = 1)",
  "#end",
  "#foreach",
  "\\$a",
  "$!a",
  "\\#set($b = 2)",
  "$none",
  "\\$none",
  "${a}",
];
const comments = ["## c\n", "#* c *#", "#[[ $a #if ]]#", "##\n", "#**#", "##"];
const slipTexts =
  "\\|\\\\|$|#|$$|##|!|\"|'|$!|${|#*|*#|$1|#1|# |$ |#if|#end|@|#{|}|(|)|[|]|.|,|\n| |\t|#else|#elseif(true)|#@|#[[|]]#|$a|\\$a|\\#if|#stop|#break|$x.|#set|-|$-|$a-b|$_a|#foo|#foo()|#end.|#else(|##\r\n|#{end}|#{else}x|#elsex|$a[|$a.b(|$a.|$a..b|$!{a}|$!!a|$!\\a|${a|{a}|#set($a)|#if()|1|é".split(
    "|",
  );

class TemplateWriter {
  #state: number;
  #macros: string[] = [];
  #made = 0;

  constructor(readonly seed: number) {
    this.#state = Math.imul(seed + 1, 2654435761) >>> 0;
  }

  template(): string {
    const n = this.#pick("3", "0", "-2", "1.5");
    const a = this.#pick("'x'", "5", "true", "[3]", "''");
    const start = `#set($s = 'Hello')#set($n = ${n})#set($l = [1, 'b', 2.5])#set($m = {'a': 1, 'k': 'v'})#set($a = ${a})\n`;
    return start + this.#many(1 + this.#int(6), () => this.#node(0));
  }

  slip(text: string): string {
    const start = text.indexOf("\n") + 1;
    const at = start + this.#int(text.length - start + 1);
    if (this.#int(3) === 0) return text.slice(0, at) + text.slice(at + 1 + this.#int(3));
    return text.slice(0, at) + this.#one(slipTexts) + text.slice(at);
  }

  #int(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below);
  }

  #one<T>(list: readonly T[]): T {
    return list[this.#int(list.length)] as T;
  }

  #pick<T>(...list: readonly T[]): T {
    return this.#one(list);
  }

  #many(count: number, make: () => string): string {
    return Array.from({ length: count }, make).join("");
  }

  #blank(): string {
    return this.#one(blanks);
  }

  #reference(depth = 0): string {
    const inside = this.#one(names) + this.#many(this.#int(3), () => this.#access(depth + 1));
    const [before, after] = this.#pick(["$", ""], ["$", ""], ["$!", ""], ["${", "}"], ["$!{", "}"]);
    return `${before}${inside}${after}`;
  }

  #access(depth: number): string {
    const of = this.#int(4);
    if (of === 0) return `.${this.#one(properties)}`;
    if (of === 1) return `[${this.#argument(depth)}]`;
    if (of === 2) return `.${this.#one(methods)}(${this.#one(innerBlanks)}${this.#argument(depth)})`;
    return `.${this.#one(methodsOfTwo)}(${this.#argument(depth)},${this.#one(innerBlanks)}${this.#argument(depth)})`;
  }

  #argument(depth: number): string {
    const of = this.#int(depth > 2 ? 2 : 4);
    if (of === 0) return this.#one(numbers);
    return of === 1 ? this.#one(literals) : this.#reference(depth);
  }

  #list(depth: number): string {
    if (this.#int(3) === 0)
      return `[${this.#pick("1", "-1", "$n", "0", "3")}${this.#one(innerBlanks)}..${this.#pick("3", "$n", "-2", "0", "5")}]`;
    const items = Array.from({ length: this.#int(4) }, () => this.#expression(depth + 1));
    return `[${this.#one(innerBlanks)}${items.join(this.#pick(",", ", ", " , "))}]`;
  }

  #map(depth: number): string {
    const entry = () =>
      `${this.#pick("'a'", '"b"', "'k'", "$s", "1", "'x y'")}${this.#one(innerBlanks)}:${this.#expression(depth + 1)}`;
    return `{${Array.from({ length: this.#int(4) }, entry).join(", ")}${this.#one(innerBlanks)}}`;
  }

  #expression(depth = 0): string {
    const of = this.#int(depth > 3 ? 8 : 14);
    if (of < 2) return this.#one(numbers);
    if (of < 4) return this.#one(literals);
    if (of < 7) return this.#reference(Math.min(depth, 2));
    if (of === 7) return this.#pick("true", "false");
    if (of === 8) return this.#list(depth);
    if (of === 9) return this.#map(depth);
    if (of === 10) return `${this.#pick("!", "not ")}${this.#expression(depth + 1)}`;
    if (of === 11) return `(${this.#one(innerBlanks)}${this.#expression(depth + 1)} )`;
    return `${this.#expression(depth + 1)} ${this.#one(operators)} ${this.#expression(depth + 1)}`;
  }

  #directive(name: string): string {
    return this.#pick(`#${name}`, `#${name}`, `#${name}`, `#{${name}}`) + this.#one(innerBlanks);
  }

  #set(): string {
    const name = this.#one(names);
    const target = this.#pick(name, name, name, `${name}.k`, `${name}.a`, `${name}[0]`, `${name}['k']`);
    return `#set${this.#pick("", " ")}(${this.#pick("$", "$", "$!")}${target}${this.#pick(" = ", "=")}${this.#expression()})`;
  }

  #block(depth: number): string {
    return this.#many(this.#int(5), () => this.#node(depth + 1));
  }

  #node(depth: number): string {
    const of = this.#int(depth > 4 ? 12 : 18);
    if (of < 2) return this.#one(texts);
    if (of < 4) return this.#blank();
    if (of < 7) return this.#reference();
    if (of < 10) return this.#set();
    if (of === 10) return depth === 0 ? this.#one(comments) : this.#one(texts);
    if (of === 11) return depth === 0 ? `\\${this.#one(escapes)}` : this.#reference();
    if (of < 14) return this.#if(depth);
    if (of < 16) return this.#foreach(depth);
    return of === 16 ? this.#define(depth) : this.#macro(depth);
  }

  #if(depth: number): string {
    const other = this.#int(3) === 0 ? `${this.#directive("elseif")}(${this.#expression(1)})${this.#block(depth)}` : "";
    const last = this.#int(2) === 0 ? `${this.#blank()}${this.#pick("#else", "#{else}")}${this.#block(depth)}` : "";
    const test = `${this.#directive("if")}(${this.#pick("true", "false", this.#expression(1))})`;
    return `${this.#blank()}${test}${this.#block(depth)}${other}${last}${this.#blank()}#end${this.#blank()}`;
  }

  #foreach(depth: number): string {
    const list = this.#pick(this.#list(1), this.#map(1), this.#reference(1));
    const body = `${this.#block(depth)}${this.#one(inLoops)}${this.#block(depth)}`;
    return `${this.#blank()}${this.#directive("foreach")}($${this.#pick("i", "j", "a")} in ${list})${body}#end${this.#blank()}`;
  }

  /** A block that shows itself ends differently in each Velocity: here each has a name of its own. */
  #define(depth: number): string {
    const name = `block${this.#made++}`;
    return `#define($${name})${this.#block(depth)}#end${this.#blank()}$${name}${this.#pick("", `$!${name}.a`, `"$${name}"`, `$${name}.toString()`, `#if($${name})yes#end`)}`;
  }

  /** Macros are known to all templates of an engine, so each has a name of its own. */
  #macro(depth: number): string {
    if (this.#macros.length > 0 && this.#int(2) === 0) {
      const name = this.#one(this.#macros);
      const given = this.#many(this.#int(3), () => `${this.#argument(1)} `);
      return this.#pick(`#${name}(${given})`, `#@${name}(${given})${this.#block(depth)}#end`);
    }
    const name = `m${this.seed}x${this.#made++}`;
    const uses = this.#pick("$p", "$!p", "$q", "$bodyContent", "$!bodyContent", "", "#set($p = 'z')$p", "$a");
    const macro = `#macro(${name} ${this.#pick("", "$p", "$p $q")})${this.#block(depth + 1)}${uses}#end`;
    if (depth === 0) this.#macros.push(name);
    return `${macro}${this.#blank()}#${name}(${this.#argument(1)}${this.#pick(" ", ", ")}${this.#argument(1)})`;
  }
}
