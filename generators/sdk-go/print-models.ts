import { alignRows, goComment, goDocs, goFunction, goString, goStruct } from "./go-text.js";
import type { GoDeclaration, GoDefined, GoEnum, GoField, GoRecord, GoUnion } from "./go-types.js";
import type { GoPlan } from "./plan.js";

/** `models.go`. */
export function printModels({ declarations }: GoPlan): string {
  const body = declarations.map(declarationText).join("\n");
  const imports = [
    ...(/\bjson\.RawMessage\b/.test(code(body)) ? ["encoding/json"] : []),
    ...(/\btime\.Time\b/.test(code(body)) ? ["time"] : []),
  ];
  return `${importText(imports)}${body}`;
}

/** Without comments and strings, which may hold any word. */
function code(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/.*/g, "");
}

export function importText(imports: readonly string[]): string {
  if (imports.length === 0) return "";
  if (imports.length === 1) return `import ${goString(imports[0] ?? "")}\n\n`;
  return `import (\n${imports.map((path) => `\t${goString(path)}\n`).join("")})\n\n`;
}

function declarationText(declaration: GoDeclaration): string {
  switch (declaration.kind) {
    case "record":
      return recordText(declaration);
    case "enum":
      return enumText(declaration);
    case "alias":
      return `${typeDocs(declaration)}type ${declaration.name} = ${declaration.type}\n`;
    case "defined":
      return definedText(declaration);
    case "union":
      return unionText(declaration);
  }
}

function typeDocs(
  { name, docs, deprecated }: Pick<GoDeclaration, "name" | "docs" | "deprecated">,
  says = "is a type of the API",
): string {
  return goDocs(name, { says, text: docs, deprecated });
}

/** Fields of a struct. With words about one of them they stand apart, otherwise in columns. */
export function fieldLines(
  fields: readonly Pick<GoField, "name" | "type" | "docs" | "deprecated">[],
  wireOf: (at: number) => string | undefined,
): string {
  const rows = fields.map(({ name, type }, at) => {
    const wire = wireOf(at);
    return wire !== undefined && /^[A-Za-z0-9_-]+$/.test(wire) && wire !== "-"
      ? [name, type, `\`json:"${wire}"\``]
      : [name, type];
  });
  const hasDocs = fields.some(({ docs, deprecated }) => docs || deprecated);
  if (!hasDocs)
    return alignRows(rows)
      .map((row) => `\t${row}\n`)
      .join("");
  return rows
    .map((row, at) => {
      const field = fields[at];
      const text = [field?.docs ?? "", field?.deprecated ? "Deprecated: the API says so." : ""].join(" ").trim();
      return `${goComment(text, "\t")}\t${row.join(" ")}\n`;
    })
    .join("\n");
}

function recordText(record: GoRecord): string {
  const { name, fields, constants, order, more } = record;
  const all = [
    ...fields,
    ...(more
      ? [{ name: more.name, type: `map[string]${more.use.type}`, docs: "All other members.", deprecated: false }]
      : []),
  ];
  const lines = fieldLines(all, (at) => fields[at]?.wire);
  const struct = lines === "" ? "struct{}" : `struct {\n${lines}}`;
  const methods = constants.map(
    ({ name: method, type, value, wire }) =>
      `\n// ${method} is the value of ${goComment(goString(wire)).slice(3).trimEnd()}\n${goFunction(`func (${name}) ${method}() ${type}`, `return ${value}`)}\n`,
  );
  const members = order.map((wire) => {
    const constant = constants.find((entry) => entry.wire === wire);
    const field = fields.find((entry) => entry.wire === wire);
    return `\t\t{${goString(wire)}, ${constant ? constant.value : `v.${field?.name}`}, ${field?.when ?? "required"}},\n`;
  });
  const needsValue = fields.length > 0 || more;
  const list = `[]member{\n${members.join("")}\t}`;
  const literal = members.length === 0 ? "[]member{}" : list;
  const reads = fields.map((field) => `\tread(f, ${goString(field.wire)}, &v.${field.name}, ${field.decoder})\n`);
  const readMore = more
    ? `\treadMore(f, &v.${more.name}, ${more.use.decoder}${order.map((wire) => `, ${goString(wire)}`).join("")})\n`
    : "";
  return `${typeDocs(record)}type ${name} ${struct}
${methods.join("")}
func (${needsValue ? "v " : ""}${name}) members() []member {
	return ${more ? `withMore(${literal}, v.${more.name})` : literal}
}

// MarshalJSON writes the members that are there.
${goFunction(`func (v ${name}) MarshalJSON() ([]byte, error)`, "return writeObject(v.members())")}

// UnmarshalJSON reads the members that are known.
func (v *${name}) UnmarshalJSON(data []byte) error {
	f := readObject(data)
${reads.join("")}${readMore}	return f.err
}
`;
}

function enumText(declared: GoEnum): string {
  const { name, base, values } = declared;
  const rows = alignRows(values.map((entry) => [entry.name, name, `= ${entry.value}`]));
  const words = "is one of a set of values; one that is newer than this package stays as it is";
  const constants =
    rows.length === 1 ? `const ${rows[0]}\n` : `const (\n${rows.map((row) => `\t${row}\n`).join("")})\n`;
  return `${typeDocs(declared, words)}type ${name} ${base}\n\n// Values of ${name}.\n${constants}`;
}

function definedText(declared: GoDefined): string {
  const { name, type, decoder, form } = declared;
  const head = typeDocs(declared);
  if (form === "embedded") return `${head}type ${name} ${goStruct("", type)}\n`;
  if (form === "wrapped")
    return `${head}type ${name} ${goStruct("Value", type)}

// MarshalJSON writes the value.
${goFunction(`func (v ${name}) MarshalJSON() ([]byte, error)`, "return encodeJSON(v.Value)")}

// UnmarshalJSON reads the value.
${goFunction(`func (v *${name}) UnmarshalJSON(data []byte) error`, `return fill(&v.Value, data, ${decoder})`)}
`;
  const read =
    decoder === undefined
      ? ""
      : `\n// UnmarshalJSON reads the items by what they are.\nfunc (v *${name}) UnmarshalJSON(data []byte) error {\n\treturn fill((*${type})(v), data, ${decoder})\n}\n`;
  return `${head}type ${name} ${type}\n${read}`;
}

function unionText(declared: GoUnion): string {
  const { name, unknown, members } = declared;
  const own = [...new Set(members.map((member) => member.name))];
  const cases = members.map(
    (member) => `	if ${member.condition} {
		if value, err := plain[${member.name}](raw); err == nil {
			return value, nil
		}
	}
`,
  );
  const markers = [...own, unknown].map((member) => `${goFunction(`func (${member}) is${name}()`, "")}\n`);
  const words = `is one of ${own.join(", ")}; or ${unknown}, which is newer than this package`;
  return `${typeDocs(declared, words)}type ${name} interface{ is${name}() }

${markers.join("\n")}
// ${unknown} is a value that is none of the known ones, as it came.
type ${unknown} struct{ Raw json.RawMessage }

// MarshalJSON writes what came.
${goFunction(`func (v ${unknown}) MarshalJSON() ([]byte, error)`, "return encodeJSON(v.Raw)")}

func decode${name}(raw json.RawMessage) (${name}, error) {
	if isNull(raw) {
		return nil, nil
	}
${cases.join("")}	return ${unknown}{raw}, nil
}
`;
}
