/** The console's page, empty: the script fills it. */
export const markup = `<a class="skip" href="#main">Skip to content</a>
<header>
  <h1>gateway <span id="title">console</span></h1>
  <label>Stage <select id="stage"></select></label>
  <p id="status" role="status">connecting …</p>
</header>
<form id="login" hidden>
  <label>Token of the admin port <input id="token" type="password" autocomplete="off"></label>
  <button>Sign in</button>
</form>
<main id="main">
  <section aria-labelledby="h-metrics" class="wide">
    <h2 id="h-metrics">Metrics</h2>
    <div id="plots" class="plots"></div>
  </section>
  <section aria-labelledby="h-routes">
    <h2 id="h-routes">Routes</h2>
    <div class="scroll" id="routes-list" role="region" aria-label="List of routes" tabindex="0"><table><caption class="sr">Routes with their pipeline; choose one to try it</caption>
      <thead><tr><th scope="col">Route</th><th scope="col">Pipeline</th></tr></thead><tbody id="routes"></tbody></table></div>
  </section>
  <section aria-labelledby="h-try">
    <h2 id="h-try">Try it</h2>
    <form id="try">
      <div class="row">
        <label>Method <input id="method" value="GET" size="7" required></label>
        <label class="grow">Path <input id="path" value="/" required></label>
      </div>
      <div class="row">
        <label class="grow" id="key-choice">API key <select id="key"></select></label>
        <label class="grow" id="principal-choice">Signed by <select id="principal"></select></label>
        <label class="grow">Bearer token <input id="bearer" autocomplete="off"></label>
      </div>
      <div class="row" id="issuer-choice">
        <label class="grow">Local token for <select id="issuer"></select></label>
        <label class="grow">Subject <input id="subject" value="local-user" autocomplete="off"></label>
        <label class="grow">Scopes <input id="scopes" autocomplete="off"></label>
      </div>
      <label>Headers, one a line <textarea id="headers" rows="2" spellcheck="false"></textarea></label>
      <label>Body <textarea id="body" rows="3" spellcheck="false"></textarea></label>
      <button>Send</button>
    </form>
    <div id="answer" role="region" aria-live="polite" aria-label="Answer and trace"></div>
  </section>
  <section aria-labelledby="h-requests" class="wide">
    <h2 id="h-requests">Requests</h2>
    <div class="scroll" role="region" aria-label="Last requests" tabindex="0"><table><caption class="sr">The last requests, newest first</caption>
      <thead><tr><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Request</th><th scope="col">Route</th><th scope="col">Latency</th><th scope="col">Request id</th></tr></thead>
      <tbody id="requests"></tbody></table></div>
  </section>
  <section aria-labelledby="h-stages">
    <h2 id="h-stages">Stages and deployments</h2>
    <div id="stages"></div>
  </section>
  <section aria-labelledby="h-usage">
    <h2 id="h-usage">Usage by key</h2>
    <div class="scroll" role="region" aria-label="Use of keys" tabindex="0"><table><caption class="sr">Requests of each API key in the last seven days</caption>
      <thead><tr><th scope="col">Day</th><th scope="col">Plan</th><th scope="col">Key</th><th scope="col">Requests</th></tr></thead><tbody id="usage"></tbody></table></div>
  </section>
  <section aria-labelledby="h-sockets" class="wide" id="sockets-section">
    <h2 id="h-sockets">WebSocket connections</h2>
    <div class="scroll" role="region" aria-label="Counts of WebSocket events" tabindex="0"><table><caption class="sr">Connections, messages and errors since the gateway started</caption>
      <thead><tr><th scope="col">Stage</th><th scope="col">Route</th><th scope="col">Connects</th><th scope="col">Messages</th><th scope="col">Client errors</th><th scope="col">Integration errors</th><th scope="col">Execution errors</th><th scope="col">Integration p50, p99</th></tr></thead><tbody id="socket-series"></tbody></table></div>
    <div class="row"><label class="grow">Message <input id="message" autocomplete="off"></label></div>
    <div class="scroll" role="region" aria-label="Open connections" tabindex="0"><table><caption class="sr">Open WebSocket connections</caption>
      <thead><tr><th scope="col">Connection</th><th scope="col">Stage</th><th scope="col">Address</th><th scope="col">Since</th><th scope="col">Actions</th></tr></thead><tbody id="sockets"></tbody></table></div>
  </section>
</main>
<dialog id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-text">
  <h2 id="confirm-title"></h2>
  <div id="confirm-text" aria-live="polite"></div>
  <div class="row"><button type="button" id="confirm-no" autofocus>Cancel</button><button type="button" id="confirm-yes"></button></div>
</dialog>`;
