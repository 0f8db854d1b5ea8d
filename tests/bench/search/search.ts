import { report, type Table } from '../report.ts'
import { quantile, summarise } from '../statistics.ts'
import type { Contender } from './contender.ts'
import { type InWorker, searchInWorker } from './in-worker.ts'
import { miniSearch, sqliteFts5 } from './others.ts'
import { type Ours, ours } from './ours.ts'
import { type Queries, queriesFor } from './queries.ts'
import { benchRecords } from './records.ts'

const wantedP95Ms = 8
const wantedStartMs = 600
const wantedMegabytes = 100
/** Of each kind. */
const queriesOfKind = 24
const wantedBuildMs = 1500
const wantedBytes = 25_000_000

/** Search over so many cases with their residents and notes, beside other makers' engines, in one process. */
export async function search(caseCount: number, rounds: number): Promise<boolean> {
  const records = benchRecords(caseCount)
  const { residents, notes } = records
  console.log(`${caseCount} cases, ${residents.length} residents, ${notes.length} notes`)
  const own = ours(records)
  const contenders: readonly Contender[] = [own, miniSearch(records), await sqliteFts5(records)]
  const queries = queriesFor(records, queriesOfKind)
  // The first build is by code that is not compiled yet, as a worker's first is; the second says what it costs after.
  const again = ours(records)
  const measured = queries.map((each, index) => ({
    ...each,
    times: measure(contenders, each, rounds, index),
  }))
  const p95 = p95Of(measured.flatMap(({ times }) => times.get(own.name) ?? []))
  const missed = queries.flatMap(({ kind, texts }) => missedOf(own, contenders, kind, texts))
  const tables: Table[] = [
    {
      title: `Building the index of ${caseCount.toLocaleString('en-GB')} cases`,
      unit: 'ms',
      rows: contenders.map(({ name, buildMs }) => ({
        contender: name,
        samples: name === own.name ? [buildMs, again.buildMs] : [buildMs],
      })),
      verdicts: [
        {
          wanted: `${wantedBuildMs} ms at most for 100,000 cases (${perMany(again.buildMs, caseCount)} ms)`,
          reached: perMany(again.buildMs, caseCount) <= wantedBuildMs,
        },
      ],
    },
    {
      title: 'The index as it is stored',
      unit: 'MB',
      rows: contenders.map(({ name, bytes }) => ({ contender: name, samples: [bytes / 1e6] })),
      verdicts: [
        {
          wanted: `${wantedBytes / 1e6} MB at most for 100,000 cases`,
          reached: perMany(own.bytes, caseCount) <= wantedBytes,
        },
      ],
    },
    {
      title: 'Opening it',
      unit: 'ms',
      rows: contenders.flatMap(({ name, openMs }) =>
        openMs === null ? [] : [{ contender: name, samples: [openMs] }],
      ),
    },
    ...measured.map(
      ({ kind, texts, times }): Table => ({
        title: `${kind}: ${texts.length} queries, ${ratios(own, times)}`,
        unit: 'ms',
        rows: [...times].map(([contender, samples]) => ({ contender, samples })),
      }),
    ),
    {
      title: `All queries of ours, 95 of 100 under ${p95.toFixed(1)} ms`,
      unit: 'ms',
      rows: [{ contender: own.name, samples: measured.flatMap(({ times }) => times.get(own.name) ?? []) }],
      verdicts: [
        {
          wanted: `nothing that another finds and ours misses (${missed.length})`,
          reached: missed.length === 0,
        },
      ],
    },
  ]
  const worker = await searchInWorker(caseCount, queriesOfKind, rounds)
  tables.push(...tablesOfWorker(worker))
  for (const { query, by, ids } of missed) console.log(`missed: "${query}", found by ${by}: ${ids.join(' ')}`)
  return report('search', tables, { caseCount, residents: residents.length, notes: notes.length, missed })
}

function tablesOfWorker({ kinds, startMs, megabytes }: InWorker): readonly Table[] {
  const p95 = p95Of(kinds.flatMap(({ samples }) => samples))
  const atMost = (words: string, value: number, most: number) => ({
    wanted: `${words}: at most ${most} (${value.toFixed(1)})`,
    reached: value <= most,
  })
  return [
    {
      title: 'The same texts, asked of the product’s store in a worker of Chromium',
      unit: 'ms',
      rows: kinds.map(({ kind, samples }) => ({ contender: kind, samples })),
      verdicts: [atMost('95 of 100 queries, ms', p95, wantedP95Ms)],
    },
    {
      title: 'From opening that store to the first answer',
      unit: 'ms',
      rows: [{ contender: 'Adviser Desktop', samples: [startMs] }],
      verdicts: [atMost('ms', startMs, wantedStartMs)],
    },
    {
      title: 'Heap and buffers of the worker after all that',
      unit: 'MB',
      rows: [{ contender: 'Adviser Desktop', samples: [megabytes] }],
      verdicts: [atMost('MB', megabytes, wantedMegabytes)],
    },
  ]
}

const perMany = (figure: number, caseCount: number) => Math.round((figure * 100_000) / caseCount)

/**
 * Rounds interleaved, the order turning; the first round is not counted. A query's time is the median of its rounds, so
 * that what else the machine did in one of them does not count.
 */
function measure(
  contenders: readonly Contender[],
  { texts }: Queries,
  rounds: number,
  turn: number,
): ReadonlyMap<string, number[]> {
  const times = new Map(contenders.map(({ name }) => [name, texts.map((): number[] => [])]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, text] of texts.entries()) {
      for (let place = 0; place < contenders.length; place += 1) {
        const contender = contenders[(place + round + turn) % contenders.length]
        if (!contender) continue
        const from = performance.now()
        contender.search(text)
        if (round > 0) times.get(contender.name)?.[index]?.push(performance.now() - from)
      }
    }
  }
  return new Map([...times].map(([name, each]) => [name, each.map((samples) => summarise(samples).median)]))
}

const p95Of = (samples: readonly number[]) =>
  quantile(
    samples.toSorted((a, b) => a - b),
    0.95,
  )

/** How many times as long as ours the others take. */
function ratios(own: Contender, times: ReadonlyMap<string, readonly number[]>): string {
  const median = (name: string) => summarise(times.get(name) ?? []).median
  return [...times.keys()]
    .filter((name) => name !== own.name)
    .map((name) => `${name} ${(median(name) / median(own.name)).toFixed(1)} times as long`)
    .join(', ')
}

function missedOf(own: Ours, contenders: readonly Contender[], kind: string, texts: readonly string[]) {
  return texts.flatMap((query) =>
    contenders.flatMap(({ name, search }) => {
      // One letter begins words everywhere; ours looks for it in names, references and subjects alone.
      if (name === own.name || query.split(' ').some((word) => word.length === 1)) return []
      const ids = own.missing(query, search(query))
      return ids.length === 0 ? [] : [{ kind, query, by: name, ids }]
    }),
  )
}
