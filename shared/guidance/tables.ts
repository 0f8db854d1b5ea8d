import type { FieldValue } from '../contract/rest.ts'
import { evaluateFeel, type FeelExpression } from './feel.ts'
import type { DecisionTable, Language } from './format.ts'

/** A decision table with its conditions parsed; null stands for one that cannot be read, which never holds. */
export interface CompiledTable {
  readonly rows: readonly {
    readonly when: FeelExpression | null | 'always'
    readonly from: string | null
    readonly until: string | null
    readonly gives: TableValue
  }[]
  readonly otherwise: TableValue
}

export type TableValue = DecisionTable['otherwise']

/** What choosing a row may know. */
export interface TableScope {
  readonly answer: (name: string) => FieldValue
  /** `YYYY-MM-DD` in the United Kingdom, the day of the call. */
  readonly today: string
  /** ISO 8601. */
  readonly nowIso: string
}

export function compileTable(
  table: DecisionTable,
  parse: (text: string) => FeelExpression | null,
): CompiledTable {
  return {
    rows: table.rows.map(({ when, from, until, gives }) => ({
      when: when === undefined ? 'always' : parse(when),
      from: from ?? null,
      until: until ?? null,
      gives,
    })),
    otherwise: table.otherwise,
  }
}

/** The value of the first row that holds. Days are compared as text: ISO dates sort as they follow each other. */
export function chooseRow(table: CompiledTable, { answer, today, nowIso }: TableScope): TableValue {
  const row = table.rows.find(
    ({ when, from, until }) =>
      (from === null || from <= today) &&
      (until === null || today <= until) &&
      when !== null &&
      (when === 'always' || evaluateFeel(when, { answer, fact: () => null, nowIso }) === true),
  )
  return row?.gives ?? table.otherwise
}

/** A number stays one; text is that of the language. */
export function valueIn(value: TableValue, language: Language): string | number {
  return typeof value === 'object' ? value[language] : value
}
