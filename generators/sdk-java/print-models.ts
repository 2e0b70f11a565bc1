import { javaDocs, javaString, javaWords } from "./java-text.js";
import type { JavaDeclaration, JavaEnum, JavaField, JavaRecord, JavaUnion } from "./java-types.js";

/** What types may mention; imports are sorted as they are here. */
const imports: readonly (readonly [string, RegExp])[] = [
  ["java.io.InputStream", /\bInputStream\b/],
  ["java.net.http.HttpClient", /\bHttpClient\b/],
  ["java.net.http.HttpRequest", /\bHttpRequest\b/],
  ["java.time.Duration", /\bDuration\b/],
  ["java.time.LocalDate", /\bLocalDate\b/],
  ["java.time.OffsetDateTime", /\bOffsetDateTime\b/],
  ["java.util.LinkedHashMap", /\bLinkedHashMap\b/],
  ["java.util.List", /\bList[<.]/],
  ["java.util.Map", /\bMap[<.]/],
  ["java.util.Objects", /\bObjects\b/],
  ["java.util.concurrent.CompletableFuture", /\bCompletableFuture\b/],
  ["java.util.function.Consumer", /\bConsumer\b/],
  ["java.util.function.Function", /\bFunction\b/],
];

/** The imports that a body needs; comments and strings may hold any word. */
export function importText(body: string): string {
  const code = body.replace(/"(?:[^"\\\n]|\\.)*"|\/\*\*[^\n]*?\*\//g, "");
  const lines = imports.flatMap(([name, pattern]) => (pattern.test(code) ? [`import ${name};\n`] : []));
  return lines.length === 0 ? "" : `${lines.join("")}\n`;
}

export function declarationText(declaration: JavaDeclaration, unions: readonly string[]): string {
  switch (declaration.kind) {
    case "record":
      return recordText(declaration, unions);
    case "enum":
      return enumText(declaration, unions);
    case "union":
      return unionText(declaration);
  }
}

function implemented(unions: readonly string[]): string {
  return unions.length === 0 ? "" : ` implements ${unions.join(", ")}`;
}

/** A component as it is written, and how a builder holds it. */
export type Component = Pick<JavaField, "name" | "type" | "missing" | "when" | "nullable"> & {
  readonly docs: string | undefined;
};

/** A Javadoc comment with a word about each component, and the head of the record. */
export function recordHead(
  name: string,
  docs: string | undefined,
  components: readonly Component[],
  unions: readonly string[],
): string {
  const params = components.map(
    ({ name: own, docs: about, when, nullable }) =>
      ` * @param ${own} ${javaWords(about ?? "") || (when === "required" ? (nullable ? "may be null" : "required") : when === "maybe" ? "may be absent, or null" : "null where it is absent")}\n`,
  );
  const text = `/**\n * ${javaWords(docs ?? "") || `${name}.`}\n${params.length > 0 ? " *\n" : ""}${params.join("")} */\n`;
  const list = components
    .map(({ type, name: own, nullable }) => `\n        ${annotated(type, nullable)} ${own}`)
    .join(",");
  return `${text}public record ${name}(${list})${implemented(unions)} {\n`;
}

function annotated(type: string, nullable: boolean): string {
  return nullable ? `@Nullable ${type}` : type;
}

/** A builder. What is required and missing is told when the value is sent. */
export function builderText(name: string, components: readonly Component[]): string {
  const fields = components.map(
    ({ type, name: own, when }) => `        private ${type} ${own}${when === "maybe" ? " = Maybe.absent()" : ""};\n`,
  );
  const setters = components.map(
    ({ type, name: own, docs, when, nullable }) => `
${javaDocs(docs, when === "required" ? "Required." : "May be left out.", "        ")}        public Builder ${own}(${annotated(type, nullable)} value) {
            this.${own} = value;
            return this;
        }
`,
  );
  return `
    /** Makes one step by step. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes one step by step. */
    public static final class Builder {
${fields.join("")}
        private Builder() {}
${setters.join("")}
        /** The finished one. */
        public ${name} build() {
            return new ${name}(${components.map(({ name: own }) => `this.${own}`).join(", ")});
        }
    }
`;
}

const puts = { required: "put", optional: "putOptional", maybe: "putMaybe" } as const;

function recordText({ name, docs, fields, constants, order, more }: JavaRecord, unions: readonly string[]): string {
  const components: readonly Component[] = [
    ...fields,
    ...(more
      ? [
          {
            name: more.name,
            type: `Map<String, ${more.use.type}>`,
            missing: undefined,
            when: "optional" as const,
            nullable: true,
            docs: "All other members.",
          },
        ]
      : []),
  ];
  const accessors = constants.map(
    ({ name: own, type, value }) =>
      `\n    /** Always the same. */\n    public ${type} ${own}() {\n        return ${value};\n    }\n`,
  );
  const writes = order.map((wire) => {
    const constant = constants.find((entry) => entry.wire === wire);
    if (constant) return `        members.put(${javaString(wire)}, ${constant.value});\n`;
    const field = fields.find((entry) => entry.wire === wire);
    const isChecked = field?.when === "required" && !field.nullable && field.missing === undefined;
    const by = isChecked ? "putRequired" : puts[field?.when ?? "required"];
    return `        Codec.${by}(members, ${javaString(wire)}, ${field?.codec}, this.${field?.name});\n`;
  });
  const reads = fields.map((field) => {
    const of = `members, ${javaString(field.wire)}, ${field.codec}`;
    if (field.when === "maybe") return `Codec.readMaybe(${of})`;
    return field.missing === undefined ? `Codec.read(${of})` : `Codec.read(${of}, ${field.missing})`;
  });
  const moreRead = more
    ? `        Map<String, Object> rest = new LinkedHashMap<>(members);\n${order.map((wire) => `        rest.remove(${javaString(wire)});\n`).join("")}`
    : "";
  const moreWrite = more
    ? `        if (this.${more.name} != null) this.${more.name}.forEach((key, value) -> members.putIfAbsent(key, ${more.use.codec}.encode(value)));\n`
    : "";
  const all = [...reads, ...(more ? [`Codec.map(${more.use.codec}).decode(rest)`] : [])];
  return `${recordHead(name, docs, components, unions)}    static final Codec<${name}> CODEC = Codec.of(${name}::decode, ${name}::toJson);
${accessors.join("")}
    private static ${name} decode(Object json) {
        Map<String, Object> members = Codec.object(json);
${moreRead}        return new ${name}(${all.map((read) => `\n                ${read}`).join(",")});
    }

    /** As JSON. */
    public Object toJson() {
        Map<String, Object> members = new LinkedHashMap<>();
${writes.join("")}${moreWrite}        return members;
    }
${builderText(name, components)}}
`;
}

function enumText({ name, docs, values }: JavaEnum, unions: readonly string[]): string {
  const constants = values.map(
    (entry) =>
      `    /** ${javaWords(entry.value) || "The empty text."} */\n    public static final ${name} ${entry.name} = new ${name}(${javaString(entry.value)});\n`,
  );
  const words = docs === undefined ? "A value that is newer than this package is one as well." : docs;
  return `/**\n * ${javaWords(words)}\n *\n * @param value as it is sent\n */
public record ${name}(String value)${implemented(unions)} {
${constants.join("")}    static final Codec<${name}> CODEC = Codec.of(json -> new ${name}(Codec.STRING.decode(json)), ${name}::toJson);

    /** As JSON. */
    public Object toJson() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
`;
}

export function unionText({ name, docs, members }: JavaUnion): string {
  const qualified = (type: string, wrapped: unknown) => (wrapped ? `${name}.${type}` : type);
  const permitted = [...new Set(members.map(({ type, wrapped }) => qualified(type, wrapped))), `${name}.Unknown`];
  const cases = members.map(
    ({ type, condition, wrapped }) =>
      `        if (${condition}) {
            try {
                return ${wrapped ? `new ${type}(${wrapped.codec}.decode(json))` : `${type}.CODEC.decode(json)`};
            } catch (IllegalArgumentException other) {
                // Perhaps one of the others.
            }
        }
`,
  );
  const wrappers = [...new Map(members.map((member) => [member.type, member])).values()].flatMap(({ type, wrapped }) =>
    wrapped
      ? [
          `
    /**
     * One of the kinds.
     *
     * @param value what it is
     */
    record ${type}(${wrapped.type} value) implements ${name} {
        @Override
        public Object toJson() {
            return ${wrapped.codec}.encode(value);
        }
    }
`,
        ]
      : [],
  );
  return `${javaDocs(docs, "One of several; a member that is newer than this package is Unknown.", "")}public sealed interface ${name} permits ${permitted.join(", ")} {
    /** Both directions. */
    Codec<${name}> CODEC = Codec.of(${name}::decode, ${name}::toJson);

    /** As JSON. */
    Object toJson();

    private static ${name} decode(Object json) {
${cases.join("")}        return new Unknown(json);
    }
${wrappers.join("")}
    /**
     * None of the known ones.
     *
     * @param json as it came
     */
    record Unknown(Object json) implements ${name} {
        @Override
        public Object toJson() {
            return json;
        }
    }
}
`;
}
