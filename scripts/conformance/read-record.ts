type Members = { readonly [name: string]: unknown };

/** A record that knows which of its own members were looked at. */
export class ReadRecord {
  readonly record: Members;
  readonly #members: Members;
  readonly #read = new Set<string>();

  constructor(members: Members) {
    this.#members = members;
    const see = (name: string | symbol) => void this.#read.add(String(name));
    this.record = new Proxy(members, {
      get: (target, name) => {
        see(name);
        return Reflect.get(target, name);
      },
      getOwnPropertyDescriptor: (target, name) => {
        see(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }

  /** Members with a value that nobody asked for. */
  unread(): readonly string[] {
    return Object.keys(this.#members).filter((name) => !this.#read.has(name));
  }
}
