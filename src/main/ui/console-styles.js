/** The looks of what is around the element on the stand-alone page. */
export const PAGE_STYLES = `
:root { color-scheme: light dark; font-family: "Red Hat Text", system-ui, sans-serif; }
body { margin: 0; color: light-dark(#151515, #e0e0e0); background: light-dark(#fff, #1b1d21); }
header {
  display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; padding: .75rem 1.5rem;
  color: #fff; background: #151515; border-block-end: 1px solid #444548;
}
header .realm { margin-inline-end: auto; font: inherit; overflow-wrap: anywhere; }
header select, header button { font: inherit; color: #fff; background: #292929; border: 1px solid #8a8d90; border-radius: 3px; padding: .25rem .75rem; }
header select { max-width: 14rem; }
header button { cursor: pointer; }
:focus-visible { outline: 2px solid light-dark(#06c, #73bcf7); outline-offset: 2px; }
header :focus-visible { outline-color: #73bcf7; }
main { padding: 1.5rem; max-width: 90rem; margin: auto; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; font-weight: 500; line-height: 1.3; }
@media (max-width: 30rem) { header, main { padding-inline: 1rem; } }
`;
