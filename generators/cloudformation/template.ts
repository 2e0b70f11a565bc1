import { createHash } from "node:crypto";
import type { JsonValue } from "../../src/model/types.js";
import { isJsonObject, type JsonObject, jsonObject, objectOf } from "../emit/stable-json.js";

export interface Parameter {
  readonly description: string;
  /** Undefined: it has to be given. */
  readonly preset: string | undefined;
  readonly isSecret?: boolean;
}

/** A template under construction: names are unique, order is that of adding. */
export class Template {
  readonly #parameters = new Map<string, Parameter>();
  readonly #conditions = new Map<string, JsonValue>();
  readonly #resources = new Map<string, JsonObject>();
  readonly #outputs = new Map<string, JsonObject>();

  parameter(name: string, parameter: Parameter): JsonObject {
    if (!this.#parameters.has(name)) this.#parameters.set(name, parameter);
    return { Ref: name };
  }

  /** Whether a parameter that may stay empty is given. */
  given(parameter: string): string {
    const name = `Has${parameter}`;
    this.#conditions.set(name, { "Fn::Not": [{ "Fn::Equals": [{ Ref: parameter }, ""] }] });
    return name;
  }

  condition(name: string, condition: JsonValue): string {
    this.#conditions.set(name, condition);
    return name;
  }

  resource(id: string, type: string, properties: JsonObject, more: JsonObject = {}): JsonObject {
    this.#resources.set(id, { Type: type, ...more, Properties: properties });
    return { Ref: id };
  }

  output(name: string, description: string, value: JsonValue): void {
    this.#outputs.set(name, { Description: description, Value: value });
  }

  /** The template with another property in place of one of a resource's. */
  withProperty(id: string, from: string, to: string, value: JsonValue): this {
    const resource = this.#resources.get(id);
    const properties = resource?.["Properties"];
    if (!resource || !isJsonObject(properties)) return this;
    const others = Object.entries(properties).filter(([name]) => name !== from);
    this.#resources.set(id, { ...resource, Properties: objectOf([...others, [to, value]]) });
    return this;
  }

  print(description: string): JsonObject {
    const parameters = [...this.#parameters].map(
      ([name, { description: about, preset, isSecret }]) =>
        [
          name,
          jsonObject({ Type: "String", Description: about, Default: preset, NoEcho: isSecret ? true : undefined }),
        ] as const,
    );
    return jsonObject({
      AWSTemplateFormatVersion: "2010-09-09",
      Description: description.slice(0, 1000),
      Parameters: parameters.length > 0 ? objectOf(parameters) : undefined,
      Conditions: this.#conditions.size > 0 ? objectOf(this.#conditions) : undefined,
      Resources: objectOf(this.#resources),
      Outputs: this.#outputs.size > 0 ? objectOf(this.#outputs) : undefined,
    });
  }
}

/** What stays when it leaves the template: old deployments are what a rollback goes to. */
export const retained: JsonObject = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };

/** Letters and digits, as logical ids have; what a name loses is made up for by a digest, so that no two names meet. */
export function logicalName(...words: readonly string[]): string {
  const whole = words
    .map((word) =>
      word
        .split(/[^A-Za-z0-9]+/)
        .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
        .join(""),
    )
    .join("");
  const isPlain = words.every((word) => /^[A-Za-z0-9]+$/.test(word));
  const name = isPlain && whole.length <= 200 ? whole : `${whole.slice(0, 180)}${digest(words.join(" ")).slice(0, 6)}`;
  return /^[A-Za-z]/.test(name) ? name : `N${name}`;
}

export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").toUpperCase();
}

/** The plain form of a text with parameters in it: no `Fn::Sub` around what has none. */
export function sub(text: string, values: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  const used = usedIn(text, values);
  if (used.length > 0) return { "Fn::Sub": [text, objectOf(used)] };
  if (/\$\{(?!!)/.test(text)) return { "Fn::Sub": text };
  return text.replaceAll("${!", "${");
}

/** Values whose name stands in the text, in the order in which they were made. */
function usedIn(text: string, values: Readonly<Record<string, JsonValue>>): (readonly [string, JsonValue])[] {
  const names = new Set<string>();
  for (const [, name = ""] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) if (Object.hasOwn(values, name)) names.add(name);
  if (names.size <= 1) return [...names].map((name) => [name, values[name] as JsonValue] as const);
  return Object.entries(values).filter(([name]) => names.has(name));
}
