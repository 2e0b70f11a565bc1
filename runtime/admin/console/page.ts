import { createHash } from "node:crypto";
import type { AdminAnswer } from "../admin-message.js";
import { markup } from "./markup.js";
import { script } from "./script.js";
import { style } from "./style.js";

/** The console: one page that loads nothing and may load nothing. */
export function consolePage(): AdminAnswer {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const body = `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n<title>gateway console</title>\n<link rel="icon" href="data:,">\n<style>${style}</style>\n</head>\n<body>\n${markup}\n<script>${script}</script>\n</body>\n</html>\n`;
  return {
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy },
    body,
  };
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
