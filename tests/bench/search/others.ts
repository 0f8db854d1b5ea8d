import { join } from 'node:path'
import MiniSearch from 'minisearch'
import type { Contender } from './contender.ts'
import type { BenchRecords } from './records.ts'

/*
 * Other makers' engines, each as its documentation has it. A case is one document together with its notes, which spares
 * them what ours does at the time of the query. A name and a word of a case they cannot join.
 */

interface Document {
  readonly id: string
  readonly title: string
  readonly other: string
}

function documentsOf({ residents, cases, notes }: BenchRecords): readonly Document[] {
  const textOf = new Map<string, string>()
  for (const { caseId, text } of notes) {
    if (caseId !== null) textOf.set(caseId, `${textOf.get(caseId) ?? ''} ${text}`)
  }
  return [
    ...residents.map(({ id, title, givenName, familyName, phones, email, address }) => ({
      id,
      title: `${title} ${givenName} ${familyName}`,
      other: [...phones, email ?? '', ...Object.values(address)].join(' '),
    })),
    ...cases.map(({ id, reference, subject, serviceName, fields }) => ({
      id,
      title: `${reference} ${subject}`,
      other: `${serviceName} ${Object.values(fields).join(' ')} ${textOf.get(id) ?? ''}`,
    })),
  ]
}

/** Beginnings of words, and one slip in words of four letters or more. */
export function miniSearch(records: BenchRecords): Contender {
  const documents = documentsOf(records)
  const from = performance.now()
  const engine = new MiniSearch<Document>({ fields: ['title', 'other'] })
  engine.addAll(documents)
  const buildMs = performance.now() - from
  const stored = JSON.stringify(engine)
  const openingFrom = performance.now()
  MiniSearch.loadJSON(stored, { fields: ['title', 'other'] })
  return {
    name: 'MiniSearch',
    buildMs,
    openMs: performance.now() - openingFrom,
    bytes: stored.length,
    search: (text) =>
      engine
        .search(text, {
          combineWith: 'AND',
          prefix: true,
          fuzzy: (term) => (/^[a-z]{4,}$/i.test(term) ? 1 : false),
          boost: { title: 2 },
        })
        .slice(0, 20)
        .map(({ id }) => String(id)),
  }
}

interface Database {
  exec(statement: string | { sql: string; bind: readonly string[] }): void
  selectValues(sql: string, bind: readonly string[]): readonly unknown[]
  selectValue(sql: string): unknown
  prepare(sql: string): {
    bind(values: readonly string[]): { stepReset(): void }
    finalize(): void
  }
}

/** Beginnings of words, ranked; it knows no slips. In memory, which is its fastest. */
export async function sqliteFts5(records: BenchRecords): Promise<Contender> {
  const folder = join(import.meta.dirname, '../contenders/node_modules/@sqlite.org/sqlite-wasm')
  const { default: start } = (await import(join(folder, 'dist/node.mjs'))) as {
    default: () => Promise<{ oo1: { DB: new (name: string) => Database } }>
  }
  const sqlite = await start()
  const database = new sqlite.oo1.DB(':memory:')
  const documents = documentsOf(records)
  const from = performance.now()
  database.exec(
    `create virtual table found using fts5(id unindexed, title, other, content='', contentless_unindexed=1,
     tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')`,
  )
  database.exec('begin')
  const insert = database.prepare('insert into found (id, title, other) values (?, ?, ?)')
  for (const { id, title, other } of documents) insert.bind([id, title, other]).stepReset()
  insert.finalize()
  database.exec('commit')
  const buildMs = performance.now() - from
  return {
    name: 'SQLite FTS5',
    buildMs,
    openMs: null,
    bytes: Number(
      database.selectValue('select page_count * page_size from pragma_page_count, pragma_page_size'),
    ),
    search: (text) => {
      const words = text.match(/[\p{L}\p{N}]+/gu) ?? []
      if (words.length === 0) return []
      const query = words.map((word) => `"${word}"*`).join(' ')
      return database
        .selectValues('select id from found where found match ? order by bm25(found, 0, 2, 1) limit 20', [
          query,
        ])
        .map(String)
    },
  }
}
