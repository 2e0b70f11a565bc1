import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { isNumber, JavaBigDecimal, JavaBigInteger, JavaLong, numberText, toDouble } from "../values/numbers.js";
import { innerText } from "../values/text.js";
import { JavaChar, type Value } from "../values/value.js";
import { isDouble, isInt } from "./signature.js";

const specifier = /%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;
const maxWidth = 10_000;

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly conversion: string;
}

/** `String.format` for %s %S %d %x %X %o %f %e %b %c %n %%, with flags, width and precision. */
export function formatText(pattern: string, args: readonly Value[], budget: Budget): string {
  let next = 0;
  let out = "";
  let from = 0;
  for (const match of pattern.matchAll(specifier)) {
    const [whole, index, flags = "", width, precision, conversion = ""] = match;
    const literal = pattern.slice(from, match.index);
    if (literal.includes("%")) throw methodError("UnknownFormatConversionException");
    out += literal;
    from = match.index + whole.length;
    const spec = {
      flags,
      width: limited(width),
      precision: precision === undefined ? undefined : limited(precision),
      conversion,
    };
    if (conversion === "n") out += "\n";
    else if (conversion === "%") out += pad("%", spec);
    else {
      const at = index === undefined ? next++ : Number(index) - 1;
      if (at >= args.length) throw methodError(`MissingFormatArgumentException: ${whole}`);
      out += pad(converted(args[at] ?? null, spec, budget), spec);
    }
    budget.length(out.length);
  }
  if (pattern.includes("%", from)) throw methodError("UnknownFormatConversionException");
  return out + pattern.slice(from);
}

function limited(digits: string | undefined): number {
  const width = Number(digits ?? 0);
  if (width > maxWidth) throw methodError("a format width this large is not supported");
  return width;
}

function pad(text: string, { flags, width, conversion }: Spec): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || !"dxXof".includes(conversion)) return text.padStart(width);
  const sign = /^[-+ (]/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
}

function converted(value: Value, spec: Spec, budget: Budget): string {
  const { conversion, precision } = spec;
  switch (conversion) {
    case "s":
    case "S":
    case "b":
    case "B": {
      const shown =
        conversion.toLowerCase() === "b"
          ? String(typeof value === "boolean" ? value : value !== null)
          : innerText(value, budget, 0);
      const text = precision === undefined ? shown : shown.slice(0, precision);
      return conversion >= "a" ? text : text.toUpperCase();
    }
    case "c":
      if (value === null) return "null";
      if (value instanceof JavaChar) return value.value;
      if (isInt(value) && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
      break;
    default:
      if (value === null) return "null";
      if (isNumber(value)) return formatNumber(value, spec);
  }
  throw methodError(`IllegalFormatConversionException: ${conversion}`);
}

function formatNumber(value: Extract<Value, ReturnType<typeof toDouble> | object>, spec: Spec): string {
  const whole = isInt(value as Value) || value instanceof JavaLong || value instanceof JavaBigInteger;
  const decimal = isDouble(value as Value) || value instanceof JavaBigDecimal;
  const { conversion } = spec;
  if (whole && conversion === "d") return signed(numberText(value as number), spec);
  if (whole && "xXo".includes(conversion)) return radix(value as Value, conversion);
  if (decimal && "feE".includes(conversion)) return signed(fraction(toDouble(value as number), spec), spec);
  throw methodError(`IllegalFormatConversionException: ${conversion}`);
}

function radix(value: Value, conversion: string): string {
  const base = conversion === "o" ? 8 : 16;
  let text: string;
  if (typeof value === "number") text = (value >>> 0).toString(base);
  else if (value instanceof JavaLong) text = BigInt.asUintN(64, value.value).toString(base);
  else text = (value as JavaBigInteger).value.toString(base);
  return conversion === "X" ? text.toUpperCase() : text;
}

function fraction(value: number, { conversion, precision = 6 }: Spec): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const digits = Math.min(precision, 100);
  if (conversion === "f") return value.toFixed(digits);
  const [mantissa, exponent = "0"] = value.toExponential(digits).split("e");
  const power = Number(exponent);
  const text = `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return conversion === "E" ? text.toUpperCase() : text;
}

function signed(text: string, { flags }: Spec): string {
  const negative = text.startsWith("-");
  let digits = negative ? text.slice(1) : text;
  if (flags.includes(",")) digits = digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ","));
  if (negative) return flags.includes("(") ? `(${digits})` : `-${digits}`;
  return (flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + digits;
}
