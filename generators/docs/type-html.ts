import type { Constraints, Docs, JsonValue, Type } from "../../src/model/types.js";
import { orderedConstraints } from "../emit/schema-walk.js";
import { typeText } from "../emit/type-text.js";
import { escapeHtml } from "./html.js";

/** Where a model is shown. */
export type ModelLink = (model: string) => string;

/** A type as the file writes it, with its models as links. Names stand for themselves until the text is escaped. */
export function typeHtml(type: Type, link: ModelLink): string {
  const names: string[] = [];
  const text = typeText(type, {
    scalars: "gateway",
    nameOf: (model) => {
      names.push(model);
      return `\ue000${names.length - 1}\ue001`;
    },
  });
  return escapeHtml(text.replace(/[\ue000\ue001](?!\d|$)/g, (mark) => mark)).replace(
    /\ue000(\d+)\ue001/g,
    (_, at: string) => {
      const model = names[Number(at)] ?? "";
      return `<a href="${escapeHtml(link(model))}">${escapeHtml(model)}</a>`;
    },
  );
}

/** The same without the limits of the type itself, which `limitsText` says in words. */
export function looseTypeHtml(type: Type, link: ModelLink): string {
  return typeHtml({ ...type, constraints: {} }, link);
}

/** `at least 1 item, no item twice, by default []`. */
export function limitsText(type: Type, { default: own }: Docs = type.docs): string {
  const usual = own ?? type.docs.default;
  const limits = Object.entries(orderedConstraints(type.constraints)).flatMap(([keyword, value]) =>
    limitText(keyword, value, type.constraints),
  );
  return [...limits, ...(usual === undefined ? [] : [`by default ${JSON.stringify(usual)}`])].join(", ");
}

function limitText(keyword: string, value: JsonValue, { exclusiveMinimum, exclusiveMaximum }: Constraints): string[] {
  const of = (what: string) => `${String(value)} ${what}${value === 1 ? "" : "s"}`;
  switch (keyword) {
    case "minimum":
      return [`${exclusiveMinimum ? "more than" : "at least"} ${String(value)}`];
    case "maximum":
      return [`${exclusiveMaximum ? "less than" : "at most"} ${String(value)}`];
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return [];
    case "multipleOf":
      return [`a multiple of ${String(value)}`];
    case "minLength":
      return [`at least ${of("character")}`];
    case "maxLength":
      return [`at most ${of("character")}`];
    case "minItems":
      return [`at least ${of("item")}`];
    case "maxItems":
      return [`at most ${of("item")}`];
    case "uniqueItems":
      return value === true ? ["no item twice"] : [];
    case "minProperties":
      return [`at least ${of("member")}`];
    case "maxProperties":
      return [`at most ${of("member")}`];
    case "pattern":
      return [`matches ${String(value)}`];
    default:
      return [`${keyword} ${String(value)}`];
  }
}
