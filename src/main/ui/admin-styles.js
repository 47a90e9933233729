/** What the pages for administrators look like, beyond what users' own page does. */
export const ADMIN_STYLES = `
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
nav { display: flex; flex-wrap: wrap; border-block-end: 1px solid var(--border); margin-block-end: var(--space); }
nav a { padding: .5rem 1rem; color: var(--text); text-decoration: none; border-block-end: 3px solid transparent; }
nav a:hover { border-color: var(--border); }
nav a[aria-current] { border-color: var(--accent); }
div[inert] { opacity: .6; }
.status.failure { --tone: light-dark(#c9190b, #fe5142); }
.bar { display: flex; flex-wrap: wrap; gap: .5rem; margin-block: var(--space); }
.toolbar { display: grid; grid-template-columns: 2fr repeat(5, 1fr); gap: .25rem .75rem; align-items: end; }
.toolbar .narrow { display: none; }
.toolbar .field { margin-block-end: .5rem; }
input:not([type=checkbox], [type=radio]), select { min-height: 2.375rem; }
.list[aria-busy=true] { opacity: .6; }
.holder { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: center; }
td .link.holder { padding: 0; border: 0; text-align: start; overflow-wrap: anywhere; display: inline; }
a.name { font-weight: 600; overflow-wrap: anywhere; }
table.inventory td:nth-child(3) { white-space: normal; }
table.inventory td:nth-child(5) { white-space: nowrap; min-width: 0; }
table.inventory td:nth-child(6) { min-width: 9rem; }
table.report td { white-space: normal; min-width: 0; overflow-wrap: anywhere; }
button.sort { padding: 0; border: 0; font: inherit; text-align: start; white-space: nowrap; }
th[aria-sort] button.sort::after { content: " ↑"; content: " ↑" / ""; }
th[aria-sort=descending] button.sort::after { content: " ↓"; content: " ↓" / ""; }
.pager { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding-block: var(--space); }
.pager span { margin-inline-end: auto; }
.pager button[aria-disabled=true] { background: none; border-color: var(--border); color: var(--quiet); }
h2.title {
  display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; margin: 0; font-size: 1.5rem; font-weight: 500;
  overflow-wrap: anywhere; min-width: 0;
}
h2.title .label { font-weight: 400; font-size: .875rem; }
h3 { font-size: 1.125rem; font-weight: 500; }
.card { border: 1px solid var(--border); border-radius: var(--radius); padding: 1rem; margin-block-end: var(--space); }
.card dl > div { padding-block: .375rem; }
dd { display: flex; flex-wrap: wrap; gap: .125rem .75rem; min-width: 0; }
dd > * { overflow-wrap: anywhere; min-width: 0; }
.policy, .import { max-width: 44rem; }
.import { margin-block: var(--space); }
.code { font-family: ui-monospace, monospace; }
form fieldset { margin-block-end: var(--space); }
.duration { display: grid; grid-template-columns: 1fr 10rem; gap: .5rem; align-items: end; margin-block-end: var(--space); }
.duration .field { margin: 0; }
.chart { display: flex; align-items: end; gap: 2px; height: 7rem; margin: .75rem 0 0; padding: 0; list-style: none; }
.chart li { position: relative; flex: 1; height: max(2px, calc(var(--height) * 100%)); background: var(--accent); border-radius: 2px 2px 0 0; }
.chart li.none { background: var(--border); }
.axis { display: flex; justify-content: space-between; }

@container (max-width: 64rem) { .toolbar { grid-template-columns: repeat(5, 1fr); } .toolbar .field:first-child { grid-column: 1 / -1; } }
@container (max-width: 46rem) {
  .toolbar { grid-template-columns: repeat(2, 1fr); }
  .toolbar .narrow { display: grid; }
  table.inventory td:nth-child(6) { min-width: 0; }
  .duration { grid-template-columns: 1fr; }
}
`;
