/* Runs on its own: appends entries until it is stopped, and says which ones were answered. */
import { openJournal } from '#electron/main/journal/journal.ts'
import { silentLog } from '#shared/kernel/log.ts'
import { entry } from './entries.ts'

const [file = '', from = '1', count = '1000000'] = process.argv.slice(2)
const dataKey = Buffer.alloc(32, 7)
const journal = await openJournal({ file, dataKey, log: silentLog })
if (!journal.ok) throw new Error(journal.error.code)
for (let number = Number(from); number < Number(from) + Number(count); number += 1) {
  const result = await journal.value.append([entry(number)])
  process.stdout.write(`${result.ok ? number : result.error.code}\n`)
  if (!result.ok) break
}
await journal.value.close()
