import type { Page } from 'playwright-core'
import type { CacheHost } from '../pages/cache-host.ts'
import { report, type Table } from '../report.ts'
import { openStage, type Stage } from '../stage.ts'
import { summarise } from '../statistics.ts'

interface Contestant {
  readonly name: string
  readonly page: string
}

/** The first is what the others are compared with. */
const contestants: readonly Contestant[] = [
  { name: 'IndexedDB, plain', page: 'cache-raw' },
  { name: 'Dexie, plain', page: 'cache-dexie' },
  { name: 'Adviser Desktop', page: 'cache-ours' },
]

const rounds = 3
const pops = 100
const lists = 60
const changes = 100
const wanted = {
  load: 0.4,
  popMs: 2,
  newestMs: 2,
  changeMs: 3,
  changeGrowth: 1.2,
  firstPopMs: 250,
  firstSearchMs: 600,
  delayMs: 50,
}

interface Figures {
  readonly loadMs: number[]
  readonly popMs: number[]
  readonly newestMs: number[]
  readonly changeMs: number[]
  readonly firstPopMs: number[]
  readonly firstSearchMs: number[]
  /** Of ours: changes saved while all that idle time would do is done. */
  readonly tidyingMs: number[]
  /** Of ours: changes at a thousand cases. */
  readonly fewMs: number[]
}

const noFigures = (): Figures => ({
  loadMs: [],
  popMs: [],
  newestMs: [],
  changeMs: [],
  firstPopMs: [],
  firstSearchMs: [],
  tidyingMs: [],
  fewMs: [],
})

type Call = <T>(method: string, ...args: readonly unknown[]) => Promise<T>

/** A browser with nothing in it, for one contender in one round. */
async function withStage(
  contestant: Contestant,
  run: (start: () => Promise<Call>) => Promise<void>,
): Promise<void> {
  const stage: Stage = await openStage({ pages: ['cache-host', contestant.page] })
  let page: Page | null = null
  try {
    await run(async () => {
      await page?.close()
      const opened = await stage.open('cache-host', 'cacheHost', { contender: contestant.page })
      page = opened
      return <T>(method: string, ...args: readonly unknown[]) =>
        opened.evaluate(
          ([name, parameters]) =>
            (globalThis as unknown as { cacheHost: CacheHost }).cacheHost.call(name, parameters),
          [method, args] as const,
        ) as Promise<T>
    })
  } finally {
    await stage.close()
  }
}

async function measure(contestant: Contestant, cases: number, figures: Figures): Promise<void> {
  const isOurs = contestant.page === 'cache-ours'
  await withStage(contestant, async (start) => {
    let call = await start()
    await call('open')
    figures.loadMs.push(await call<number>('load', cases))
    figures.popMs.push(...(await call<number[]>('pops', cases, pops)))
    figures.newestMs.push(...(await call<number[]>('newest', lists)))
    figures.changeMs.push(...(await call<number[]>('changes', cases, changes, 0)))
    call = await start()
    const openMs = await call<number>('open')
    const [popMs = Number.NaN] = await call<number[]>('pops', cases, 1)
    figures.firstPopMs.push(openMs + popMs)
    if (!isOurs) return
    const [searchMs = Number.NaN] = await call<number[]>('searches', ['okafor'])
    figures.firstSearchMs.push(openMs + popMs + searchMs)
    await call('changes', cases, 1_000, changes)
    figures.tidyingMs.push(...(await call<number[]>('changesWhileTidying', cases, changes + 1_000)))
  })
  if (!isOurs) return
  await withStage(contestant, async (start) => {
    const call = await start()
    await call('open')
    await call('load', 1_000)
    figures.fewMs.push(...(await call<number[]>('changes', 1_000, changes, 0)))
  })
}

/** The product's store beside others: the same residents and cases, each in a worker of a browser of its own. */
export async function cache(cases: number): Promise<boolean> {
  const measured = contestants.map((contestant) => ({ contestant, figures: noFigures() }))
  for (let round = 0; round < rounds; round++) {
    const turned = [...measured.slice(round % measured.length), ...measured.slice(0, round % measured.length)]
    for (const { contestant, figures } of turned) {
      await measure(contestant, cases, figures)
      console.log(
        `round ${round + 1}: ${contestant.name} loaded in ${Math.round(figures.loadMs.at(-1) ?? 0)} ms`,
      )
    }
  }
  const ours = measured.find(({ contestant }) => contestant.page === 'cache-ours')?.figures ?? noFigures()
  const plain = measured[0]?.figures ?? noFigures()
  return report(`cache-${cases}`, tablesOf(measured, ours, plain), { cases, rounds })
}

function tablesOf(
  measured: readonly { readonly contestant: Contestant; readonly figures: Figures }[],
  ours: Figures,
  plain: Figures,
): readonly Table[] {
  const median = (samples: readonly number[]): number => summarise(samples).median
  const loadRatio = median(ours.loadMs) / median(plain.loadMs)
  const growth = median(ours.changeMs) / median(ours.fewMs)
  const longest = Math.max(...ours.tidyingMs)
  const verdict = (words: string, value: number, most: number) => ({
    wanted: `${words}: at most ${most} (${value.toFixed(2)})`,
    reached: value <= most,
  })
  const table = (
    title: string,
    of: (figures: Figures) => readonly number[],
    verdicts: Table['verdicts'],
  ): Table => ({
    title,
    unit: 'ms',
    rows: measured
      .filter(({ figures }) => of(figures).length > 0)
      .map(({ contestant, figures }) => ({ contender: contestant.name, samples: of(figures) })),
    ...(verdicts ? { verdicts } : {}),
  })
  return [
    table('First sync; ours encrypted and searchable too', (each) => each.loadMs, [
      verdict('as a share of IndexedDB', loadRatio, wanted.load),
    ]),
    table('A telephone number to the newest case, opened', (each) => each.popMs, [
      verdict('median, ms', median(ours.popMs), wanted.popMs),
    ]),
    table('The newest 50 of a status', (each) => each.newestMs, [
      verdict('median, ms', median(ours.newestMs), wanted.newestMs),
    ]),
    table('One changed record saved', (each) => each.changeMs, [
      verdict('median, ms', median(ours.changeMs), wanted.changeMs),
      verdict('beside 1,000 cases', growth, wanted.changeGrowth),
    ]),
    table('From a start to the first case by number', (each) => each.firstPopMs, [
      verdict('median, ms', median(ours.firstPopMs), wanted.firstPopMs),
    ]),
    table('From a start to the first search', (each) => each.firstSearchMs, [
      verdict('median, ms', median(ours.firstSearchMs), wanted.firstSearchMs),
    ]),
    table('One changed record saved while the store tidies up', (each) => each.tidyingMs, [
      verdict(
        'the longest, ms more than the median without',
        longest - median(ours.changeMs),
        wanted.delayMs,
      ),
    ]),
  ]
}
