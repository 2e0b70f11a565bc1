import type { Constraints, Type } from "../../src/model/types.js";
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

/** `minimum 1, at most 20 characters` … as words. */
export function constraintText(constraints: Constraints): string {
  return Object.entries(orderedConstraints(constraints))
    .map(([keyword, value]) => `${keyword} ${String(value)}`)
    .join(", ");
}
