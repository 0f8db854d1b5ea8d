import { Graph, layout } from '@dagrejs/dagre'
import { shortened } from '#shared/guidance/condition-words.ts'
import type { ScriptDocument } from '#shared/guidance/format.ts'
import type { PlayedCall } from '#shared/guidance/test-calls.ts'
import { commonestWay, legsOf } from '#shared/guidance/ways.ts'
import { wrapped } from './text.ts'

interface Point {
  readonly x: number
  readonly y: number
}

const box = { width: 216, padding: 10, line: 17, head: 18 }
const labelLine = 15

/** A script as a picture: every step, every leg with its answers, the commonest way of its test calls in colour. */
export function drawScript(script: ScriptDocument, played: readonly PlayedCall[]): string {
  const taken = played.map(({ way }) => way)
  const commonest = commonestWay(taken)
  const common = new Set(commonest.slice(1).map((id, at) => `${commonest[at]}>${id}`))
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 40, edgesep: 18, marginx: 24, marginy: 24 })
  for (const id of Object.keys(script.steps)) {
    graph.setNode(id, { width: box.width, height: heightOf(script, id) })
  }
  const legs = Object.keys(script.steps).flatMap((id) => legsOf(script, id))
  for (const { from, to, when } of legs) {
    const lines = when === null ? [] : wrapped(when, 24)
    const width = Math.max(0, ...lines.map((line) => line.length * 6.4 + 8))
    // The commonest way runs straight down where it can.
    const weight = common.has(`${from}>${to}`) ? 20 : 1
    graph.setEdge(from, to, { width, height: lines.length * labelLine, labelpos: 'c', weight, minlen: 1 })
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const drawn = legs.map(({ from, to, when }) => {
    const { points = [], x = 0, y = 0 } = graph.edge(from, to) as { points?: Point[]; x?: number; y?: number }
    return {
      path: curve(points),
      label: when === null ? '' : label(when, { x, y }),
      common: common.has(`${from}>${to}`),
    }
  })
  const lines = drawn
    .toSorted((a, b) => Number(a.common) - Number(b.common))
    .map(
      (each) =>
        `<path class="leg${each.common ? ' common' : ''}" d="${each.path}" marker-end="url(#${each.common ? 'arrow-common' : 'arrow'})"/>`,
    )
  const steps = Object.keys(script.steps).map((id) => {
    const { x, y } = graph.node(id) as Point
    return stepBox(script, id, { x, y }, commonest.includes(id))
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escaped(`Every way through ${script.title}`)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}">
<style>${style}</style>
<defs>${arrow('arrow')}${arrow('arrow-common')}</defs>
${[...lines, ...drawn.map((each) => each.label), ...steps].join('\n')}
</svg>
`
}

const style = `
svg{background:#fbfaf7;font-family:system-ui,"Segoe UI",Arial,sans-serif;font-size:13px;color:#1c1b19}
.leg{fill:none;stroke:#a19d93;stroke-width:1.4}
.common{stroke:#0b5a8f;stroke-width:3.2}
.arrow{fill:#a19d93}.arrow-common{fill:#0b5a8f}
.box{fill:#fff;stroke:#8d897f;stroke-width:1.2}
.box.common{stroke:#0b5a8f;stroke-width:3}
.ask{fill:#fff}.say,.inform,.signpost,.lookup{fill:#f1efe9}.verify{fill:#e6eff7}.pay{fill:#f3e9f5}
.transfer,.escalate{fill:#fbe9e6}.outcome{fill:#22211e}
.head{font-size:11px;fill:#5d5a52}.title{font-weight:600;fill:#1c1b19}
.outcome-text .head{fill:#cbc7bc}.outcome-text .title{fill:#fff}
.when{font-size:12px;fill:#33312c;text-anchor:middle}.plate{fill:#fbfaf7;opacity:.92}
`

const arrow = (id: string) =>
  `<marker id="${id}" class="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"/></marker>`

const titleLines = (script: ScriptDocument, id: string) => wrapped(script.wording.en[id]?.title ?? id, 24)

const heightOf = (script: ScriptDocument, id: string) =>
  box.padding * 2 + box.head + titleLines(script, id).length * box.line

function stepBox(script: ScriptDocument, id: string, { x, y }: Point, common: boolean): string {
  const kind = script.steps[id]?.kind ?? 'say'
  const height = heightOf(script, id)
  const [left, top] = [x - box.width / 2, y - height / 2]
  const title = titleLines(script, id).map(
    (line, at) =>
      `<text class="title" x="${left + 12}" y="${top + box.padding + box.head + 12 + at * box.line}">${escaped(line)}</text>`,
  )
  const words = script.wording.en[id]?.say
  return `<g class="${kind}-text">${words === undefined ? '' : `<title>${escaped(words)}</title>`}<rect class="box ${kind}${common ? ' common' : ''}" x="${left}" y="${top}" width="${box.width}" height="${height}" rx="${kind === 'ask' ? 12 : 3}"/><text class="head" x="${left + 12}" y="${top + box.padding + 10}">${escaped(shortened(`${kind} · ${id}`, 33))}</text>${title.join('')}</g>`
}

function label(when: string, { x, y }: Point): string {
  const lines = wrapped(when, 24)
  const width = Math.max(...lines.map((line) => line.length * 6.4 + 8))
  const top = y - (lines.length * labelLine) / 2
  const texts = lines.map(
    (line, at) => `<text class="when" x="${x}" y="${top + at * labelLine + 11}">${escaped(line)}</text>`,
  )
  return `<rect class="plate" x="${x - width / 2}" y="${top}" width="${width}" height="${lines.length * labelLine}"/>${texts.join('')}`
}

/** Through the points of the layout, with soft corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  const last = rest.at(-1)
  const corners = rest.slice(0, -1).map((point, at) => {
    const next = rest[at + 1] ?? point
    const isLast = at === rest.length - 2
    const end = isLast ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 }
    return `Q${place(point)} ${place(end)}`
  })
  const end = corners.length === 0 && last !== undefined ? [`L${place(last)}`] : []
  return [`M${place(first)}`, ...corners, ...end].join('')
}

const place = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`

/** Text between tags and in attributes. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
