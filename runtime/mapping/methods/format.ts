import type { Budget } from "../budget.js";
import { methodError } from "../template-error.js";
import { digitsOf } from "../values/double-text.js";
import {
  isDouble,
  isNumber,
  JavaBigDecimal,
  JavaBigInteger,
  JavaFloat,
  JavaLong,
  numberText,
  toDouble,
} from "../values/numbers.js";
import { innerText } from "../values/text.js";
import { JavaChar, type Value } from "../values/value.js";
import { isInt } from "./signature.js";

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
    checkFlags(spec, width !== undefined);
    if (conversion === "n") out += "\n";
    else if (conversion === "%") out += pad("%", spec);
    else {
      const at = index === undefined ? next++ : Number(index) - 1;
      if (at >= args.length) throw methodError(`MissingFormatArgumentException: ${whole}`);
      const value = args[at] ?? null;
      const isText = value !== null || conversion.toLowerCase() === "b";
      out += isText ? pad(converted(value, spec, budget), spec) : nullText(spec);
    }
    budget.length(out.length);
  }
  if (pattern.includes("%", from)) throw methodError("UnknownFormatConversionException");
  return out + pattern.slice(from);
}

/** Flags that each kind of conversion takes; only numbers in decimal are grouped. */
const flagsOf: Readonly<Record<string, string>> = { d: "-+ 0,(", f: "-#+ 0,(", e: "-#+ 0(", x: "-#+ 0(", o: "-#+ 0(" };

/** @throws TemplateError where Java's Formatter refuses a conversion, whatever its argument */
function checkFlags({ flags, precision, conversion }: Spec, hasWidth: boolean): void {
  const allowed = flagsOf[conversion.toLowerCase()] ?? "-";
  const isRefused =
    [...flags].some((flag, at) => !allowed.includes(flag) || flags.indexOf(flag) !== at) ||
    (flags.includes("-") && flags.includes("0")) ||
    (flags.includes("+") && flags.includes(" "));
  if (isRefused) throw methodError(`IllegalFormatFlagsException: ${flags}`);
  if (!hasWidth && /[-0]/.test(flags)) throw methodError(`MissingFormatWidthException: %${flags}${conversion}`);
  if (precision !== undefined && !"sSbBfeE".includes(conversion))
    throw methodError(`IllegalFormatPrecisionException: ${precision}`);
}

function limited(digits: string | undefined): number {
  const width = Number(digits ?? 0);
  if (width > maxWidth) throw methodError("a format width this large is not supported");
  return width;
}

/** Null is a text for all conversions: cut to the precision, and never filled with zeros. */
function nullText({ flags, width, precision, conversion }: Spec): string {
  const cut = precision === undefined ? "null" : "null".slice(0, precision);
  const text = conversion >= "a" ? cut : cut.toUpperCase();
  return flags.includes("-") ? text.padEnd(width) : text.padStart(width);
}

function pad(text: string, { flags, width, conversion }: Spec): string {
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || !"dxXofeE".includes(conversion)) return text.padStart(width);
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
      if (value instanceof JavaChar) return value.value;
      if (isInt(value) && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
      break;
    default:
      if (isNumber(value)) return formatNumber(value, spec);
  }
  throw methodError(`IllegalFormatConversionException: ${conversion}`);
}

function formatNumber(value: Extract<Value, ReturnType<typeof toDouble> | object>, spec: Spec): string {
  const whole = isInt(value as Value) || value instanceof JavaLong || value instanceof JavaBigInteger;
  const decimal = isDouble(value) || value instanceof JavaFloat || value instanceof JavaBigDecimal;
  const { conversion } = spec;
  if (whole && conversion === "d") return signed(numberText(value as number), spec);
  if (whole && "xXo".includes(conversion)) return radix(value as Value, spec);
  if (decimal && "feE".includes(conversion)) return signed(fraction(toDouble(value as number), spec), spec);
  throw methodError(`IllegalFormatConversionException: ${conversion}`);
}

/** Of an Integer or Long the bits are shown, so that there is no sign. */
function radix(value: Value, spec: Spec): string {
  const base = spec.conversion === "o" ? 8 : 16;
  const isBig = value instanceof JavaBigInteger;
  if (!isBig && /[+ (]/.test(spec.flags)) throw methodError(`FormatFlagsConversionMismatchException: ${spec.flags}`);
  let text: string;
  if (typeof value === "number") text = (value >>> 0).toString(base);
  else if (value instanceof JavaLong) text = BigInt.asUintN(64, value.value).toString(base);
  else text = signed((value as JavaBigInteger).value.toString(base), spec);
  return spec.conversion === "X" ? text.toUpperCase() : text;
}

function fraction(value: number, { conversion, precision = 6 }: Spec): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  // Java's Formatter rounds the digits that the number prints, a half up.
  const { digits, point } = value === 0 ? { digits: "0", point: 1 } : digitsOf(Math.abs(value));
  if (conversion === "f") return sign + fixed(digits, point, precision);
  const { digits: made, carry } = roundedTo(digits, precision + 1);
  const rounded = made.slice(0, precision + 1);
  const power = value === 0 ? 0 : point - 1 + carry;
  const mantissa = precision === 0 ? rounded : `${rounded[0]}.${rounded.slice(1)}`;
  const text = `${sign}${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  return conversion === "E" ? text.toUpperCase() : text;
}

function fixed(digits: string, point: number, precision: number): string {
  const { digits: kept, carry } = roundedTo(
    point < 0 ? "0".repeat(-point) + digits : digits,
    Math.max(point, 0) + precision,
  );
  const whole = Math.max(point, 0) + carry;
  const text = kept.slice(whole);
  return (kept.slice(0, whole) || "0") + (precision === 0 ? "" : `.${text}`);
}

/** So many digits and, where rounding makes one more, that one before them. */
function roundedTo(digits: string, count: number): { readonly digits: string; readonly carry: number } {
  const kept = digits.slice(0, count).padEnd(count, "0");
  if ((digits[count] ?? "0") < "5") return { digits: kept, carry: 0 };
  const next = String(BigInt(kept === "" ? "0" : kept) + 1n).padStart(count, "0");
  return { digits: next, carry: next.length - count };
}

function signed(text: string, { flags }: Spec): string {
  const negative = text.startsWith("-");
  let digits = negative ? text.slice(1) : text;
  if (flags.includes(",")) digits = digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(?:\d{3})+$)/g, ","));
  if (negative) return flags.includes("(") ? `(${digits})` : `-${digits}`;
  return (flags.includes("+") ? "+" : flags.includes(" ") ? " " : "") + digits;
}
