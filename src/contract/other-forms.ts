import type { TypeKeys } from "../model/type-keys.js";
import { jsonKinds, type Members, type ModelLookup, membersOf, resolved } from "../model/type-questions.js";
import type { JsonValue, Property, Type } from "../model/types.js";

/**
 * What a value may be in the place of a type that is looked at, since the type stands in a union: the other members, or what they
 * have there. An open object takes a value of another's form as well, with members that it does not list itself.
 */
export interface Forms {
  /** The same for the same types. */
  readonly id: number;
  /** Neither references nor unions. */
  readonly types: readonly Type[];
}

/** Questions about other forms of a value, and where they lead to further inside. */
export class OtherForms {
  readonly #interned = new Map<string, Forms>();
  readonly #steps = new Map<string, Forms>();
  readonly none: Forms = this.#intern([]);

  constructor(
    private readonly lookup: ModelLookup,
    private readonly keys: TypeKeys,
  ) {}

  /** Forms with the members of a union but for the one that is looked at. */
  beside(forms: Forms, members: readonly Type[], member: Type): Forms {
    const others = members.filter((other) => other !== member);
    return others.length === 0 ? forms : this.#intern(this.#expanded([...forms.types, ...others]));
  }

  /** Those that a value of an object may have. */
  of(forms: Forms, type: Type, object: Members): Forms {
    return this.#step(forms, `of ${this.keys.idOf(type)}`, () =>
      forms.types.filter((form) => {
        const members = membersOf(form, this.lookup);
        return isAny(form) || (members !== undefined && !this.#isApart(members, object));
      }),
    );
  }

  /** What the forms have as the member of a name; undefined: as a member that no form names. */
  inMember(forms: Forms, name: string | undefined): Forms {
    return this.#into(forms, `in ${name === undefined ? "" : JSON.stringify(name)}`, (form) => {
      const members = membersOf(form, this.lookup);
      if (!members) return [];
      const listed = [...members.properties.values()].filter(
        (property) => name === undefined || property.name === name,
      );
      const types = listed.map(({ type }) => type);
      return typeof members.additional === "boolean" ? types : [...types, members.additional];
    });
  }

  /** What the forms have as elements. */
  inItems(forms: Forms): Forms {
    return this.#into(forms, "items", (form) => {
      if (form.kind === "array") return [form.items];
      return form.kind === "tuple" ? [...form.items, ...(form.rest ? [form.rest] : [])] : [];
    });
  }

  /** Whether a value of these forms may have a member. */
  mayHave(forms: Forms, name: string): boolean {
    return forms.types.some((form) => {
      const members = membersOf(form, this.lookup);
      return isAny(form) || (members !== undefined && lists(members, name));
    });
  }

  /** No value of the form is of the object: it lacks what the object requires, or they are told apart by what both have. */
  #isApart(form: Members, object: Members): boolean {
    for (const property of object.properties.values()) {
      const other = form.properties.get(property.name);
      if (other === undefined) {
        if (!property.optional && !lists(form, property.name)) return true;
      } else if ((!property.optional || !other.optional) && this.#areDifferent(property, other)) return true;
    }
    return false;
  }

  #areDifferent({ type: a }: Property, { type: b }: Property): boolean {
    const [left, right] = [resolved(a, this.lookup), resolved(b, this.lookup)];
    const [values, others] = [constantsOf(left), constantsOf(right)];
    if (values && others) return !values.some((value) => others.includes(value));
    const kinds = jsonKinds(left, this.lookup);
    return ![...jsonKinds(right, this.lookup)].some((kind) => kinds.has(kind));
  }

  #into(forms: Forms, what: string, step: (form: Type) => readonly Type[]): Forms {
    return this.#step(forms, what, () => forms.types.flatMap((form) => (isAny(form) ? [form] : step(form))));
  }

  #step(forms: Forms, what: string, step: () => readonly Type[]): Forms {
    if (forms.types.length === 0) return forms;
    const key = `${forms.id} ${what}`;
    const known = this.#steps.get(key) ?? this.#intern(this.#expanded(step()));
    this.#steps.set(key, known);
    return known;
  }

  #expanded(types: readonly Type[]): readonly Type[] {
    const seen = new Set<Type>();
    const queue = [...types];
    for (let at = 0; at < queue.length; at++) {
      const form = resolved(queue[at] as Type, this.lookup);
      if (seen.has(form)) continue;
      seen.add(form);
      if (form.kind === "union") queue.push(...form.members);
    }
    return [...seen].filter(({ kind }) => kind !== "union");
  }

  #intern(types: readonly Type[]): Forms {
    const distinct = new Map(types.map((type) => [this.keys.idOf(type), type]));
    const ids = [...distinct.keys()].sort((a, b) => a - b);
    const key = ids.join();
    const known = this.#interned.get(key) ?? { id: this.#interned.size, types: [...distinct.values()] };
    this.#interned.set(key, known);
    return known;
  }
}

const isAny = (type: Type) => type.kind === "primitive" && type.name === "any";

const lists = (members: Members, name: string) =>
  members.properties.has(name) || typeof members.additional !== "boolean";

function constantsOf(type: Type): readonly JsonValue[] | undefined {
  if (type.kind === "enum") return type.values;
  return type.kind === "literal" ? [type.value] : undefined;
}
