/** Content-Length in a flat list of headers; undefined when there is none, or one that is no length. */
export function announcedLength(headers: readonly string[]): number | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== 14 || name.toLowerCase() !== "content-length") continue;
    const value = headers[at + 1] as string;
    return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
  }
  return undefined;
}
