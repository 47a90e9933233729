/**
 * The looks. Each --keycloak-api-keys-… property can be set by the page around; else PatternFly's variables are followed, as in
 * Keycloak's consoles; else there are a light and a dark scheme, by the color-scheme of the page around.
 */
export const STYLES = `
:host {
  --text: var(--keycloak-api-keys-text, var(--pf-v5-global--Color--100, light-dark(#151515, #e0e0e0)));
  --quiet: var(--keycloak-api-keys-quiet-text, var(--pf-v5-global--Color--200, light-dark(#5b5e61, #b0b1b3)));
  --surface: var(--keycloak-api-keys-background, var(--pf-v5-global--BackgroundColor--100, light-dark(#fff, #1b1d21)));
  --border: var(--keycloak-api-keys-border, var(--pf-v5-global--BorderColor--100, light-dark(#d2d2d2, #444548)));
  --edge: var(--keycloak-api-keys-edge, light-dark(#6a6e73, #8a8d90));
  --accent: var(--keycloak-api-keys-accent, var(--pf-v5-global--link--Color, light-dark(#06c, #1fa7f8)));
  --button: var(--keycloak-api-keys-button, var(--pf-v5-global--primary-color--300, #06c));
  --on-button: var(--keycloak-api-keys-button-text, #fff);
  --harm: var(--keycloak-api-keys-danger, light-dark(#b1380b, #ff7468));
  --harm-button: #c9190b;
  --radius: var(--keycloak-api-keys-radius, var(--pf-v5-global--BorderRadius--sm, 3px));
  --space: var(--keycloak-api-keys-space, var(--pf-v5-global--spacer--md, 1rem));
  display: block;
  container-type: inline-size;
  color: var(--text);
  font-family: var(--keycloak-api-keys-font, var(--pf-v5-global--FontFamily--text, inherit));
  font-size: var(--keycloak-api-keys-font-size, var(--pf-v5-global--FontSize--md, 1rem));
  line-height: 1.5;
}
:host([hidden]), [hidden] { display: none !important; }
:host([scheme=light]) { color-scheme: light; }
:host([scheme=dark]) { color-scheme: dark; }
:host([scheme=auto]) { color-scheme: light dark; }
* { box-sizing: border-box; }
p, h2, h3, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
code, .key { font-family: var(--pf-v5-global--FontFamily--monospace, ui-monospace, monospace); font-size: .875em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.status:empty { display: none; }
.status, .alert {
  padding: .625rem .875rem; margin-block-end: var(--space); border-radius: var(--radius);
  border-inline-start: 3px solid var(--tone); background: color-mix(in srgb, var(--tone) 10%, transparent);
}
.status { --tone: light-dark(#3e8635, #5ba352); }
.alert { --tone: light-dark(#2b9af3, #73bcf7); }
.alert.warning { --tone: light-dark(#f0ab00, #f4c145); }
.alert.danger { --tone: light-dark(#c9190b, #fe5142); }
.bar { margin-block-end: var(--space); }
.empty { padding: 2rem; text-align: center; color: var(--quiet); border: 1px dashed var(--border); border-radius: var(--radius); }
.spinner {
  width: 2.25rem; height: 2.25rem; margin: 2rem auto; border-radius: 50%;
  border: 4px solid var(--border); border-block-start-color: var(--accent); animation: turn 1s linear infinite;
}
@keyframes turn { to { rotate: 1turn; } }
@media (prefers-reduced-motion: reduce) { .spinner { animation-duration: 4s; } }

button, input, select, textarea { font: inherit; color: inherit; border-radius: var(--radius); }
button { cursor: pointer; border: 1px solid transparent; padding: .375rem 1rem; background: none; }
button.primary { background: var(--button); color: var(--on-button); }
button.danger { background: var(--harm-button); color: #fff; }
button.secondary { border-color: var(--accent); color: var(--accent); }
button.link { color: var(--accent); padding-inline: .5rem; }
button.link.harm { color: var(--harm); }
button:hover { filter: brightness(.9); }
button.link:hover { text-decoration: underline; }
button[aria-disabled=true] { background: var(--border); color: var(--text); cursor: not-allowed; filter: none; opacity: .8; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
h2:focus, .status:focus { outline: none; }
input:not([type=checkbox], [type=radio]), select, textarea {
  width: 100%; padding: .375rem .5rem; border: 1px solid var(--edge); background: var(--surface);
}
input[type=checkbox], input[type=radio] { accent-color: var(--button); width: 1rem; height: 1rem; margin: 0; flex: none; }
[aria-invalid=true] { border-color: var(--harm) !important; }

.field { display: grid; gap: .25rem; margin-block-end: var(--space); }
.field > label, legend, dt, th { font-weight: 600; font-size: .875em; }
.help, .note { color: var(--quiet); font-size: .875em; overflow-wrap: anywhere; }
.error { color: var(--harm); font-size: .875em; }
.choice { display: flex; gap: .5rem; align-items: center; padding-block: .125rem; }
form > .choice + *, form > p + .field { margin-block-start: var(--space); }
.choice label { overflow-wrap: anywhere; }
legend { padding: 0; margin-block-end: .25rem; }
.parts { padding-inline-start: 1.5rem; }
.part { padding-inline-start: 1.5rem; padding-block: .25rem .5rem; }
.boxes { max-height: 12rem; overflow: auto; }
.search { max-width: 24rem; }

table { width: 100%; border-collapse: collapse; text-align: start; }
th, td { padding: .625rem .5rem; text-align: start; vertical-align: top; border-block-end: 1px solid var(--border); }
td code, td .note, td .label + .label { display: block; }
td code { color: var(--quiet); overflow-wrap: anywhere; }
td:nth-child(3), td:nth-child(4) { white-space: nowrap; }
td:nth-child(5) { min-width: 9rem; }
td.actions { white-space: nowrap; text-align: end; }
td.actions button { padding-block: 0; border-block: 0; }
button.name { padding: 0; text-align: start; font-weight: 600; overflow-wrap: anywhere; }
.label {
  display: inline-block; width: fit-content; padding: 0 .5rem; border-radius: 1rem; font-size: .875em;
  border: 1px solid var(--tone); background: color-mix(in srgb, var(--tone) 12%, transparent); --tone: light-dark(#3e8635, #5ba352);
}
.label.soon { --tone: light-dark(#f0ab00, #f4c145); }
.label.expired, .label.unreadable { --tone: light-dark(#c9190b, #fe5142); }
.label.disabled, .label.locked { --tone: light-dark(#6a6e73, #aaabac); }
.label.limited { --tone: light-dark(#009596, #73c5c5); margin-block-start: .25rem; }

dialog {
  width: min(36rem, 100vw - 1rem); max-height: calc(100dvh - 2rem); padding: 1.5rem; overflow: auto;
  color: var(--text); background: var(--surface); border: 1px solid var(--border); border-radius: var(--radius);
  box-shadow: 0 .5rem 2rem rgb(0 0 0 / .35);
}
dialog::backdrop { background: rgb(3 3 3 / .62); }
dialog h2 { font-size: 1.375em; font-weight: 500; line-height: 1.3; margin-block-end: var(--space); overflow-wrap: anywhere; }
dialog h3 { font-size: 1.125em; font-weight: 500; margin-block: var(--space) .5rem; }
dialog p + p:not(.error) { margin-block-start: .5rem; }
dialog p.name { font-weight: 600; overflow-wrap: anywhere; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-block-start: var(--space); }
.key { resize: none; word-break: break-all; }
.key + .buttons { margin-block: .5rem var(--space); }
dl > div { display: grid; grid-template-columns: 10rem 1fr; gap: .25rem .75rem; padding-block: .125rem; }
dd { overflow-wrap: anywhere; }

@container (max-width: 46rem) {
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, td { display: block; }
  tr { padding-block: .75rem; border-block-end: 1px solid var(--border); }
  td { border: 0; padding: .125rem 0; display: grid; grid-template-columns: 8rem 1fr; column-gap: .5rem; }
  td::before { content: attr(data-label); font-weight: 600; font-size: .875em; }
  td > * { grid-column: 2; }
  td:first-child { display: block; }
  td:first-child::before { content: none; }
  td.actions { display: flex; text-align: start; margin-inline-start: -.5rem; }
  td.actions::before { content: none; }
}
@media (max-width: 30rem) { dl > div { grid-template-columns: 1fr; } dialog { padding: 1rem; } }
`;
