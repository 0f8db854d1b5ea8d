import type { ScriptDocument } from '#shared/guidance/format.ts'
import type { PlayedCall } from '#shared/guidance/test-calls.ts'
import { commonestWay, countWays, legsOf, listWays } from '#shared/guidance/ways.ts'
import { drawScript, escaped } from './drawing.ts'

const mostListed = 300

/** The drawing with its figures, the ways of the test calls and every way there is, as one page without scripts. */
export function drawingPage(script: ScriptDocument, played: readonly PlayedCall[]): string {
  const ways = countWays(script)
  const taken = played.map(({ way }) => way)
  const commonest = commonestWay(taken)
  const listed = listWays(script, mostListed)
  const known = new Set(taken.map((way) => way.join()))
  const lengths = taken.map((way) => way.length).toSorted((a, b) => a - b)
  const usual = lengths[Math.floor(lengths.length / 2)] ?? 0
  const figures = [
    ['Steps', String(Object.keys(script.steps).length)],
    ['Ways from start to end', `${number(ways.all)}${ways.circular ? ', and more by going back' : ''}`],
    ['Shortest and longest way', `${ways.shortest} and ${ways.longest} steps`],
    ['Commonest way', `${commonest.length} steps`],
    ['Test calls', `${taken.length}, half of them up to ${usual} steps`],
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(script.title)}: every way</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head><body>
<h1>${escaped(script.title)}</h1>
<p>${escaped(script.service.name)}, version ${script.version}. The blue line is the commonest way of its test calls.
From every step one key leads to <b>${escaped(titleOf(script, script.escalation))}</b>; those ways are not drawn.</p>
<dl>${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value ?? '')}</dd></div>`).join('')}</dl>
<input type="checkbox" id="full"><label for="full">Full size</label>
<div class="drawing" tabindex="0">${drawScript(script, played)}</div>
<h2>Test calls</h2>
<table><thead><tr><th>Call</th><th>Steps</th><th>Ends at</th></tr></thead><tbody>
${played.map(({ name, way }) => `<tr><td>${escaped(name)}</td><td>${way.length}</td><td>${escaped(titleOf(script, way.at(-1) ?? ''))}</td></tr>`).join('\n')}
</tbody></table>
<h2>Every way</h2>
<p>${listed.length < mostListed ? `All ${listed.length}.` : `The first ${mostListed} of ${number(ways.all)}.`} ● is the way of a test call. Some may never be taken, because the answers they need exclude each other.</p>
<ol class="ways">
${listed.map((way) => `<li><b>${way.length} steps</b>${known.has(way.join()) ? ' ●' : ''} ${escaped(wayInWords(script, way))}</li>`).join('\n')}
</ol></body></html>
`
}

const number = (value: number) => value.toLocaleString('en-GB')
const titleOf = (script: ScriptDocument, id: string) => script.wording.en[id]?.title ?? id

/** The steps of a way by their titles, with the answers that lead on in brackets. */
export function wayInWords(script: ScriptDocument, way: readonly string[]): string {
  return way
    .map((id, at) => {
      const leg = legsOf(script, id).find(({ to }) => to === way[at + 1])
      return `${titleOf(script, id)}${leg === undefined || leg.when === null ? '' : ` (${leg.when})`}`
    })
    .join(' → ')
}

const style = `
body{font:16px/1.5 system-ui,"Segoe UI",Arial,sans-serif;margin:24px;color:#1c1b19;background:#fff}
h1{margin:0}p{max-width:70ch}
dl{display:flex;flex-wrap:wrap;gap:8px 32px}dt{font-size:13px;color:#5d5a52}dd{margin:0;font-weight:600}
.drawing{overflow:auto;border:1px solid #d5d1c7;max-height:90vh}
.drawing svg{display:block;margin:auto}#full:not(:checked)~.drawing svg{max-width:100%;height:auto}
table{border-collapse:collapse}th,td{text-align:left;padding:4px 16px 4px 0;border-bottom:1px solid #e4e0d6;vertical-align:top}
.ways{font-size:14px}.ways li{margin-bottom:6px}
`
