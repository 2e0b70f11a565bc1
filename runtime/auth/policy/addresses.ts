/** An address block; `bits` leading bits of it count. */
export interface AddressBlock {
  readonly words: readonly number[];
  readonly bits: number;
}

/** `192.0.2.0/24`, `2001:db8::/32`, or one address. Host bits are ignored. Undefined when it is none. */
export function parseBlock(text: string): AddressBlock | undefined {
  const [address = "", prefix, ...more] = text.split("/");
  const words = parseAddress(address);
  if (words === undefined || more.length > 0) return undefined;
  const most = words.length * 16;
  if (prefix === undefined) return { words, bits: most };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most) return undefined;
  return { words, bits: Number(prefix) };
}

/** Two words of 16 bits for version 4, eight for version 6; undefined when the text is no address. */
export function parseAddress(text: string): readonly number[] | undefined {
  if (text.includes(":")) return parseVersion6(text);
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (parts === null) return undefined;
  const [a, b, c, d] = parts.slice(1).map(Number) as [number, number, number, number];
  return a > 255 || b > 255 || c > 255 || d > 255 ? undefined : [(a << 8) | b, (c << 8) | d];
}

/** Addresses of the two versions never lie in one another's blocks. */
export function isInBlock(address: readonly number[], { words, bits }: AddressBlock): boolean {
  if (address.length !== words.length) return false;
  let left = bits;
  for (let at = 0; left > 0; at++, left -= 16) {
    const shift = left >= 16 ? 0 : 16 - left;
    if ((address[at] as number) >> shift !== (words[at] as number) >> shift) return false;
  }
  return true;
}

/** RFC 4291 section 2.2; the last 32 bits may be written as version 4. */
function parseVersion6(text: string): readonly number[] | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? [] : parseAddress(dotted[2] as string);
  if (tail === undefined) return undefined;
  const head = dotted === null ? text : `${(dotted[1] as string).replace(/([^:]):$/, "$1")}`;
  const halves = head.split("::");
  if (halves.length > 2) return undefined;
  const [front, back] = halves.map(wordsOf);
  if (front === undefined || (halves.length === 2 && back === undefined)) return undefined;
  const known = front.length + (back?.length ?? 0) + tail.length;
  if (back === undefined ? known !== 8 : known > 7) return undefined;
  return [...front, ...new Array<number>(8 - known).fill(0), ...(back ?? []), ...tail];
}

function wordsOf(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const words = text.split(":");
  return words.every((word) => /^[0-9A-Fa-f]{1,4}$/.test(word))
    ? words.map((word) => Number.parseInt(word, 16))
    : undefined;
}
