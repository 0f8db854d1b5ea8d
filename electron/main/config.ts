import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import { type Config, type ConfigProblem, config } from '#shared/contract/config.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode } from './durable-file.ts'

/** Where the file is, and whether somebody named it: a named file that is missing is a mistake. */
export interface ConfigPlace {
  readonly file: string
  readonly isNamed: boolean
}

export function readConfig({ file, isNamed }: ConfigPlace): Result<Config, ConfigProblem> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' && !isNamed) return ok({ mode: 'practice' })
    return err({
      file,
      field: '',
      problem: code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${code}).`,
      fix:
        code === 'ENOENT'
          ? 'Put the file there, or start without --config and ADVISER_DESKTOP_CONFIG to use practice mode.'
          : 'Let the people who use this desk read the file.',
    })
  }
  return parseConfig(text, file)
}

export function parseConfig(text: string, file: string): Result<Config, ConfigProblem> {
  let value: unknown
  try {
    // Editors on Windows begin files with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return err({
      file,
      field: '',
      problem: `The file is not valid JSON: look at line ${lineOfMistake(text)}.`,
      fix: 'Check quotes, commas and brackets there. JSON has no comments and no comma after the last entry.',
    })
  }
  const parsed = config.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  return err({ file, ...(issue ? wordsFor(issue, value) : { field: '', ...wholeFile }) })
}

const wholeFile = {
  problem: 'The file must be one JSON object with "mode".',
  fix: 'Write { "mode": "practice" }, or "mode": "live" with the "council" to connect to.',
}

const expectedAt: Readonly<Record<string, { what: string; fix: string }>> = {
  mode: { what: '"practice" or "live"', fix: 'Write "mode": "practice" or "mode": "live".' },
  council: {
    what: 'an object with "name" and "url"',
    fix: 'Write "council": { "name": "…", "url": "https://desk.example.org" }.',
  },
  'council.name': { what: 'the council’s name', fix: 'Write "name": "…" in "council".' },
  'council.url': {
    what: 'an address that begins with https://',
    fix: 'Write "url": "https://desk.example.org" in "council", with the address of the council’s service.',
  },
}

function wordsFor(issue: z.core.$ZodIssue, value: unknown): Omit<ConfigProblem, 'file'> {
  if (issue.code === 'unrecognized_keys') {
    const field = [...issue.path, issue.keys[0] ?? ''].join('.')
    return {
      field,
      problem: `“${field}” is not a setting this version knows.`,
      fix: 'Remove it, or correct its spelling.',
    }
  }
  const field = issue.path.join('.')
  const expected = expectedAt[field]
  if (!expected) return { field, ...wholeFile }
  const isMissing = issue.path.reduce(valueAt, value) === undefined
  return {
    field,
    problem: isMissing ? `“${field}” is missing.` : `“${field}” must be ${expected.what}.`,
    fix: expected.fix,
  }
}

function valueAt(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** The first line that is wrong by itself; V8 does not name the place of every mistake. */
function lineOfMistake(text: string): number {
  const lines = text.trimEnd().split('\n')
  const wrong = lines.findIndex((_line, index) => isWrongBeforeItsEnd(lines.slice(0, index + 1).join('\n')))
  return wrong === -1 ? lines.length : wrong + 1
}

function isWrongBeforeItsEnd(text: string): boolean {
  try {
    JSON.parse(text)
    return false
  } catch (error) {
    if (!(error instanceof SyntaxError) || error.message.includes('end of JSON input')) return false
    const position = /at position (\d+)/.exec(error.message)?.[1]
    return position === undefined || Number(position) < text.length
  }
}
