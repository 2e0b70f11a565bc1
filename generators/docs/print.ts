import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import nunjucks from "nunjucks";
import type { OutputFile } from "../../src/model/output.js";
import { highlight } from "./highlight.js";
import { escapeHtml } from "./html.js";
import { withOlderBrowsers } from "./older-browsers.js";
import type { DocsPlan } from "./plan.js";

/** Pages by their names, with what each is about. */
export async function printDocs(plan: DocsPlan): Promise<readonly OutputFile[]> {
  const render = loadPages();
  const navigation = navigationOf(plan);
  const page = (path: string, template: string, data: object): OutputFile => ({
    path,
    content: render(template, { ...plan, navigationHtml: navigation(path), ...data }),
    kind: "generated",
  });
  return [
    page("index.html", "index.njk", { heading: plan.title }),
    ...plan.groups.map((group) => page(group.file, "routes.njk", { heading: group.name, group })),
    ...(plan.models.length > 0 ? [page("models.html", "models.njk", { heading: "Models" })] : []),
    ...(plan.socket ? [page("websocket.html", "websocket.njk", { heading: "WebSocket" })] : []),
    { path: "assets/style.css", content: withOlderBrowsers(asset("style.css")), kind: "generated" },
    { path: "assets/page.js", content: asset("page.template.js"), kind: "generated" },
    { path: "assets/search.js", content: searchText(plan), kind: "generated" },
  ];
}

/**
 * Links to all pages, the same on each but for the page itself, which has a mark and what is inside it: on a large API most of
 * what there is to print.
 */
function navigationOf({ groups, models, socket }: DocsPlan): (page: string) => string {
  const links = new Map([["index.html", "Overview"]]);
  for (const { file, name, operations } of groups) links.set(file, `${escapeHtml(name)} ${small(operations.length)}`);
  if (models.length > 0) links.set("models.html", `Models ${small(models.length)}`);
  if (socket !== undefined) links.set("websocket.html", "WebSocket");
  const lines = new Map([...links].map(([file, label]) => [file, `<a href="${file}">${label}</a>`]));
  const all = [...lines.values()].join("\n");
  const inside = new Map<string, readonly InsideLink[]>([
    ...groups.map(({ file, operations }) => [file, operations] as const),
    ["models.html", models],
    ["websocket.html", [...(socket?.messages ?? []), ...(socket?.events ?? [])]],
  ]);
  return (page) => {
    const marked = `<a href="${page}" aria-current="page">${links.get(page)}</a>`;
    return all.replace(lines.get(page) ?? "", () => `${marked}${insideText(inside.get(page) ?? [])}`);
  };
}

/** Something that has a place of its own on a page; operations are shown by their routes. */
interface InsideLink {
  readonly id: string;
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
}

function insideText(links: readonly InsideLink[]): string {
  if (links.length < 2) return "";
  const items = links.map(({ id, name, method, path }) => {
    const mark = method === undefined ? "" : `<span class="method ${method.toLowerCase()}">${method}</span> `;
    return `<li><a href="#${escapeHtml(id)}">${mark}${escapeHtml(path ?? name)}</a></li>`;
  });
  return `\n<ul class="inside">\n${items.join("\n")}\n</ul>`;
}

function small(count: number): string {
  return `<small>${count}</small>`;
}

/** A script, as pages that are opened from the disk may not fetch. */
function searchText({ search }: DocsPlan): string {
  const data = JSON.stringify(search, undefined, 1)
    .replace(/</g, "\\u003c")
    .replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
  return `globalThis.searchEntries = ${data};\n`;
}

function asset(name: string): string {
  return readFileSync(new URL(`assets/${name}`, import.meta.url), "utf8");
}

/** nunjucks, escaping everything but what is named `…Html`, and failing where a name is missing. */
function loadPages(): (template: string, data: object) => string {
  const loader = new nunjucks.FileSystemLoader(fileURLToPath(new URL("templates", import.meta.url)), {
    noCache: false,
  });
  const environment = new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
  environment.addFilter("html", (text: string) => new nunjucks.runtime.SafeString(text));
  // In what is clicked itself there can be no link.
  environment.addFilter(
    "unlinked",
    (text: string) => new nunjucks.runtime.SafeString(text.replace(/<\/?a\b[^>]*>/g, "")),
  );
  environment.addFilter("text", (text: string) => new nunjucks.runtime.SafeString(escapeHtml(text)));
  environment.addFilter(
    "coloured",
    (text: string, language: string) => new nunjucks.runtime.SafeString(highlight(text, language)),
  );
  return (template, data) => environment.render(template, data);
}
