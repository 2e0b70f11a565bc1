/**
 * Names of models on AWS, which are alphanumeric ("Model names must be alphanumeric", aws-behaviour.md section 15).
 * Other characters are left out; a name that is taken by then gets a number.
 *
 * @returns AWS name by our name, in the given order
 */
export function awsModelNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const all = [...names];
  const taken = new Set(all.filter(isAwsModelName));
  const written = new Map<string, string>();
  for (const name of all) {
    if (isAwsModelName(name)) {
      written.set(name, name);
      continue;
    }
    const base = name.replace(/[^A-Za-z0-9]/g, "") || "Model";
    let free = base;
    for (let count = 2; taken.has(free); count++) free = `${base}${count}`;
    taken.add(free);
    written.set(name, free);
  }
  return written;
}

function isAwsModelName(name: string): boolean {
  return /^[A-Za-z0-9]+$/.test(name);
}
