/** One step of the tour as it went. */
export interface StepRecord {
  readonly title: string
  readonly screenshot: string
  readonly seconds: number
  /** Why it failed; absent when it passed. */
  readonly failure?: string
}

/** A figure of the tour; `unit` is shown behind it. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
}

export interface TourReport {
  readonly runtime: string
  readonly startedAt: Date
  readonly steps: readonly StepRecord[]
  readonly figures: readonly Figure[]
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

/** The tour on one page: what was measured, and every step with its picture. */
export function reportPage({ runtime, startedAt, steps, figures }: TourReport): string {
  const failed = steps.filter((step) => step.failure !== undefined).length
  const verdict =
    failed === 0 ? `All ${steps.length} steps passed` : `${failed} of ${steps.length} steps failed`
  return `<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<title>Adviser Desktop: tour</title>
<style>
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1c1e21; }
  table { border-collapse: collapse; } td, th { padding: .25rem 1rem .25rem 0; text-align: left; }
  td:last-child { font-variant-numeric: tabular-nums; }
  figure { margin: 2rem 0; } img { width: 100%; border: 1px solid #d8d3ca; }
  .failed { color: #a8231b; font-weight: 600; white-space: pre-wrap; }
</style>
<h1>Tour: one shift at the desk</h1>
<p><strong>${escaped(verdict)}</strong>, ${escaped(startedAt.toLocaleString('en-GB'))}, on ${escaped(runtime)}.</p>
<table>
${figures.map(({ name, value, unit }) => `<tr><th>${escaped(name)}</th><td>${Math.round(value * 1000) / 1000} ${escaped(unit)}</td></tr>`).join('\n')}
</table>
${steps.map(stepFigure).join('\n')}
</html>
`
}

function stepFigure(step: StepRecord, index: number): string {
  const failure = step.failure === undefined ? '' : `<p class="failed">${escaped(step.failure)}</p>`
  return `<figure>
<figcaption><strong>${index + 1}. ${escaped(step.title)}</strong> (${step.seconds.toFixed(1)} s)</figcaption>${failure}
<img src="${escaped(step.screenshot)}" alt="${escaped(step.title)}">
</figure>`
}
