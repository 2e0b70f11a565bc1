import { nearest } from "../../nearest.js";
import type { Span } from "../../source.js";
import type { MapEntry, MapNode, Node } from "../tree.js";
import type { Syntax } from "../values-syntax.js";
import { isNothing, placeOf } from "./collections.js";
import { helpOf } from "./example.js";
import { type Field, fieldSchema } from "./field.js";
import { type JsonSchema, type Place, readInside, reportWrongType, type Shape, type ValueOf } from "./shape.js";

type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a map reads to: a member for each key, undefined where it is left out or broken. */
export type Members<F extends Fields> = Syntax & { readonly [K in keyof F]: ValueOf<F[K]["shape"]> | undefined };

/** How keys of one map depend on each other. */
export interface MapRules<K extends string> {
  readonly required?: readonly K[];
  /** Alternatives, one of which must be there, and only one. */
  readonly oneOf?: readonly K[];
  /** At least one must be there. */
  readonly someOf?: readonly K[];
  /** Alternatives, all of which may be left out. */
  readonly atMostOne?: readonly (readonly K[])[];
  /** A key that means something only beside one of others. */
  readonly needs?: Readonly<Partial<Record<K, readonly K[]>>>;
  /** Names that people know from elsewhere → the key here. */
  readonly synonyms?: Readonly<Record<string, K>>;
  /** Names that people know from elsewhere and that are said in another way here → how. */
  readonly otherwise?: Readonly<Record<string, string>>;
  /** Names that are no key here but belong to another place → which. */
  readonly elsewhere?: { readonly names: RegExp; readonly way: string };
}

export interface MapShape<F extends Fields> extends Shape<Members<F>> {
  readonly fields: F;
  /** Whether a name is a key of the map, or meant for one. */
  knows(name: string): boolean;
  /** The members of a map that could not be read. */
  none(span: Span): Members<F>;
}

/** @param what  with its article, for messages: "a route" */
export function map<const F extends Fields>(
  what: string,
  fields: F,
  rules: MapRules<Extract<keyof F, string>> = {},
): MapShape<F> {
  const keys = Object.keys(fields);
  const known = new Map(Object.entries(fields));
  const isOptional = !rules.required?.length && !rules.oneOf && !rules.someOf;
  const blank = Object.fromEntries(keys.map((key) => [key, undefined]));
  const none = (span: Span) => ({ ...blank, span }) as unknown as Members<F>;
  return {
    expected: what,
    fields,
    none,
    knows: (name) => known.has(name) || nearKey(name, { keys, synonyms: rules.synonyms }) !== undefined,
    schema: () => mapSchema(known, rules, isOptional),
    read(node, place) {
      if (isNothing(node) && isOptional) return none(node.span);
      if (node.kind !== "map") {
        reportWrongType(node, `${what} (a map)`, place, helpForMap(node));
        return undefined;
      }
      const members: Record<string, unknown> = { ...blank, span: node.span };
      for (const entry of node.entries) {
        const field = known.get(entry.name.text);
        if (!field) reportUnknown(entry, what, { keys, ...rules }, place);
        else members[entry.name.text] = readInside(field.shape, entry.value, placeBelow(entry, field, place));
      }
      checkRules(node, what, known, rules, place);
      return members as unknown as Members<F>;
    },
  };
}

function placeBelow({ name }: MapEntry, { on, about, examples: [example] }: Field<unknown>, place: Place): Place {
  const [target, ...more] = on.targets;
  const below = { ...place, owner: name, example };
  if (place.notice === undefined || target === undefined || more.length > 0) return below;
  place.notice({ name, target, about });
  return { ...below, notice: undefined };
}

function helpForMap(node: Node): string | undefined {
  if (node.kind !== "scalar") return undefined;
  if (node.value === null) return "what belongs to it stands on the lines below, moved in by two spaces";
  return node.text.includes(": ") ? "write it on the lines below, moved in by two spaces, or in {…}" : undefined;
}

interface KnownKeys extends Pick<MapRules<string>, "otherwise" | "elsewhere"> {
  readonly keys: readonly string[];
  readonly synonyms?: Readonly<Record<string, string>> | undefined;
}

function reportUnknown({ name, value }: MapEntry, owner: string, known: KnownKeys, place: Place): void {
  const { keys, synonyms } = known;
  const glued = /^([^:]+):/.exec(name.text)?.[1];
  if (glued !== undefined && keys.includes(glued) && isNothing(value)) {
    const at = name.spanMap.toFile({ start: glued.length, end: glued.length + 1 });
    place.report("yaml-space-after-colon", name.span, { name: glued }, { fix: { span: at, text: ": " } });
    return;
  }
  const way = oddBlank(name.text) ?? wayOf(name.text, known);
  const near = way === undefined ? nearKey(name.text, { keys, synonyms }) : undefined;
  const fix = near === undefined ? undefined : { span: name.span, text: near };
  place.report("unknown-key", name.span, { name: name.text, owner, keys, near, way }, { fix });
}

function wayOf(name: string, { otherwise = {}, elsewhere }: KnownKeys): string | undefined {
  if (Object.hasOwn(otherwise, name)) return otherwise[name];
  return elsewhere?.names.test(name) ? elsewhere.way : undefined;
}

/** Texts copied from web pages hold blanks that look like spaces, and are letters to YAML. */
function oddBlank(name: string): string | undefined {
  const [blank] = /[\u00a0\u2000-\u200b\u202f\u3000\ufeff]/.exec(name) ?? [];
  const code = blank?.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return code && `there is a blank in it that is no ordinary space (U+${code}): type it anew with the space bar`;
}

function nearKey(name: string, { keys, synonyms }: KnownKeys): string | undefined {
  const synonym = synonyms && Object.hasOwn(synonyms, name) ? synonyms[name] : undefined;
  return synonym ?? nearest(name, keys);
}

function checkRules(
  node: MapNode,
  what: string,
  known: ReadonlyMap<string, Field<unknown>>,
  rules: MapRules<string>,
  { owner, report }: Place,
): void {
  const entry = (key: string) => node.entries.find(({ name }) => name.text === key);
  const present = (keys: readonly string[]) => keys.flatMap((key) => entry(key) ?? []);
  const isMisspelt = () => node.entries.some(({ name }) => !known.has(name.text));
  const at = placeOf(node, owner);
  for (const name of rules.required ?? []) {
    const help = helpOf(name, known.get(name)?.examples[0]);
    if (!entry(name) && !isMisspelt()) report("missing-key", at, { name, owner: what, help });
  }
  for (const names of [rules.oneOf, rules.someOf]) {
    if (!names || present(names).length > 0 || isMisspelt()) continue;
    const [first = ""] = names;
    report("missing-one-of", at, { names, owner: what, help: helpOf(first, known.get(first)?.examples[0]) });
  }
  for (const names of [...(rules.atMostOne ?? []), ...(rules.oneOf ? [rules.oneOf] : [])]) {
    const [first, ...others] = present(names).sort((a, b) => a.name.span.start - b.name.span.start);
    for (const { name } of others) {
      const params = { name: name.text, other: first?.name.text ?? "", owner: what };
      const notes = first ? [{ span: first.name.span, message: `"${first.name.text}" is given here` }] : [];
      report("conflicting-keys", name.span, params, { notes });
    }
  }
  for (const { name } of node.entries) {
    const needed = rules.needs && Object.hasOwn(rules.needs, name.text) ? rules.needs[name.text] : undefined;
    if (needed && present(needed).length === 0) report("key-without", name.span, { name: name.text, needed });
  }
}

function mapSchema(
  known: ReadonlyMap<string, Field<unknown>>,
  { required, oneOf, someOf, atMostOne, needs }: MapRules<string>,
  isOptional: boolean,
): JsonSchema {
  const anyOf = (keys: readonly string[]) => keys.map((key) => ({ required: [key] }));
  const pairs = (keys: readonly string[]) =>
    keys.flatMap((key, index) =>
      keys.slice(index + 1).map((other) => ({ not: { type: "object", required: [key, other] } })),
    );
  const allOf = [
    ...(oneOf ? [{ oneOf: anyOf(oneOf) }] : []),
    ...(someOf ? [{ anyOf: anyOf(someOf) }] : []),
    ...(atMostOne ?? []).flatMap(pairs),
  ];
  const dependencies = Object.entries(needs ?? {}).map(
    ([key, others]) => [key, { anyOf: anyOf(others ?? []) }] as const,
  );
  return {
    type: isOptional ? ["object", "null"] : "object",
    ...(required?.length ? { required } : {}),
    ...(allOf.length > 0 ? { allOf } : {}),
    ...(dependencies.length > 0 ? { dependencies: Object.fromEntries(dependencies) } : {}),
    additionalProperties: false,
    properties: Object.fromEntries([...known].map(([key, field]) => [key, fieldSchema(field)])),
  };
}
