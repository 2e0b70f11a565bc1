import type { WafPattern, WafRules } from "../model/waf.js";
import type { TextValue, WafPatternSyntax } from "../syntax/gateway-syntax.js";
import { isAddressBlock } from "./address-blocks.js";
import type { Checking } from "./checking.js";
import { isHeaderName } from "./names.js";

/** Windows that AWS WAF has for rates, seconds. */
const windows = [60, 120, 300, 600];

/** Longest text that a pattern looks at: the limit of URLs and of all headers. */
const maxLength = 10_240;

/** Rules in front of the API: addresses, and patterns that no caller can make run for long. */
export function checkWaf(checking: Checking): WafRules | undefined {
  const { waf } = checking.syntax;
  if (waf === undefined || checking.kind === "http") return undefined;
  const window = waf.rate?.window;
  if (window !== undefined && !windows.includes(window.value)) {
    checking.report("bad-waf-window", window.span, { seconds: window.value });
  }
  const { size } = waf;
  return {
    allow: addresses(waf.allow?.ips, checking),
    block: addresses(waf.block?.ips, checking),
    rate: waf.rate?.limit && { limit: waf.rate.limit.value, windowSeconds: window?.value ?? 300 },
    size: {
      path: size?.path?.value,
      query: size?.query?.value,
      headers: size?.headers?.value,
      cookies: size?.cookies?.value,
      body: size?.body?.value,
    },
    patterns: (waf.patterns ?? []).flatMap((pattern) => patternOf(pattern, checking) ?? []),
  };
}

function addresses(ips: readonly TextValue[] | undefined, { report }: Checking): readonly string[] {
  for (const { text, span } of ips ?? []) if (!isAddressBlock(text)) report("bad-ip", span, { text });
  return (ips ?? []).map(({ text }) => text);
}

function patternOf(syntax: WafPatternSyntax, checking: Checking): WafPattern | undefined {
  const { in: place, name, match } = syntax;
  if (place === undefined || match === undefined) return undefined;
  if (name !== undefined && place.value !== "header") {
    checking.report("waf-name-not-here", name.span, { place: place.value });
    return undefined;
  }
  if (name !== undefined && !isHeaderName(name, checking)) return undefined;
  return isFine(match, checking) ? { in: place.value, header: name?.text.toLowerCase(), match: match.text } : undefined;
}

/** Everybody may send what a pattern looks at: it has to be shown that none makes it run for long. */
function isFine({ text, span }: TextValue, { report, checkPattern }: Checking): boolean {
  const verdict = checkPattern(text, { maxLength });
  switch (verdict.kind) {
    case "invalid":
      report("bad-selection-pattern", span, { pattern: text, detail: verdict.detail });
      return false;
    case "exponential":
    case "polynomial":
      report("slow-selection-pattern", span, { pattern: text, attack: verdict.attack });
      return false;
    case "unproven":
      report("unproven-waf-pattern", span, { pattern: text });
      return false;
    default:
      return true;
  }
}
