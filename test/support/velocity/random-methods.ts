/**
 * Small templates that call Java's methods on values of every class, with arguments that fit and that do not, and calculate with
 * what comes of it. The same seed gives the same template.
 */
export function randomMethods(seed: number): string {
  const random = new Random(seed);
  const calls = Array.from({ length: 1 + random.below(2) }, () => {
    switch (random.below(6)) {
      case 0:
        return format(random);
      case 1:
        return floats(random);
      case 2:
        return bigIntegers(random);
      case 3:
        return `#define($block)${call(random)}#end$block$block.toString()`;
      default:
        return `[${random.one(["", "!"]) === "" ? "$" : "$!"}${call(random).slice(1)}]#set($c = ${call(random)})[$c]`;
    }
  });
  return `${values(random)}${calls.join("")}$l$m`;
}

const receivers: Readonly<Record<string, string>> = {
  s: "length isEmpty toUpperCase trim charAt indexOf lastIndexOf substring subSequence replace contains startsWith endsWith concat equals equalsIgnoreCase compareTo compareToIgnoreCase toString hashCode codePointAt codePointBefore codePointCount regionMatches isBlank strip repeat split matches replaceAll replaceFirst",
  n: "intValue longValue doubleValue floatValue shortValue byteValue toString equals hashCode compareTo parseInt toHexString toBinaryString compare max min sum bitCount signum",
  L: "intValue longValue doubleValue floatValue toString equals hashCode compareTo parseLong toHexString toBinaryString toOctalString compare max min sum signum",
  d: "intValue longValue doubleValue floatValue toString equals hashCode compareTo parseDouble compare max min sum isNaN isInfinite",
  l: "size isEmpty get contains indexOf lastIndexOf add addAll remove set toString equals hashCode clear containsAll removeAll retainAll toArray sort trimToSize iterator",
  m: "size isEmpty get put containsKey containsValue keySet values entrySet remove putAll getOrDefault putIfAbsent toString equals hashCode replace",
  x: "booleanValue toString equals hashCode compareTo parseBoolean compare logicalAnd logicalOr",
};
const argumentsOf = [
  ..."0 1 2 -1 3 100 2147483647 2147483648 9223372036854775808 1.0 2.5 -0.5 1e10 true false".split(" "),
  ...["''", "'a'", "'b'", "'Hello'", "','", "'o'", "'7'", "'2.5'", "'true'", "'é'", '"$s"', "'(l+)(o)'", "'$1'"],
  ...["[]", "[1]", "['a', 3]", "{}", "{'a': 1}", "[1..3]", "$none", "$s", "$n", "$L", "$d", "$l", "$m", "$x", "$B"],
];

function values(random: Random): string {
  const n = random.one(["7", "-3", "0"]);
  return `#set($s = 'Hello, World')#set($n = ${n})#set($L = 5000000000)#set($d = 2.5)#set($l = [3, 'a', 2.5, true])#set($m = {'a': 1, 'b': 'two'})#set($x = true)#set($B = 123456789012345678901234567890)#set($C = -98765432109876543210)`;
}

function call(random: Random): string {
  const name = random.one(Object.keys(receivers));
  const method = random.one((receivers[name] ?? "").split(" "));
  const given = Array.from({ length: random.one([0, 0, 1, 1, 1, 2, 2]) }, () => random.one(argumentsOf));
  return `$${name}.${method}(${given.join(", ")})`;
}

function format(random: Random): string {
  const flags = random.one(["", "", "", "-", "+", "0", ",", " ", "(", ",0"]);
  const precision = random.one(["", ".0", ".1", ".2", ".3", ".5", ".10"]);
  const conversion = random.one(["f", "f", "e", "E", "d", "s", "x", "b"]);
  const value = random.one([`${number(random)}.doubleValue()`, "$n", "$s", "$L", "$B", "$none", "$d.floatValue()"]);
  const shown = value.startsWith("$") ? value : `$v${value.slice(value.indexOf(".doubleValue"))}`;
  const set = value.startsWith("$") ? "" : `#set($v = ${value.replace(".doubleValue()", "")})`;
  return `${set}[$s.format('%${flags}${random.one(["", "8", "12"])}${precision}${conversion}', ${shown})]`;
}

function floats(random: Random): string {
  const operator = random.one(["+", "-", "*", "/", "%"]);
  const other = random.one(["$w.floatValue()", "$n", "$w", "$w.intValue()", "$B"]);
  const test = `$v.floatValue() ${random.one(["==", "<", ">=", "!="])} ${random.one(["$w.floatValue()", "$v", "$n", "$w"])}`;
  return `#set($v = ${number(random)})#set($w = ${number(random)})#set($c = $v.floatValue() ${operator} ${other})[$v.floatValue()][$c][$c.intValue()]#if(${test})T#end[$v.floatValue().hashCode()]`;
}

function bigIntegers(random: Random): string {
  const other = random.one(["$B", "$C", "$B.negate()", "$B.valueOf(7)", "$B.valueOf($n)", "$n"]);
  const of = random.one(
    "add subtract multiply divide remainder mod gcd max min compareTo equals"
      .split(" ")
      .map((name) => `${name}(${other})`),
  );
  const alone = random.one(
    "abs() negate() pow(3) pow(-1) bitLength() toString(16) signum() hashCode() intValue()".split(" "),
  );
  return `[$B.${of}][$C.${of}][$B.${alone}][$C.${alone}]`;
}

function number(random: Random): string {
  const whole = () => String(random.below(2000) - 1000);
  const decimal = () => `${whole()}.${random.below(1000)}`;
  const wide = () => `${random.below(1000) + 1}.0e${random.below(40) - 20}`;
  return random.one([whole, decimal, wide, () => random.one(["0.5", "1.005", "0.125", "0.0", "9.995", "1e-7"])])();
}

class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 11, 2654435761) >>> 0;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * limit);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
