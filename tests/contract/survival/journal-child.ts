import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openJournal } from '#electron/main/journal/journal.ts'
import type { JournalEntry } from '#shared/contract/journal.ts'
import { silentLog } from '#shared/kernel/log.ts'

/* The main process's journal in a process of its own that a test can kill. Says its address once it is open. */

const [file = ''] = process.argv.slice(2)
const opened = await openJournal({ file, dataKey: new Uint8Array(32).fill(7), log: silentLog })
if (!opened.ok) throw new Error(opened.error.code)
const journal = opened.value

const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  const asked: unknown = body === '' ? [] : JSON.parse(body)
  const answer =
    request.url === '/append'
      ? await journal.append(asked as JournalEntry[])
      : request.url === '/settle'
        ? await journal.settle(asked as string[])
        : await journal.read()
  response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
  response.end(JSON.stringify(answer))
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`)
})
// Nothing outlives the test: its end of this pipe closes when it goes, however it goes.
process.stdin.resume().on('end', () => process.exit(0))
