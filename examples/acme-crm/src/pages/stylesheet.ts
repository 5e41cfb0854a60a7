export const stylesheet = `
:root {
  --ink: #1c2733; --soft: #5b6876; --line: #dde3ea; --paper: #fff; --ground: #f3f5f8;
  --accent: #0b5fae; --accent-dark: #084a89; --alert: #fdf0ee; --alert-ink: #97230f; --tag: #e3f2e8; --tag-ink: #155c33;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
a { color: var(--accent); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; }
:focus-visible { outline: 3px solid #f5a524; outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem; z-index: 1; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; background: #12304d; color: #fff; padding: .6rem 1.5rem; }
.bar a { color: #fff; text-decoration: none; }
.bar nav { display: flex; gap: 1.25rem; }
.bar nav a:hover { text-decoration: underline; }
.brand { display: flex; align-items: center; gap: .6rem; font-weight: 700; letter-spacing: .01em; }
.mark { display: grid; place-items: center; width: 1.75rem; height: 1.75rem; border-radius: .4rem; background: #f5a524; color: #12304d; }
.who { margin-left: auto; display: flex; align-items: center; gap: .75rem; }
.who button { background: none; border-color: #6f8aa3; color: #fff; padding: .2rem .7rem; }
main { max-width: 70rem; margin: 0 auto; padding: 1.75rem 1.5rem 3rem; }
.visitor main { padding-top: 3.5rem; }
.head { display: flex; flex-wrap: wrap; gap: 1rem; justify-content: space-between; align-items: center; margin-bottom: 1.25rem; }
.sub { color: var(--soft); margin: .2rem 0 0; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.4rem; margin-bottom: 1.25rem; }
.card.narrow { max-width: 28rem; margin-inline: auto; padding: 2rem; }
.card.narrow h1 { margin-bottom: .75rem; }
.card.flush { padding: 0; overflow-x: auto; }
.columns { display: grid; grid-template-columns: minmax(17rem, 1fr) 2fr; gap: 1.25rem; align-items: start; }
.columns.even { grid-template-columns: 1fr 1fr; }
@media (max-width: 45rem) { .columns, .columns.even { grid-template-columns: 1fr; } }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .65rem 1.2rem; border-top: 1px solid var(--line); font-weight: 400; }
thead th { border-top: 0; color: var(--soft); font-size: .85rem; }
tbody tr:hover { background: #f8fafc; }
tbody th a { font-weight: 600; text-decoration: none; }
.number, .duration, time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.stack { display: grid; gap: .4rem; }
.stack button { justify-self: start; margin-top: .6rem; }
label { font-weight: 600; font-size: .9rem; }
label.check { font-weight: 400; margin-top: .4rem; }
input:not([type=checkbox]), textarea { width: 100%; font: inherit; padding: .5rem .7rem; border: 1px solid #97a3b0; border-radius: .4rem; background: #fff; color: inherit; }
button, .button { font: inherit; font-weight: 600; padding: .5rem 1.1rem; border: 1px solid var(--accent); border-radius: .4rem; background: var(--accent); color: #fff; cursor: pointer; text-decoration: none; }
button:hover, .button:hover { background: var(--accent-dark); }
.quiet { background: #fff; color: var(--accent); }
.quiet:hover { background: #eef4fa; }
.who .quiet:hover { background: #1d466d; }
.search { display: flex; gap: .5rem; }
.search input { min-width: 16rem; }
.choices { display: flex; gap: .75rem; margin: 1.25rem 0; }
.choices button { flex: 1; }
.wishes { padding-left: 1.2rem; margin: 0 0 1rem; }
.small { color: var(--soft); font-size: .87rem; margin: 0; }
.empty { color: var(--soft); }
.alert { background: var(--alert); color: var(--alert-ink); border-radius: .4rem; padding: .6rem .8rem; }
dl { margin: 0; display: grid; gap: .5rem; }
dl div { display: grid; grid-template-columns: 4.5rem 1fr; gap: .5rem; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.id { font-family: ui-monospace, monospace; font-size: .87rem; overflow-wrap: anywhere; margin: 0; }
.note { border-bottom: 1px solid var(--line); padding-bottom: .75rem; margin-bottom: .75rem; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin-bottom: .25rem; }
.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li { position: relative; border-left: 2px solid var(--line); padding: 0 0 1.25rem 1.25rem; margin-left: .4rem; }
.timeline li::before { content: ""; position: absolute; left: -.45rem; top: .4rem; width: .75rem; height: .75rem; border-radius: 50%; background: var(--accent); }
.timeline li.missed::before { background: #c2410c; }
.timeline .what { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .6rem; margin: 0; }
.timeline .subject { margin: .35rem 0 .15rem; font-weight: 600; }
.tag { background: var(--tag); color: var(--tag-ink); border-radius: 1rem; padding: .05rem .6rem; font-size: .82rem; }
.missed .tag { background: var(--alert); color: var(--alert-ink); }
.missed .tag.plain, .tag.plain { background: #e8edf3; color: #34424f; }
.duration { color: var(--soft); font-size: .87rem; }
.paging { display: flex; gap: 1.5rem; }
`
