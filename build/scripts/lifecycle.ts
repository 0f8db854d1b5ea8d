import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { practicePassword } from '#electron/practice/council/seed/practice-council.ts'
import { recallPorts } from '#electron/practice/remembered-ports.ts'
import { commands, Usage } from './lifecycle-commands.ts'
import { Refusal, signIn } from './script-service.ts'
import { createSeenDrafts } from './seen-drafts.ts'

/* `npm run scripts -- COMMAND`: a script's way into force and out of it, at the council's service. */

const usage = `Takes a script from a file to every desk, and back.

  npm run scripts -- draft FILE                            save it as a draft, and see what stands in its way
  npm run scripts -- show ID [--to FILE]                   read the draft as it is
  npm run scripts -- review ID --approver NAME             send it to somebody who wrote none of it
  npm run scripts -- approve ID                            as that approver, after show
  npm run scripts -- return ID --why "…"                   as that approver, with a note
  npm run scripts -- publish ID                            put the approved draft in force
  npm run scripts -- withdraw ID --version N --why "…"     take a version back, for good
  npm run scripts -- roll-back ID --to N --why "…"         put version N in force again
  npm run scripts -- history ID                            who did what, when and why
  npm run scripts -- reports ID                            what advisers found wrong or unclear

  --council URL     of the council's service (the one that npm run council started last)
  --as USERNAME     who you are (in practice: ash.editor, lowri.editor, robin.approver)
  The password is taken from SCRIPTS_PASSWORD; practice needs none.`

const options = {
  council: { type: 'string' },
  as: { type: 'string', default: 'ash.editor' },
  approver: { type: 'string' },
  why: { type: 'string' },
  version: { type: 'string' },
  to: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const write = (text: string): void => {
  if (text !== '') console.log(text)
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true, strict: true })
  const [name = '', what] = positionals
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (values.help || command === undefined || what === undefined) {
    write(usage)
    return values.help ? 0 : 2
  }
  const url = values.council ?? (await practiceUrl())
  if (url === null) {
    write(
      'No council was started here. Run npm run council in another window, or name one with --council URL.',
    )
    return 2
  }
  try {
    const password = process.env.SCRIPTS_PASSWORD ?? practicePassword
    const service = await signIn(url, values.as, password)
    const seen = createSeenDrafts(
      join(homedir(), '.adviser-desktop-scripts', 'seen.json'),
      `${url} ${values.as}`,
    )
    const version = Number(values.version) || undefined
    await command({ service, seen, write }, what, { ...values, version })
    return 0
  } catch (error) {
    if (error instanceof Usage) write(error.message)
    else if (error instanceof Refusal) write(`Refused. ${error.message}`)
    else if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      write(`There is no file ${what}.`)
    else if (error instanceof TypeError && error.message === 'fetch failed')
      write(`The council’s service at ${url} does not answer.`)
    else throw error
    return error instanceof Usage ? 2 : 1
  }
}

async function practiceUrl(): Promise<string | null> {
  const ports = await recallPorts(join(homedir(), '.adviser-desktop-council'))
  return ports && `http://127.0.0.1:${ports.council}`
}

process.exitCode = await run().catch((error: unknown) => {
  const isMisspelt =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (!isMisspelt) throw error
  write(`${error.message}\n\n${usage}`)
  return 2
})
