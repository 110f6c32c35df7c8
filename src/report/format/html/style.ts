/** @module The style of the page: restrained, typographic, light and dark, for a desk, a phone and paper. */
import { customProperties } from '../../chart/palette.ts';

/** Where the narrow drawings take over: below it the wide ones would be scaled to less than 11 px. */
const PHONE = '820px';

const GROUND = `
:root{color-scheme:light dark;${customProperties('light')}}
@media screen and (prefers-color-scheme:dark){:root{${customProperties('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
main{max-width:948px;margin:0 auto;padding:40px 24px 64px}
h1{font-size:30px;line-height:1.2;letter-spacing:-.015em;margin:0 0 12px;text-wrap:balance}
h2{font-size:20px;line-height:1.3;letter-spacing:-.005em;margin:56px 0 12px;padding-top:16px;border-top:1px solid var(--line)}
h3{font-size:16px;line-height:1.35;margin:0}h3.part{margin-top:28px}
p{margin:0 0 12px}
code,pre{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:0;padding:10px 12px;border-left:3px solid var(--line);line-height:1.45}
.quiet{color:var(--muted);font-size:14px}
.brand{color:var(--muted);font-size:13px;letter-spacing:.02em;margin:0 0 20px}
.brand b{color:var(--ink)}
`;

const TOP = `
.verdict{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:baseline;margin:0 0 28px}
.badge{font-size:14px;font-weight:600;line-height:1;padding:6px 10px;border-radius:4px;border:1.5px solid currentColor}
.badge.pass{color:var(--good)}.badge.fail{color:var(--bad)}.badge.inconclusive{color:var(--warn)}.badge.none{color:var(--muted)}
.reasons{margin:0;padding:0;list-style:none;flex:1 1 320px;min-width:0}
.reasons li+li{margin-top:4px}
.findings{list-style:none;margin:0 0 8px;padding:0;font-size:17px;line-height:1.45}
.findings li{position:relative;padding:9px 0 9px 32px;border-top:1px solid var(--line)}
.findings li:last-child{border-bottom:1px solid var(--line)}
.findings li::before{position:absolute;left:4px;top:9px;font-weight:700;width:20px;text-align:center}
.findings .good::before{content:"✓";color:var(--good)}
.findings .bad::before{content:"✕";color:var(--bad)}
.findings .warning::before{content:"!";color:var(--warn)}
.findings .neutral::before{content:"·";color:var(--muted)}
`;

const QUESTIONS = `
.answers{margin:0 0 28px;padding:0 0 0 28px;font-size:19px;line-height:1.45}
.answers li{padding:8px 0}
.answers a{display:block;color:var(--ink);font-weight:600;text-decoration-color:var(--line);text-underline-offset:3px}
.question>h2{font-size:24px;margin-top:72px;border-top:3px solid var(--ink)}
.question h3{font-size:19px;margin:44px 0 12px}
.question h4{font-size:16px;line-height:1.35;margin:0}.question h4.part{margin-top:28px}
`;

const TABLES = `
.scroll{overflow-x:auto;margin:12px 0;background:linear-gradient(to right,var(--ground) 30%,transparent) left/40px 100% no-repeat local,linear-gradient(to left,var(--ground) 30%,transparent) right/40px 100% no-repeat local,linear-gradient(to right,var(--line),transparent) left/12px 100% no-repeat scroll,linear-gradient(to left,var(--line),transparent) right/12px 100% no-repeat scroll}
.scroll:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:13px;line-height:1.4;font-variant-numeric:tabular-nums}
th,td{padding:7px 0 7px 11px;text-align:right;vertical-align:top;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{white-space:normal;font-weight:600;color:var(--muted);vertical-align:bottom;border-bottom:1.5px solid var(--muted)}
thead th small{display:block;font-weight:400;font-size:12px}
th:first-child,td:first-child{padding-left:0}
.text{text-align:left}
td.text,tbody th{white-space:normal;min-width:7em;max-width:28em;overflow-wrap:break-word}
tbody th{min-width:9.5em}
tbody th{font-weight:500;text-align:left}
td.code,td.code code{text-align:left;user-select:all}
td.bad{color:var(--bad);font-weight:600}
`;

const FIGURES = `
figure{margin:36px 0 0}
figcaption p{color:var(--muted);font-size:14px;margin:2px 0 10px;max-width:70ch}
.drawing svg{display:block;max-width:100%;height:auto}
.drawing svg text{font-family:inherit}
.wider{display:flex}
.narrow{display:none}
details{margin:8px 0 0;font-size:14px}
summary{cursor:pointer;color:var(--muted);width:fit-content}
summary:hover{color:var(--ink)}
summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
dl{display:grid;grid-template-columns:minmax(9em,max-content) 1fr;gap:6px 24px;margin:12px 0;font-size:15px}
dt{color:var(--muted)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.exchange{margin:14px 0;padding-left:14px;border-left:3px solid var(--line)}
.exchange p{margin:0;font-size:14px;font-weight:600}
.exchange dl{grid-template-columns:7em 1fr;gap:4px 14px;margin:4px 0 0;font-size:14px}
.wider svg{flex:none;max-width:none}
.fade{flex:0 0 40px;position:sticky;right:0;pointer-events:none;background:linear-gradient(to left,var(--ground) 20%,transparent)}
`;

const ELSEWHERE = `
@media (max-width:${PHONE}){
.wide{display:none}.narrow{display:block}
.narrow svg{width:100%;max-width:460px}
.narrow.wider{display:flex}.narrow.wider svg{width:auto;max-width:none}
}
@media (max-width:560px){
main{padding:24px 16px 48px}
thead th{white-space:nowrap}td.text{min-width:11em}
h1{font-size:25px}.findings{font-size:16px}
dl{display:block}dt{font-size:13px;margin-top:10px}
.blocks table,.blocks tbody{display:block}.blocks thead{display:none}
.blocks tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(72px,1fr));align-items:end;gap:6px 12px;padding:10px 0;border-bottom:1px solid var(--line)}
.blocks tr>*{padding:0;border:0;text-align:left;white-space:normal;min-width:0}
.blocks th,.blocks .text{grid-column:1/-1;max-width:none}.blocks tbody th{font-weight:600}
.blocks td::before{content:attr(data-head);display:block;color:var(--muted);font-size:12px;font-weight:400;line-height:1.25}
.blocks .text::before{display:inline;margin-right:8px}
}
@media print{
body{font-size:11pt}main{max-width:none;padding:0}
h2,h3{break-after:avoid}figure,tr,.findings li{break-inside:avoid}
summary{display:none}.scroll{overflow:visible}.fade{display:none}
table{font-size:8pt}thead th small{font-size:7pt}th,td{padding-left:8px}
.wide{display:block}.narrow{display:none}
}
`;

/** The content of the page's only style element. */
export const STYLE = [GROUND, TOP, QUESTIONS, TABLES, FIGURES, ELSEWHERE].join('').trim();
