/** The console's looks, light and dark. */
export const style = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --text: #1a2027; --soft: #5a6672; --line: #d8dde3; --accent: #0b5cad; --good: #18713c; --bad: #b3261e; --warn: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --back: #12161b; --card: #1b2128; --text: #e6eaef; --soft: #a3afbb; --line: #333d48; --accent: #7ab8ff; --good: #6fd39a; --bad: #ff9d94; --warn: #f0c368; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--back); color: var(--text); font: 14px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; padding: 10px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
h1 { font-size: 17px; margin: 0; } h1 span { font-weight: 400; color: var(--soft); }
h2 { font-size: 14px; margin: 0 0 10px; }
h3 { font-size: 13px; margin: 10px 0 4px; }
#status { margin: 0 0 0 auto; color: var(--soft); }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 14px; padding: 14px 20px 40px; max-width: 1500px; margin: auto; align-items: start; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px; min-width: 0; }
.wide { grid-column: 1 / -1; }
.scroll { overflow: auto; max-height: 320px; border-radius: 5px; }
#routes-list { max-height: 560px; }
.wide table { min-width: 700px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.nowrap, th { white-space: nowrap; overflow-wrap: normal; }
th { color: var(--soft); font-weight: 600; font-size: 12px; position: sticky; top: 0; background: var(--card); }
td.mono, pre, textarea, input { font-family: ui-monospace, monospace; font-size: 12.5px; }
label { display: block; color: var(--soft); font-size: 12px; }
input, textarea, select { display: block; width: 100%; margin-top: 2px; padding: 5px 7px; color: var(--text); background: var(--back); border: 1px solid var(--line); border-radius: 5px; }
header label { display: flex; gap: 8px; align-items: center; } header select { width: auto; font: inherit; }
button { font: inherit; padding: 4px 12px; margin: 6px 6px 0 0; color: var(--accent); background: transparent; border: 1px solid var(--accent); border-radius: 5px; cursor: pointer; }
button.link { border: 0; padding: 0; margin: 0; text-align: left; font: inherit; font-weight: 600; }
button:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.row { display: flex; gap: 10px; } .grow { flex: 1; } form > label, form > .row { margin-bottom: 8px; } .scroll + .row { margin: 12px 0; }
.step { display: inline-block; margin: 0 4px 3px 0; padding: 0 7px; border: 1px solid var(--line); border-radius: 10px; font-size: 12px; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
pre { margin: 4px 0; padding: 8px; background: var(--back); border-radius: 5px; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 260px; overflow: auto; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px; }
figure { margin: 0; } figcaption { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); } figcaption b { color: var(--text); font-size: 15px; }
svg { width: 100%; height: 56px; background: var(--back); border-radius: 5px; } polyline { fill: none; stroke: var(--accent); stroke-width: 1.5; vector-effect: non-scaling-stroke; } polygon { fill: var(--accent); opacity: 0.15; }
dialog { width: min(640px, calc(100vw - 32px)); max-height: 80vh; overflow: auto; padding: 16px 18px; color: var(--text); background: var(--card); border: 1px solid var(--line); border-radius: 8px; } dialog::backdrop { background: rgb(0 0 0 / 0.45); }
dialog p { margin: 4px 0; } dialog ul { margin: 6px 0; padding-left: 0; list-style: none; font-family: ui-monospace, monospace; font-size: 12.5px; } button:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
.muted { color: var(--soft); } #login { padding: 14px 20px; max-width: 420px; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--card); padding: 6px; }
`;
