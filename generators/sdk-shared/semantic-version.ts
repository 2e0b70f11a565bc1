/**
 * A version that npm takes (semver.org): it knows `1.4.0`, and neither `1.4` nor `2024-05-01`. Missing numbers are zeros, a
 * date is `2024.5.1`, and what is no version at all is `0.0.0`.
 */
export function semanticVersion(version: string): string {
  const text = version.trim().replace(/^v/, "");
  const date = /^(\d{4})-(\d\d)-(\d\d)(?:T.*)?$/.exec(text);
  const [major = "0", minor = "0", patch = "0"] = date?.slice(1) ?? text.split(/[-+]/, 1)[0]?.split(".") ?? [];
  const numbers = [major, minor, patch];
  if (!numbers.every((number) => /^\d{1,9}$/.test(number))) return "0.0.0";
  const label = date ? "" : (/-[A-Za-z][0-9A-Za-z-]*(?:\.[1-9A-Za-z][0-9A-Za-z-]*)*$/.exec(text)?.[0] ?? "");
  return `${numbers.map(Number).join(".")}${label}`;
}
