import type { Change } from './mutation-places.ts'
import { stepChanges } from './mutations-of-steps.ts'
import { wordChanges } from './mutations-of-words.ts'

const { routing, identity, questions } = stepChanges
const { expressions, tables, words, calls } = wordChanges

/** Every kind of change, structure first. */
export const changes: readonly Change[] = [
  ...routing,
  ...identity,
  ...expressions,
  ...tables,
  ...questions,
  ...words,
  ...calls,
]
