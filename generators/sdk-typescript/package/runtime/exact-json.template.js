/** JSON whose integers of any size are exact: those that a number cannot hold come as bigint. */
export function parseExact(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(marked(text), (_, value) => {
    if (typeof value !== "string" || value[0] !== "\0") return value;
    return value[1] === "\0" ? value.slice(1) : exact(value.slice(1));
  });
}

/** Large integers as texts that begin with NUL; a text that does so already gets another. Broken JSON stays broken. */
function marked(text) {
  const tokens = /"|-?\d[\d.eE+-]*/g;
  let out = "";
  let from = 0;
  const put = (until, more, next) => {
    out += text.slice(from, until) + more;
    from = next;
  };
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [token] = found;
    const { index } = found;
    if (/^-?\d{16,}$/.test(token)) put(index, `"\\u0000${token}"`, index + token.length);
    if (token !== '"') continue;
    const end = endOfString(text, index);
    if (end < 0) break;
    tokens.lastIndex = end + 1;
    if (text.startsWith("\\u0000", index + 1) && !isName(text, end)) put(index + 1, "\\u0000", index + 1);
  }
  return out + text.slice(from);
}

function endOfString(text, start) {
  for (let end = text.indexOf('"', start + 1); end > 0; end = text.indexOf('"', end + 1)) {
    let at = end;
    while (text[at - 1] === "\\") at--;
    if ((end - at) % 2 === 0) return end;
  }
  return -1;
}

function isName(text, end) {
  const colon = /[ \t\r\n]*:/y;
  colon.lastIndex = end + 1;
  return colon.test(text);
}

function exact(digits) {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** JSON of a value that may hold bigints. */
export function writeExact(value) {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value?.toJSON === "function") return writeExact(value.toJSON());
  if (Array.isArray(value)) return `[${value.map((item) => writeExact(item) ?? "null").join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, item]) => [JSON.stringify(name), writeExact(item)]);
  return `{${members.flatMap(([name, text]) => (text === undefined ? [] : `${name}:${text}`)).join(",")}}`;
}

/**
 * Goes through a parsed value along a shape of its int64: `true` is one, `"any"` what may be anything, an object tells of items or
 * members, a function leads to the shape of a model.
 *
 * @param leaf  what becomes of a value that is no object, by its shape
 */
export function walked(value, shape, leaf) {
  if (typeof shape === "function") return walked(value, shape(), leaf);
  if (typeof value !== "object" || value === null) return leaf(value, shape);
  if (shape?.oneOf) {
    const part = shape.oneOf.find((one) => fits(value, one));
    return walked(value, part, leaf);
  }
  const { items, first, members, others } = shape === "any" ? { items: shape, others: shape } : (shape ?? {});
  for (const name of Object.keys(value)) {
    const part = Array.isArray(value)
      ? (first?.[name] ?? items)
      : members && Object.hasOwn(members, name)
        ? members[name]
        : others;
    const before = value[name];
    const after = walked(before, part, leaf);
    if (after !== before) value[name] = after;
  }
  return value;
}

/** Whether a member of a union may be what a value is: by its kind, and by its members of one value. */
function fits(value, shape) {
  if (typeof shape === "function") return fits(value, shape());
  if (Array.isArray(value)) return shape.items || shape.first;
  return shape.when && Object.entries(shape.when).every(([name, values]) => values.includes(value[name]));
}
