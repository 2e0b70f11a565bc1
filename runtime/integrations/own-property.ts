/**
 * Sets an own property whatever its name: a client's `__proto__` becomes a key like any other, as `JSON.parse` has it,
 * and never the object's prototype.
 */
export function setOwn<V>(target: Record<string, V>, name: string, value: V): void {
  if (name === "__proto__") {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
    return;
  }
  target[name] = value;
}

/** Adds a value to the list under a name. Names such as `constructor` find no list on the prototype. */
export function addOwn(target: Record<string, string[]>, name: string, value: string): void {
  const known = name === "__proto__" ? Object.getOwnPropertyDescriptor(target, name)?.value : target[name];
  if (Array.isArray(known)) known.push(value);
  else setOwn(target, name, [value]);
}
