/** `TableName` → `TABLE_NAME`; `EnvBackendHost`, which our own templates make of `BACKEND_HOST`, too. */
export function environmentName(id: string): string {
  const name = id.replace(/^Env(?=[A-Z])/, "").replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2");
  return name.toUpperCase();
}
