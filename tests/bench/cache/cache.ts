import type { Page } from 'playwright-core'
import type { CacheHost } from '../pages/cache-host.ts'
import { report, type Table } from '../report.ts'
import { openStage, type Stage } from '../stage.ts'
import { summarise } from '../statistics.ts'
import { workerMegabytes } from '../worker-memory.ts'

interface Contestant {
  readonly name: string
  readonly page: string
  /** Of a page that needs a package of `contenders/`. */
  readonly source?: string
  /** It takes long: one round says enough. */
  readonly isSlow?: boolean
  readonly mostCases?: number
}

/** The first is what the others are compared with. */
const contestants: readonly Contestant[] = [
  { name: 'IndexedDB, plain', page: 'cache-raw' },
  { name: 'Dexie, plain', page: 'cache-dexie' },
  { name: 'Adviser Desktop', page: 'cache-ours' },
  {
    name: 'SQLite-wasm, OPFS',
    page: 'cache-sqlite',
    source:
      "import start from '@sqlite.org/sqlite-wasm'\nimport { serveSqlite } from '../pages/cache-sqlite.ts'\nserveSqlite(start)",
  },
  {
    name: 'RxDB, Dexie storage',
    page: 'cache-rxdb',
    source:
      "import { createRxDatabase } from 'rxdb/plugins/core'\nimport { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'\n" +
      "import { serveRxDb } from '../pages/cache-rxdb.ts'\nserveRxDb({ createRxDatabase, getRxStorageDexie })",
    isSlow: true,
  },
  {
    name: 'PouchDB',
    page: 'cache-pouchdb',
    source:
      "import PouchDB from 'pouchdb-browser'\nimport indexeddb from 'pouchdb-adapter-indexeddb'\nimport find from 'pouchdb-find'\n" +
      "import { servePouchDb } from '../pages/cache-pouchdb.ts'\nservePouchDb(PouchDB.plugin(indexeddb).plugin(find))",
    isSlow: true,
    mostCases: 20_000,
  },
]

const roundsFor = (cases: number): number => (cases > 20_000 ? 2 : 3)
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
  megabytes: 100,
}

interface Figures {
  readonly loadMs: number[]
  readonly popMs: number[]
  readonly newestMs: number[]
  readonly changeMs: number[]
  readonly firstPopMs: number[]
  readonly firstSearchMs: number[]
  /** Of the worker, after changes. */
  readonly megabytes: number[]
  /** Of ours: changes saved while all that idle time would do is done. */
  readonly tidyingMs: number[]
  /** Of ours: changes saved while old cases are let go. */
  readonly evictingMs: number[]
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
  megabytes: [],
  tidyingMs: [],
  evictingMs: [],
  fewMs: [],
})

type Call = <T>(method: string, ...args: readonly unknown[]) => Promise<T>

/** A browser with nothing in it, for one contender in one round. */
async function withStage(
  contestant: Contestant,
  run: (start: () => Promise<{ readonly call: Call; readonly page: Page }>) => Promise<void>,
): Promise<void> {
  const { page: name, source } = contestant
  const stage: Stage = await openStage(
    source === undefined
      ? { pages: ['cache-host', name] }
      : { pages: ['cache-host'], virtualPages: { [name]: source } },
  )
  let page: Page | null = null
  try {
    await run(async () => {
      await page?.close()
      const opened = await stage.open('cache-host', 'cacheHost', { contender: name })
      page = opened
      const call = <T>(method: string, ...args: readonly unknown[]) =>
        opened.evaluate(
          ([wanted, parameters]) =>
            (globalThis as unknown as { cacheHost: CacheHost }).cacheHost.call(wanted, parameters),
          [method, args] as const,
        ) as Promise<T>
      return { call, page: opened }
    })
  } finally {
    await stage.close()
  }
}

/** Answers what the contender says of itself. */
async function measure(contestant: Contestant, cases: number, figures: Figures): Promise<string> {
  const isOurs = contestant.page === 'cache-ours'
  let facts = ''
  await withStage(contestant, async (start) => {
    let { call, page } = await start()
    await call('open')
    facts = await call<string>('facts')
    figures.loadMs.push(await call<number>('load', cases))
    figures.popMs.push(...(await call<number[]>('pops', cases, pops)))
    figures.newestMs.push(...(await call<number[]>('newest', lists)))
    figures.changeMs.push(...(await call<number[]>('changes', cases, changes, 0)))
    ;({ call, page } = await start())
    const openMs = await call<number>('open')
    const [popMs = Number.NaN] = await call<number[]>('pops', cases, 1)
    figures.firstPopMs.push(openMs + popMs)
    if (!isOurs) return
    const [searchMs = Number.NaN] = await call<number[]>('searches', ['okafor'])
    figures.firstSearchMs.push(openMs + popMs + searchMs)
    await call('changes', cases, 1_000, changes)
    figures.tidyingMs.push(...(await call<number[]>('changesWhile', 'tidy', cases, changes + 1_000)))
    figures.megabytes.push(await workerMegabytes(page))
    figures.evictingMs.push(...(await call<number[]>('changesWhile', 'evict', cases, changes + 4_000)))
  })
  if (!isOurs) return facts
  await withStage(contestant, async (start) => {
    const { call } = await start()
    await call('open')
    await call('load', 1_000)
    figures.fewMs.push(...(await call<number[]>('changes', 1_000, changes, 0)))
  })
  return facts
}

/** The product's store beside others: the same residents and cases, each in a worker of a browser of its own. */
export async function cache(cases: number): Promise<boolean> {
  const rounds = roundsFor(cases)
  const measured = contestants
    .filter(({ mostCases = cases }) => cases <= mostCases)
    .map((contestant) => ({ contestant, figures: noFigures(), facts: '' }))
  for (let round = 0; round < rounds; round++) {
    const turned = [...measured.slice(round % measured.length), ...measured.slice(0, round % measured.length)]
    for (const each of turned) {
      if (each.contestant.isSlow && round > 0) continue
      each.facts = await measure(each.contestant, cases, each.figures)
      const loadMs = Math.round(each.figures.loadMs.at(-1) ?? 0)
      console.log(`round ${round + 1}: ${each.contestant.name} ${each.facts} loaded in ${loadMs} ms`)
    }
  }
  const ours = measured.find(({ contestant }) => contestant.page === 'cache-ours')?.figures ?? noFigures()
  const plain = measured[0]?.figures ?? noFigures()
  return report(`cache-${cases}`, tablesOf(measured, ours, plain), { cases, rounds })
}

function tablesOf(
  measured: readonly {
    readonly contestant: Contestant
    readonly figures: Figures
    readonly facts: string
  }[],
  ours: Figures,
  plain: Figures,
): readonly Table[] {
  const median = (samples: readonly number[]): number => summarise(samples).median
  const loadRatio = median(ours.loadMs) / median(plain.loadMs)
  const growth = median(ours.changeMs) / median(ours.fewMs)
  const delay = (samples: readonly number[]): number => Math.max(...samples) - median(ours.changeMs)
  /** How long it takes on this machine at worst. */
  const undisturbed = { contender: 'with nothing to do beside', samples: ours.changeMs }
  const verdict = (words: string, value: number, most: number) => ({
    wanted: `${words}: at most ${most} (${value.toFixed(2)})`,
    reached: value <= most,
  })
  const table = (
    title: string,
    of: (figures: Figures) => readonly number[],
    verdicts: Table['verdicts'],
    unit = 'ms',
    others: Table['rows'] = [],
  ): Table => ({
    title,
    unit,
    rows: measured
      .filter(({ figures }) => of(figures).length > 0)
      .map(({ contestant, figures, facts }) => ({
        contender: facts === '' ? contestant.name : `${contestant.name}, ${facts}`,
        samples: of(figures),
      }))
      .concat(others),
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
    table(
      'One changed record saved while the store tidies up',
      (each) => each.tidyingMs,
      [verdict('the longest, ms more than the median without', delay(ours.tidyingMs), wanted.delayMs)],
      'ms',
      [undisturbed],
    ),
    table(
      'One changed record saved while old cases are let go',
      (each) => each.evictingMs,
      [verdict('the longest, ms more than the median without', delay(ours.evictingMs), wanted.delayMs)],
      'ms',
      [undisturbed],
    ),
    table(
      'Heap and buffers of the worker after all that, searched once',
      (each) => each.megabytes,
      [verdict('the most, MB', Math.max(...ours.megabytes), wanted.megabytes)],
      'MB',
    ),
  ]
}
