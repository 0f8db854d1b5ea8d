import { randomBytes } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { reportText } from '#shared/calls/report-text.ts'
import type { CallReport } from '#shared/contract/call-report.ts'
import { appError } from '#shared/kernel/app-error.ts'
import type { Log } from '#shared/kernel/log.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import { errorCode, writeDurably } from '../durable-file.ts'

const mostReports = 50
const reportName = /^call-\d{8}-\d{6}-[0-9a-f]{6}\.(json|txt)$/

export interface ReportFiles {
  /** Writes the report as JSON and as text; `file` is the text. Code: `calls/report-not-saved`. */
  save(report: CallReport): Promise<Result<{ folder: string; file: string }>>
}

export interface ReportFilesOptions {
  readonly folder: string
  readonly log: Log
  /** Milliseconds since 1970. */
  now(): number
}

/** Reports of bad calls for IT, each twice: to read, and for a program. The newest fifty are kept. */
export function createReportFiles({ folder, log, now }: ReportFilesOptions): ReportFiles {
  async function removeOldest(): Promise<void> {
    const names = (await readdir(folder)).filter((name) => reportName.test(name))
    // Names begin with the time in UTC, so that their order is the order of saving.
    const reports = [...new Set(names.map((name) => name.replace(/\.\w+$/, '')))].toSorted()
    for (const old of reports.slice(0, -mostReports)) {
      await Promise.all(['json', 'txt'].map((type) => rm(join(folder, `${old}.${type}`), { force: true })))
    }
  }

  return {
    async save(report) {
      const name = `call-${stamp(now())}-${randomBytes(3).toString('hex')}`
      const file = `${name}.txt`
      try {
        await writeDurably(join(folder, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
        await writeDurably(join(folder, file), reportText(report))
        await removeOldest()
        log.info('calls/report-saved', { events: report.events.length, causes: report.causes.length })
        return ok({ folder, file })
      } catch (error) {
        log.error('calls/report-not-saved', { error: errorCode(error) })
        return err(appError('calls/report-not-saved', 'now', errorCode(error)))
      }
    },
  }
}

/** `20261102-091500`, in UTC. */
function stamp(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/[-:]|\..*$/g, '')
    .replace('T', '-')
}
