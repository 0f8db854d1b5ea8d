import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problem, type ScriptEntry } from '#shared/contract/rest.ts'
import { type ScriptDraft, scriptDraft, scriptHistory } from '#shared/contract/script-lifecycle.ts'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import { scriptsFolder } from './places.ts'
import { type Desk, type RunningCouncil, runCouncil, signIn } from './running-council.ts'

describe.each(backends)('a script’s way into force and out of it, on $name', (backend) => {
  let running: RunningCouncil
  let ash: Desk
  let lowri: Desk
  let robin: Desk
  let sam: Desk
  let source: string
  /** Of missed-bin in the library. */
  let first: number

  beforeAll(async () => {
    running = await runCouncil(backend)
    ash = await signIn(running, 'ash.editor')
    lowri = await signIn(running, 'lowri.editor')
    robin = await signIn(running, 'robin.approver')
    sam = await signIn(running, 'sam.practice')
    source = await readFile(join(scriptsFolder, 'missed-bin.yaml'), 'utf8')
    first = Number(/^version: (\d+)$/m.exec(source)?.[1])
  })
  afterAll(() => running.stop())

  const text = (version: number, title = 'Missed bin collection') =>
    source.replace(/^version: .*$/m, `version: ${version}`).replace(/^title: .*$/m, `title: ${title}`)
  const base = '/v1/scripts/missed-bin'
  const seenHeader = (seen: ScriptDraft | 'none' | null): Record<string, string> => {
    if (seen === null) return {}
    return seen === 'none' ? { 'if-none-match': '*' } : { 'if-match': `"${seen.revision}"` }
  }
  const put = (desk: Desk, body: string, seen: ScriptDraft | 'none' | null, path = `${base}/draft`) =>
    desk.fetch(path, {
      method: 'PUT',
      headers: { 'content-type': 'text/yaml', ...seenHeader(seen) },
      body,
    })
  const post = (desk: Desk, path: string, seen: ScriptDraft | null, body?: object) =>
    desk.fetch(`${base}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...seenHeader(seen) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const draftOf = async (response: Response): Promise<ScriptDraft> => {
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    return scriptDraft.parse(await response.json())
  }
  const refusalOf = async (response: Response) => {
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    return problem.parse(await response.json())
  }
  const historyOf = async () => scriptHistory.parse(await ash.json(`${base}/history`))
  const entry = async () => {
    const { changes } = await sam.pull()
    const found = changes.find(({ kind, id }) => kind === 'script' && id === 'missed-bin')
    return found && 'record' in found ? (found.record as ScriptEntry) : undefined
  }
  /** From nothing to a version in force. */
  const publish = async (version: number, title?: string) => {
    const draft = await draftOf(await put(ash, text(version, title), 'none'))
    const sent = await draftOf(await post(ash, 'draft/review', draft, { approver: 'robin.approver' }))
    const approved = await draftOf(await post(robin, 'draft/approve', sent))
    expect((await post(ash, 'draft/publish', approved)).status).toBe(200)
  }

  test('a draft says in which line it does not hold and how to mend it, and is kept all the same', async () => {
    const wrong = text(first).replace(/^start: .*$/m, 'start: nowhere')
    const draft = await draftOf(await put(ash, wrong, 'none'))
    expect(draft).toMatchObject({ state: 'draft', version: first, authors: ['Ash Calder'], text: wrong })
    const versionLine = wrong.split('\n').findIndex((line) => line.startsWith('version:')) + 1
    expect(draft.findings).toContainEqual({
      line: versionLine,
      step: null,
      problem: `Version ${first} cannot be published any more: version ${first} was.`,
      fix: `Write version: ${first + 1}`,
    })
    expect(draft.findings.some((each) => each.problem.includes('nowhere'))).toBe(true)
    expect(await draftOf(await lowri.fetch(`${base}/draft`))).toEqual(draft)

    const refused = await post(ash, 'draft/review', draft, { approver: 'Robin Hale' })
    expect(refused.status).toBe(409)
    expect(await refusalOf(refused)).toMatchObject({
      code: 'draft/has-findings',
      detail: expect.stringMatching(/^Line \d+: /),
    })
  })

  test('of two editors at once the second is told, and nothing of either is lost', async () => {
    const seen = await draftOf(await ash.fetch(`${base}/draft`))
    const answers = await Promise.all([
      put(ash, text(first + 1, 'By Ash'), seen),
      put(lowri, text(first + 1, 'By Lowri'), seen),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
    const winner = await draftOf(answers.find(({ ok }) => ok) as Response)
    const told = await refusalOf(answers.find(({ ok }) => !ok) as Response)
    expect(told).toMatchObject({
      code: 'draft/changed',
      detail: expect.stringContaining('Nothing was overwritten'),
    })
    expect(await draftOf(await ash.fetch(`${base}/draft`))).toEqual(winner)

    const late = await put(ash, text(first + 1, 'As if there were none'), 'none')
    expect(late.status).toBe(412)
    expect((await put(ash, text(first + 1), null)).status).toBe(428)
  })

  test('only editors write and only of the script that is named', async () => {
    const seen = await draftOf(await ash.fetch(`${base}/draft`))
    for (const desk of [sam, robin]) {
      const refused = await put(desk, text(first + 1), seen)
      expect(refused.status).toBe(403)
      expect(await refusalOf(refused)).toMatchObject({ code: 'role/needed' })
    }
    expect((await sam.fetch(`${base}/draft`)).status).toBe(403)
    expect((await sam.fetch(`${base}/history`)).status).toBe(403)
    const other = await put(ash, text(first + 1), 'none', '/v1/scripts/blue-badge/draft')
    expect(await refusalOf(other)).toMatchObject({ code: 'draft/another-script', status: 422 })
    expect((await ash.fetch('/v1/scripts/blue-badge/draft')).status).toBe(404)
  })

  test('a draft is approved by the approver who was named and wrote none of it, or comes back', async () => {
    const draft = await draftOf(
      await put(ash, text(first + 1, 'Bins'), await draftOf(await ash.fetch(`${base}/draft`))),
    )
    const nobody = await post(ash, 'draft/review', draft, { approver: 'Nobody' })
    expect(await refusalOf(nobody)).toMatchObject({
      code: 'approver/unknown',
      detail: expect.stringContaining('Robin Hale'),
    })
    const own = await put(lowri, text(first + 1, 'Bins and boxes'), draft)
    const both = await draftOf(own)
    expect([...both.authors].sort()).toEqual(['Ash Calder', 'Lowri Penn'])
    expect(await refusalOf(await post(ash, 'draft/review', both, { approver: 'Lowri Penn' }))).toMatchObject({
      code: 'approver/is-author',
    })
    expect(await refusalOf(await post(robin, 'draft/approve', both))).toMatchObject({
      code: 'draft/not-in-review',
    })

    const sent = await draftOf(await post(ash, 'draft/review', both, { approver: 'robin hale' }))
    expect(sent).toMatchObject({ state: 'in-review', approver: 'Robin Hale' })
    expect(await refusalOf(await post(lowri, 'draft/approve', sent))).toMatchObject({
      code: 'approver/another',
    })
    expect(await refusalOf(await post(ash, 'draft/publish', sent))).toMatchObject({
      code: 'draft/not-approved',
    })
    const back = await draftOf(await post(robin, 'draft/return', sent, { why: 'Say which box' }))
    expect(back).toMatchObject({ state: 'draft', approver: null })
    expect((await historyOf()).events.at(-1)).toMatchObject({
      action: 'returned',
      by: 'Robin Hale',
      why: 'Say which box',
    })
  })

  test('a change after the approval takes the approval back', async () => {
    const draft = await draftOf(await ash.fetch(`${base}/draft`))
    const sent = await draftOf(await post(ash, 'draft/review', draft, { approver: 'Robin Hale' }))
    const approved = await draftOf(await post(robin, 'draft/approve', sent))
    const changed = await draftOf(await put(ash, text(first + 1, 'Slipped in'), approved))
    expect(changed).toMatchObject({ state: 'draft', approver: null })
    expect((await post(ash, 'draft/publish', approved)).status).toBe(412)
    expect(await refusalOf(await post(ash, 'draft/publish', changed))).toMatchObject({
      code: 'draft/not-approved',
    })
  })

  test('an approved draft is published once, and desks are told of it', async () => {
    const draft = await draftOf(await ash.fetch(`${base}/draft`))
    const sent = await draftOf(await post(ash, 'draft/review', draft, { approver: 'Robin Hale' }))
    const approved = await draftOf(await post(robin, 'draft/approve', sent))
    const answers = await Promise.all([1, 2].map(() => post(ash, 'draft/publish', approved)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
    expect(await entry()).toMatchObject({ version: first + 1, title: 'Slipped in', withdrawn: false })
    expect((await ash.fetch(`${base}/draft`)).status).toBe(404)
    expect((await historyOf()).versions).toMatchObject([
      { version: first, inForce: false },
      { version: first + 1, inForce: true },
    ])
  })

  test('a version that is published already cannot be published with other words', async () => {
    const draft = await draftOf(await put(ash, text(first + 1, 'Other words'), 'none'))
    expect(await refusalOf(await post(ash, 'draft/review', draft, { approver: 'Robin Hale' }))).toMatchObject(
      {
        code: 'draft/has-findings',
        detail: expect.stringContaining(`Write version: ${first + 2}`),
      },
    )
    expect(await entry()).toMatchObject({ version: first + 1, title: 'Slipped in' })
    await draftOf(await put(ash, text(first + 2, 'Second'), draft))
    const seen = await draftOf(await ash.fetch(`${base}/draft`))
    const sent = await draftOf(await post(ash, 'draft/review', seen, { approver: 'Robin Hale' }))
    await post(ash, 'draft/publish', await draftOf(await post(robin, 'draft/approve', sent)))
    expect(await entry()).toMatchObject({ version: first + 2, title: 'Second' })
  })

  test('a withdrawn version is told to open desks at once and to others with the feed, with why', async () => {
    const abort = new AbortController()
    const stream = await sam.fetch('/v1/events', { signal: abort.signal })
    const events = new EventReader(stream.body as ReadableStream<Uint8Array>)
    while ((await events.nextEvent()).kind !== 'changed');

    const short = await post(lowri, `versions/${first + 2}/withdraw`, null, { why: '  ' })
    expect(short.status).toBe(422)
    const done = await post(lowri, `versions/${first + 2}/withdraw`, null, { why: 'Wrong collection day' })
    expect(done.status).toBe(200)
    expect(await events.nextEvent()).toEqual({
      kind: 'withdrawn',
      scriptId: 'missed-bin',
      version: first + 2,
    })
    await running.clock.run(5_000)
    expect(await events.nextEvent()).toEqual({ kind: 'changed' })
    abort.abort()

    expect(await entry()).toMatchObject({
      version: first + 1,
      withdrawn: false,
      withdrawnVersions: [{ version: first + 2, why: 'Wrong collection day' }],
    })
    // A contact that is on it still needs it.
    expect((await sam.fetch(`${base}/versions/${first + 2}`)).status).toBe(200)
    const again = await post(lowri, `versions/${first + 2}/withdraw`, null, { why: 'Once more' })
    expect(await refusalOf(again)).toMatchObject({ code: 'script/withdrawn-already', status: 409 })
    const unknown = await post(lowri, 'versions/99/withdraw', null, { why: 'Never was' })
    expect(await refusalOf(unknown)).toMatchObject({ code: 'script/unknown' })
    expect((await post(sam, `versions/${first}/withdraw`, null, { why: 'May I?' })).status).toBe(403)
  })

  test('rolling back withdraws every later version, and a new one needs a number above them all', async () => {
    await publish(first + 3, 'Third')
    const done = await post(robin, 'roll-back', null, { to: first, why: 'Complaints about the wording' })
    const { versions } = scriptHistory.parse(await done.json())
    expect(versions.map(({ inForce }) => inForce)).toEqual([true, false, false, false])
    expect(await entry()).toMatchObject({ version: first, withdrawn: false })
    const back = await post(robin, 'roll-back', null, { to: first + 1, why: 'It was fine' })
    expect(await refusalOf(back)).toMatchObject({ code: 'script/withdrawn-already' })
    const same = await post(robin, 'roll-back', null, { to: first, why: 'Again' })
    expect(await refusalOf(same)).toMatchObject({ code: 'script/in-force-already' })

    const low = await draftOf(await put(ash, text(first + 2), 'none'))
    expect(low.findings).toMatchObject([{ fix: `Write version: ${first + 4}` }])
  })

  test('a script of which every version is withdrawn is in force nowhere, and stays with its queue', async () => {
    const done = await post(robin, `versions/${first}/withdraw`, null, { why: 'The service has ended' })
    expect(scriptHistory.parse(await done.json()).versions.some(({ inForce }) => inForce)).toBe(false)
    expect(await entry()).toMatchObject({ version: first + 3, withdrawn: true })
    await running.restart()
    sam = await signIn(running, 'sam.practice')
    ash = await signIn(running, 'ash.editor')
    expect(await entry()).toMatchObject({ withdrawn: true })
    expect(await sam.json('/v1/me')).toMatchObject({
      queues: expect.arrayContaining([expect.objectContaining({ id: 'waste', scriptId: 'missed-bin' })]),
    })
  })

  test('the history says who did what to which version, and why', async () => {
    const { events } = await historyOf()
    expect(events[0]).toMatchObject({ action: 'published', version: first, by: 'Library' })
    const did = events.map(({ action, version, by }) => `${by} ${action} ${version}`)
    expect(did).toContain(`Ash Calder published ${first + 1}`)
    expect(did).toContain(`Robin Hale approved ${first + 1}`)
    expect(did).toContain(`Lowri Penn withdrawn ${first + 2}`)
    expect(did).toContain(`Robin Hale rolled-back ${first}`)
    expect(events.find(({ action }) => action === 'rolled-back')?.why).toBe('Complaints about the wording')
  })
})
