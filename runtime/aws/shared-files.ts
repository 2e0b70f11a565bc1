import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../host/load-program.js";

/** Settings of one profile, names in lower case. */
export type Profile = ReadonlyMap<string, string>;

const maxBytes = 1_048_576;

/**
 * The profiles of the shared files: `~/.aws/credentials` over `~/.aws/config`, or what AWS_SHARED_CREDENTIALS_FILE and
 * AWS_CONFIG_FILE name. A file that does not exist has none.
 *
 * @see AWS SDKs and Tools reference guide, "Shared config and credentials files"
 */
export async function readProfiles(environment: Environment): Promise<ReadonlyMap<string, Profile>> {
  const folder = join(environment["HOME"] ?? homedir(), ".aws");
  const config = await read(environment["AWS_CONFIG_FILE"] ?? join(folder, "config"));
  const credentials = await read(environment["AWS_SHARED_CREDENTIALS_FILE"] ?? join(folder, "credentials"));
  const profiles = new Map<string, Map<string, string>>();
  for (const [section, settings] of parseIni(config)) {
    const name = section === "default" ? section : /^profile\s+(.+)$/.exec(section)?.[1];
    if (name !== undefined) profiles.set(name, settings);
  }
  for (const [name, settings] of parseIni(credentials)) {
    profiles.set(name, new Map([...(profiles.get(name) ?? []), ...settings]));
  }
  return profiles;
}

async function read(path: string): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    return text.length > maxBytes ? "" : text;
  } catch {
    return "";
  }
}

/** Sections of an INI file; indented lines belong to the setting above them and are left out. */
function parseIni(text: string): ReadonlyMap<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const section = /^\[\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      current = sections.get(section) ?? new Map();
      sections.set(section, current);
      continue;
    }
    const [, name, value] = /^([\w.-]+)\s*=\s*(.*?)(?:\s+[#;].*)?\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) current?.set(name.toLowerCase(), value);
  }
  return sections;
}
