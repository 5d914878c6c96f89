/** The look of every page: no font, image or rule from elsewhere. Colours keep a contrast of 4.5 or more. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--card:#f6f8fa;--bot:#eef4fb;--team:#eef7ee;--note:#fff4d6;--link:#0b57b0}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e8eaed;--soft:#a8b1bb;--line:#3a424b;--card:#1e2328;--bot:#1b2733;--team:#1c2b20;--note:#3a3012;--link:#8ab8f0}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
header.brand{display:flex;align-items:center;gap:.75rem;background:var(--brand);color:#fff;padding:.75rem 1.25rem}
header.brand p{margin:0;font-weight:600}
header.brand img{height:2rem;width:auto}
main,footer{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.15rem;margin:1.5rem 0 .75rem}
h3{font-size:1rem;margin:0}
a{color:var(--link)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:.5rem 1.5rem;margin:0}
dt{font-size:.8rem;color:var(--soft)}
dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}
ol.entries{list-style:none;margin:0;padding:0}
ol.entries>li{margin:.6rem 0}
article{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .9rem;background:var(--card)}
article.bot,article.tool,article.system{background:var(--bot)}
article.teammate{background:var(--team)}
article.internal{background:var(--note);border-style:dashed}
article>header{display:flex;flex-wrap:wrap;gap:.1rem .75rem;align-items:baseline}
.role,.when,.event{color:var(--soft);font-size:.85rem}
.badge{font-size:.75rem;border:1px solid currentColor;border-radius:1rem;padding:0 .5rem}
.body{white-space:pre-wrap;overflow-wrap:anywhere;margin-top:.3rem}
.empty{color:var(--soft);font-style:italic}
.event p{margin:0;padding-inline-start:.9rem;border-inline-start:3px solid var(--line);overflow-wrap:anywhere}
.more{font-size:.9rem;margin:.5rem 0 0;padding-inline-start:1.2rem;overflow-wrap:anywhere}
.more q{display:block;color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:.85rem/1.4 ui-monospace,monospace;margin:.4rem 0 0}
.unseen{font:.75em ui-monospace,monospace;border:1px dotted currentColor;border-radius:.2em;padding:0 .2em;unicode-bidi:isolate}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:start;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}
td:nth-child(-n+2){overflow-wrap:anywhere}
td time{white-space:nowrap}
th{color:var(--soft);font-size:.8rem}
.search{display:block;margin:1rem 0}
.search input{font:inherit;width:100%;max-width:30rem;padding:.4rem .6rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--paper);color:var(--ink)}
footer{border-top:1px solid var(--line);color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}
footer p{margin:.2rem 0}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--card:#fff;--bot:#fff;--team:#fff;--note:#fff;--link:#000}
@page{margin:18mm 15mm}
header.brand{print-color-adjust:exact;-webkit-print-color-adjust:exact}
main,footer{max-width:none;padding-inline:0}
article,tr,.event{break-inside:avoid}
h1,h2,article>header{break-after:avoid}
.search{display:none}}
`;
