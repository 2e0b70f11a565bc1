/**
 * What runs in the console's page: asks for the state once a second and shows it. Text of the gateway reaches the page as
 * text nodes and form values alone, never as markup.
 */
export const script = String.raw`"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const fill = (node, children) => node.replaceChildren(...children);
  const make = (tag, options, ...children) => {
    const node = document.createElement(tag);
    const { on, ...properties } = options || {};
    Object.assign(node, properties);
    if (on) node.addEventListener("click", on);
    node.append(...children.map((child) => (child instanceof Node ? child : String(child))));
    return node;
  };
  const row = (...cells) => make("tr", {}, ...cells.map((cell) => (cell instanceof HTMLTableCellElement ? cell : make("td", {}, cell))));
  const mono = (text) => make("td", { className: "mono" }, text);
  const ms = (value) => (value < 10 ? value.toFixed(1) : Math.round(value)) + " ms";
  const clock = (time) => new Date(time).toLocaleTimeString();
  const tone = (status) => (status >= 500 ? "bad" : status >= 400 ? "warn" : "good");

  let token = sessionStorage.getItem("gateway-admin-token") || "";
  let state = { apis: [], series: [], requests: [], usage: [], connections: [], keys: [], principals: [], issuers: [] };
  let since = 0;
  const requests = [];
  /** Of each stage: what it counted last, and the points of its plots. Kept while another is looked at. */
  const plots = new Map();
  const shown = {};

  async function call(path, method, body) {
    const headers = { "content-type": "application/json" };
    if (token) headers.authorization = "Bearer " + token;
    const answer = await fetch(path, { method: method || "GET", headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await answer.text();
    const value = text ? JSON.parse(text) : {};
    if (answer.status === 401) askForToken();
    if (!answer.ok) throw new Error(value.message || "status " + answer.status);
    return value;
  }

  /** Until somebody has signed in there is nothing else to show. */
  function askForToken() {
    if (!byId("login").hidden) return;
    byId("login").hidden = false;
    byId("main").hidden = true;
    byId("token").focus();
  }

  const say = (text, className) => {
    const node = byId("status");
    if (node.textContent !== text) node.textContent = text;
    node.className = className || "";
  };
  const act = async (what, work) => {
    try {
      await work();
      say(what + ": done", "good");
      await refresh();
    } catch (error) {
      say(what + ": " + error.message, "bad");
    }
  };

  /** Rows are made anew only where something has changed: focus and selection stay. */
  function show(id, data, build) {
    const text = JSON.stringify(data);
    if (shown[id] === text) return;
    shown[id] = text;
    const focused = document.activeElement;
    const label = focused && byId(id).contains(focused) ? focused.getAttribute("data-focus") : null;
    fill(byId(id), build());
    if (label) for (const node of byId(id).querySelectorAll("[data-focus]")) if (node.getAttribute("data-focus") === label) node.focus();
  }
  const button = (text, name, on) => {
    const node = make("button", { type: "button", on }, text);
    node.setAttribute("aria-label", name);
    node.setAttribute("data-focus", name);
    return node;
  };

  /** The button that was used, or the one that stands in its place. */
  function focusAgain(label) {
    for (const node of document.querySelectorAll("[data-focus]")) if (node.getAttribute("data-focus") === label) return node.focus();
  }

  const marks = { added: "+ ", removed: "− ", changed: "~ " };
  const spoken = { added: "added", removed: "removed", changed: "changed" };
  const difference = ({ change, what, name, members }) => make("li", {},
    make("span", { ariaHidden: "true" }, marks[change]), make("span", { className: "sr" }, spoken[change] + " "),
    what + " " + name + (members.length ? ": " + members.join(", ") : ""));

  /**
   * Asks before something is done. The question says what will change; for a stage it is told by the gateway.
   * Escape and the first button change nothing.
   */
  let questions = 0;
  function ask({ title, yes, facts, preview, label, work }) {
    const question = ++questions;
    const [dialog, text, done] = [byId("confirm"), byId("confirm-text"), byId("confirm-yes")];
    byId("confirm-title").textContent = title;
    done.textContent = yes;
    const paragraphs = (list) => list.map((fact) => make("p", {}, fact));
    const fillIn = ({ facts: told, changes = [], step }) => {
      seen = step;
      fill(text, [...paragraphs(told), ...(preview && told.length ? [make("p", {}, changes.length ? "What changes:" : "Routes, models and settings stay as they are.")] : []), make("ul", {}, ...changes.map(difference))]);
      done.disabled = false;
    };
    let seen;
    done.disabled = preview !== undefined;
    if (preview === undefined) fillIn({ facts });
    else {
      fill(text, paragraphs(["Looking at what would change …"]));
      // What comes late is no answer to the next question.
      const unlessOver = (tell) => (value) => { if (question === questions) tell(value); };
      call("/console/preview", "POST", preview).then(unlessOver(fillIn), unlessOver((error) => fill(text, paragraphs([error.message]))));
    }
    const end = () => { questions++; dialog.close(); focusAgain(label); };
    byId("confirm-no").onclick = end;
    dialog.oncancel = (event) => { event.preventDefault(); end(); };
    done.onclick = () => { end(); work(seen); };
    dialog.showModal();
  }

  /** Of a stage: what was told holds for the step that it was at. */
  const askOfStage = (api, stage, { title, yes, action, label, what, work }) =>
    ask({ title, yes, label, preview: { api: api.name, stage: stage.name, action }, work: (step) => act(what, () => {
      const now = state.apis.find(({ name }) => name === api.name)?.stages.find(({ name }) => name === stage.name);
      if (now && now.history[0] && now.history[0].number !== step) throw new Error("the stage has changed meanwhile; look again");
      return work();
    }) });

  const current = () => {
    const [apiId, stage] = byId("stage").value.split("\n");
    const api = state.apis.find((candidate) => candidate.apiId === apiId) || state.apis[0];
    return { api, stage: stage || (api && api.stages[0] && api.stages[0].name) };
  };

  function showStagesList() {
    const places = state.apis.flatMap((api) => api.stages.map((stage) => ({ value: api.apiId + "\n" + stage.name, text: (state.apis.length > 1 ? api.name + " / " : "") + stage.name })));
    const before = byId("stage").value;
    show("stage", places, () => places.map(({ value, text }) => make("option", { value }, text)));
    if (places.some(({ value }) => value === before)) byId("stage").value = before;
  }

  function showRoutes() {
    const { api } = current();
    const routes = api ? api.routes : [];
    show("routes", [api && api.apiId, routes], () =>
      routes.map((route) => {
        const name = button(route.key, "try " + route.key, () => choose(route));
        name.className = "link";
        return row(name, make("td", {}, ...route.pipeline.map((step) => make("span", { className: "step" }, step))));
      }),
    );
  }

  function showCredentials() {
    const choices = [
      ["key", state.keys.map(({ id, name, enabled }) => ({ value: id, text: (name || id) + (enabled ? "" : " (disabled)") }))],
      ["principal", state.principals.map(({ accessKeyId, arn }) => ({ value: accessKeyId, text: arn.split(":").pop() + " · " + accessKeyId }))],
      ["issuer", state.issuers.map((name) => ({ value: name, text: name }))],
    ];
    for (const [id, list] of choices) {
      const before = byId(id).value;
      byId(id + "-choice").hidden = list.length === 0;
      show(id, list, () => [{ value: "", text: "none" }, ...list].map(({ value, text }) => make("option", { value }, text)));
      if (list.some(({ value }) => value === before)) byId(id).value = before;
    }
  }

  function choose(route) {
    const { stage } = current();
    byId("method").value = route.method === "ANY" ? "GET" : route.method;
    byId("path").value = (stage === "$default" ? "" : "/" + stage) + route.path;
    byId("path").focus();
  }

  byId("try").addEventListener("submit", (event) => {
    event.preventDefault();
    const { api } = current();
    let headers = byId("headers").value;
    if (byId("bearer").value) headers += "\nAuthorization: Bearer " + byId("bearer").value;
    const body = byId("body").value;
    if (body && !/^content-type:/im.test(headers)) headers += "\nContent-Type: application/json";
    const host = state.apis.length > 1 && api ? api.apiId + ".localhost" : "localhost";
    const { stage } = current();
    // Names alone: the gateway puts keys, signatures and tokens in.
    const named = { stage, keyId: byId("key").value, principal: byId("principal").value, authorizer: byId("issuer").value, subject: byId("subject").value.trim(), scopes: byId("scopes").value.trim() };
    const wish = { method: byId("method").value.trim().toUpperCase(), path: byId("path").value.trim(), headers, body, host, ...named };
    act("request", async () => showTrace(await call("/console/try", "POST", wish)));
  });

  function showTrace(traced) {
    const { answer, log, steps } = traced;
    fill(byId("answer"), [
      make("h3", {}, "Answer ", make("span", { className: tone(answer.status) }, answer.status), " in " + ms(traced.latencyMs)),
      make("pre", { id: "answer-body", tabIndex: 0 }, answer.body || "(empty)"),
      make("details", {}, make("summary", {}, "Headers"), make("pre", { tabIndex: 0 }, answer.headers.map(([name, value]) => name + ": " + value).join("\n"))),
      make("h3", {}, "Trace " + traced.requestId),
      ...steps.map(({ step, data }) => make("details", {}, make("summary", {}, step), make("pre", { tabIndex: 0 }, JSON.stringify(data, null, 2)))),
      make("details", {}, make("summary", {}, "Execution log"), make("pre", { id: "log", tabIndex: 0 }, log.join("\n"))),
    ]);
  }

  function showRequests() {
    show("requests", [requests.length, requests[0] && requests[0].number], () =>
      requests.slice(0, 100).map((request) =>
        row(
          make("td", { className: "nowrap" }, clock(request.at)),
          make("td", { className: tone(request.status) }, request.status),
          mono(request.method + " " + request.path),
          make("td", {}, request.route || "–", request.isCanary ? " (canary)" : "", request.error ? " " + request.error : ""),
          make("td", { className: "nowrap" }, ms(request.latencyMs)),
          mono(request.requestId),
        ),
      ),
    );
  }

  function sumsOf(apiName, stage) {
    const sums = { count: 0, errors: 0, hits: 0, looks: 0, sumMs: 0 };
    for (const series of state.series) {
      if (series.api !== apiName || series.stage !== stage) continue;
      sums.count += series.count;
      sums.errors += series.clientErrors + series.serverErrors;
      sums.hits += series.cacheHits;
      sums.looks += series.cacheHits + series.cacheMisses;
      sums.sumMs += series.sumMs;
    }
    return sums;
  }

  /** All stages are measured, whichever is shown. */
  function measure() {
    const places = new Set();
    for (const api of state.apis) {
      for (const { name } of api.stages) {
        const place = api.apiId + "\n" + name;
        places.add(place);
        addPoint(place, sumsOf(api.name, name));
      }
    }
    for (const place of plots.keys()) if (!places.has(place)) plots.delete(place);
  }

  function addPoint(place, sums) {
    const known = plots.get(place);
    // A process that has taken over counts from the beginning.
    if (!known || sums.count < known.sums.count) return void plots.set(place, { sums, now: state.now, points: [] });
    const seconds = Math.max(0.1, (state.now - known.now) / 1000);
    const count = sums.count - known.sums.count;
    known.points.push({
      rate: count / seconds,
      latency: count ? (sums.sumMs - known.sums.sumMs) / count : 0,
      errors: count ? ((sums.errors - known.sums.errors) / count) * 100 : 0,
      cache: sums.looks ? (sums.hits / sums.looks) * 100 : 0,
    });
    if (known.points.length > 120) known.points.shift();
    Object.assign(known, { sums, now: state.now });
  }

  function showMetrics() {
    const { api, stage } = current();
    const { sums, points } = (api && plots.get(api.apiId + "\n" + stage)) || { sums: sumsOf("", ""), points: [] };
    const series = state.series.find((one) => api && one.api === api.name && one.stage === stage && !one.isCanary);
    const [p50 = 0, , p99 = 0] = series ? series.quantiles : [];
    showPlots(points, [
      ["Requests a second", "rate", (value) => value.toFixed(1), sums.count + " in all"],
      ["Latency, mean", "latency", ms, "p50 " + ms(p50) + ", p99 " + ms(p99)],
      ["Errors", "errors", (value) => value.toFixed(0) + " %", sums.errors + " in all"],
      ["Cache hits", "cache", (value) => value.toFixed(0) + " %", sums.hits + " of " + sums.looks],
    ]);
  }

  function showPlots(points, figures) {
    fill(byId("plots"), figures.map(([title, name, print, note]) => {
      const values = points.map((point) => point[name]);
      const value = print(values.length ? values[values.length - 1] : 0);
      const top = Math.max(1e-9, ...values);
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 119 100");
      svg.setAttribute("preserveAspectRatio", "none");
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", title + ": " + value + " now, at most " + print(values.length ? top : 0) + " in two minutes; " + note);
      const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
      const places = values.map((one, at) => 120 - values.length + at + "," + (96 - (one / top) * 90)).join(" ");
      line.setAttribute("points", places);
      const area = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
      if (values.length) area.setAttribute("points", 120 - values.length + ",100 " + places + " 119,100");
      svg.append(area, line);
      const peak = values.length ? ", at most " + print(top) : "";
      return make("figure", {}, make("figcaption", {}, make("span", {}, title), make("b", {}, value)), svg, make("div", { className: "muted" }, note + peak));
    }));
  }

  function showStages() {
    show("stages", state.apis.map(({ apiId, stages }) => [apiId, stages]), () => state.apis.flatMap((api) => api.stages.map((stage) => stageCard(api, stage))));
  }

  function stageCard(api, stage) {
    const where = "/restapis/" + api.apiId + "/stages/" + encodeURIComponent(stage.name);
    const patch = (...patchOperations) => call(where, "PATCH", { patchOperations });
    const name = api.name + " " + stage.name;
    const buttons = [];
    const canRollBack = new Set(stage.history.map(({ deployment }) => deployment)).size > 1;
    const stageButton = (text, label, question) =>
      buttons.push(button(text, label, () => askOfStage(api, stage, { ...question, label, title: label + "?", yes: text })));
    if (canRollBack && !stage.canary)
      stageButton("Roll back", "Roll back " + name, { action: "rollback", what: "rollback of " + name, work: () => call("/console/rollback", "POST", { api: api.name, stage: stage.name }) });
    if (stage.canary) {
      stageButton("Promote canary", "Promote canary of " + name, { action: "promote", what: "promotion of " + name, work: () => patch(
        { op: "copy", from: "/canarySettings/deploymentId", path: "/deploymentId" },
        { op: "copy", from: "/canarySettings/stageVariableOverrides", path: "/variables" },
        { op: "remove", path: "/canarySettings" }) });
      stageButton("Stop canary", "Stop canary of " + name, { action: "stop", what: "canary of " + name, work: () => patch({ op: "remove", path: "/canarySettings" }) });
    }
    for (const percent of api.kind === "rest" ? [10, 50] : []) {
      stageButton("Canary " + percent + " %", "Canary " + percent + " % of " + name, { action: "canary", what: "canary of " + name, work: () =>
        patch({ op: "replace", path: "/canarySettings/percentTraffic", value: String(percent) }) });
    }
    const flush = "Flush cache of " + name;
    buttons.push(button("Flush cache", flush, () => ask({ title: flush + "?", yes: "Flush cache", label: flush,
      facts: ["All answers that the cache of " + name + " keeps are thrown away, in all processes.", "Until it has filled again, requests go to the backends."],
      work: () => act("flush of " + name, () => call(where + "/cache/data", "DELETE")) })));
    return make("div", {},
      make("h3", {}, name),
      make("div", { className: "muted" }, "deployment " + stage.deployment + ", log " + stage.log + (stage.canary ? ", canary " + stage.canary.percent + " % to " + stage.canary.deployment : "")),
      make("div", {}, ...buttons),
      make("details", {}, make("summary", {}, "History"), make("ol", { reversed: true }, ...stage.history.map((entry) => make("li", { value: entry.number }, new Date(entry.at).toLocaleString() + " " + entry.action + " " + entry.deployment + (entry.description ? ": " + entry.description : ""))))),
    );
  }

  function showUsage() {
    show("usage", state.usage, () => {
      if (state.usage.length === 0) return [row(make("td", { colSpan: 4, className: "muted" }, "No request with an API key yet."))];
      return [...state.usage].reverse().map(({ day, plan, name, requests: count }) => row(day, plan, name, count));
    });
  }

  function showSockets() {
    byId("sockets-section").hidden = !state.hasSockets;
    show("socket-series", state.sockets, () => {
      if (state.sockets.length === 0) return [row(make("td", { colSpan: 8, className: "muted" }, "No message yet."))];
      return state.sockets.map(({ api, stage, route, counts, p50, p99 }) =>
        row((state.apis.length > 1 ? api + " / " : "") + stage, route ? mono(route) : "all", counts.ConnectCount, counts.MessageCount,
          counts.ClientError, counts.IntegrationError, counts.ExecutionError, ms(p50) + ", " + ms(p99)));
    });
    show("sockets", state.connections.map(({ connectionId }) => connectionId), () => {
      if (state.connections.length === 0) return [row(make("td", { colSpan: 5, className: "muted" }, "No connection is open."))];
      return state.connections.map(({ connectionId: id, stage, sourceIp, connectedAt }) =>
        row(mono(id), stage, sourceIp, make("td", { className: "nowrap" }, clock(connectedAt)), make("td", {},
          button("Send", "send the message to " + id, () => act("message", () => call("/console/send", "POST", { id, text: byId("message").value }))),
          button("Disconnect", "disconnect " + id, () => ask({ title: "Disconnect " + id + "?", yes: "Disconnect", label: "disconnect " + id,
            facts: ["The connection of " + sourceIp + " to " + stage + ", open since " + clock(connectedAt) + ", is closed. The $disconnect route runs; the client may connect again."],
            work: () => act("connection", () => call("/console/disconnect", "POST", { id })) })),
        )),
      );
    });
  }

  async function refresh() {
    state = await call("/console/state?since=" + since);
    if (state.latest < since) requests.length = 0;
    for (const request of state.requests) requests.unshift(request);
    requests.length = Math.min(requests.length, 200);
    since = state.latest;
    byId("login").hidden = true;
    byId("main").hidden = false;
    byId("title").textContent = state.apis.map(({ name, version }) => name + " " + version).join(", ") || "console";
    showStagesList();
    showRoutes();
    showCredentials();
    showRequests();
    measure();
    showMetrics();
    showStages();
    showUsage();
    showSockets();
  }

  byId("stage").addEventListener("change", () => { showRoutes(); showMetrics(); });
  byId("login").addEventListener("submit", (event) => {
    event.preventDefault();
    token = byId("token").value;
    sessionStorage.setItem("gateway-admin-token", token);
    void loop.now();
  });

  let wasAsked = false;
  const loop = { now: async () => {
    try {
      await refresh();
      if (byId("status").textContent.startsWith("connect") || byId("status").textContent.startsWith("not reached") || wasAsked) say("live", "good");
      wasAsked = false;
    } catch (error) {
      wasAsked = !byId("login").hidden;
      if (wasAsked) say(token ? "that is not the token" : "sign in with the token of the admin port", "warn");
      else say("not reached: " + error.message, "bad");
    }
  } };
  void loop.now();
  setInterval(() => { if (!document.hidden) void loop.now(); }, 1000);
})();`;
