import { isIPv4, isIPv6 } from "node:net";

/** Whether a text is an IP address or a CIDR block, of version 4 or 6. */
export function isAddressBlock(text: string): boolean {
  const [address = "", prefix, ...more] = text.split("/");
  if (more.length > 0 || (prefix !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(prefix))) return false;
  if (isIPv4(address)) return Number(prefix ?? 0) <= 32;
  return isIPv6(address) && !address.includes("%") && Number(prefix ?? 0) <= 128;
}
