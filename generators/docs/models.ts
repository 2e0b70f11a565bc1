import { typeOf } from "../../src/model/by-name.js";
import type { GatewayModel } from "../../src/model/gateway-model.js";
import { referencesOf } from "../../src/model/type-questions.js";
import type { JsonValue, Model, Type } from "../../src/model/types.js";
import { sampleValue } from "../emit/sample.js";
import { modelText } from "../emit/type-text.js";
import { uniqueNames } from "../emit/unique-names.js";
import { slugOf } from "./html.js";
import { renderMarkdown } from "./markdown.js";
import { limitsText, looseTypeHtml } from "./type-html.js";

export interface ModelPlan {
  readonly id: string;
  readonly name: string;
  readonly aboutHtml: string;
  readonly source: string;
  readonly rows: readonly RowPlan[];
  readonly sample: string;
  readonly usedBy: readonly { readonly href: string; readonly label: string }[];
}

export interface RowPlan {
  readonly name: string;
  readonly place: string;
  readonly typeHtml: string;
  readonly required: boolean;
  readonly aboutHtml: string;
  readonly limits: string;
}

/** Something that is shown elsewhere, and the types that it has. */
export interface TypeUse {
  readonly label: string;
  readonly href: string;
  readonly types: readonly Type[];
}

/** The file's models. */
export interface Models {
  /** Slugs of different names may be the same; these are not. */
  readonly anchors: ReadonlyMap<string, string>;
  lookup(model: string): Type | undefined;
  /** Where a model is shown. */
  link(model: string): string;
}

export function modelsOf({ models }: GatewayModel): Models {
  const anchors = uniqueNames(
    models.map(({ name }) => name),
    slugOf,
  );
  return { anchors, lookup: (name) => typeOf(models, name), link: (name) => `models.html#${anchors.get(name)}` };
}

/** @param uses  of operations and messages; those of models are added */
export function modelPlans(model: GatewayModel, models: Models, uses: readonly TypeUse[]): readonly ModelPlan[] {
  const own = model.models.map(({ name, type }) => ({ label: name, href: models.link(name), types: [type] }));
  const users = new Map<string, { href: string; label: string }[]>();
  for (const { types, label, href } of [...uses, ...own])
    for (const name of new Set(types.flatMap((type) => [...referencesOf(type)])))
      if (name !== label) users.set(name, [...(users.get(name) ?? []), { href, label }]);
  return model.models.map((entry) => ({
    id: models.anchors.get(entry.name) ?? "",
    name: entry.name,
    aboutHtml: renderMarkdown(entry.docs.description ?? ""),
    source: modelText(entry, { scalars: "gateway" }),
    rows: propertyRows(entry, models),
    sample: sampleJson(entry.type, models),
    usedBy: users.get(entry.name) ?? [],
  }));
}

function propertyRows({ type }: Model, models: Models): readonly RowPlan[] {
  if (type.kind !== "object") return [];
  return type.properties.map((property) => ({
    name: property.name,
    place: property.readOnly ? "read only" : property.writeOnly ? "write only" : "",
    typeHtml: looseTypeHtml(property.type, models.link),
    required: !property.optional,
    aboutHtml: renderMarkdown(property.docs.description ?? ""),
    limits: limitsText(property.type, property.docs),
  }));
}

/** A value of the type, as JSON; empty for bytes. */
export function sampleJson(type: Type, { lookup }: Models): string {
  const isBytes = type.kind === "primitive" && type.name === "binary";
  return isBytes ? "" : JSON.stringify(sampleValue(type, lookup) as JsonValue, undefined, 2);
}
