/** What a binder reads back from the text that events have; nothing where all is text. */
export function authContext(members: readonly { readonly name: string; readonly type: string }[]): {
  readonly authContext?: Readonly<Record<string, string>>;
} {
  const others = members.filter(({ type }) => type !== "string");
  return others.length === 0 ? {} : { authContext: Object.fromEntries(others.map(({ name, type }) => [name, type])) };
}
