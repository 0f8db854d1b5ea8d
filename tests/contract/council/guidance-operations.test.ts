import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Alert, alert, handOver, scriptUse, searchAnswer } from '#shared/contract/rest.ts'
import { scriptReports } from '#shared/contract/script-lifecycle.ts'
import { backends } from './backends.ts'
import { EventReader } from './event-reader.ts'
import { type Desk, type RunningCouncil, runCouncil, saveContact, signIn } from './running-council.ts'

describe.each(backends)('what guidance tells the council, on $name', (backend) => {
  let running: RunningCouncil
  let sam: Desk
  let nia: Desk
  let supervisor: Desk
  let otherSupervisor: Desk
  let editor: Desk
  let now: string

  beforeAll(async () => {
    running = await runCouncil(backend)
    now = new Date(running.clock.now()).toISOString()
    sam = await signIn(running, 'sam.practice')
    nia = await signIn(running, 'nia.practice')
    supervisor = await signIn(running, 'morgan.supervisor')
    otherSupervisor = await signIn(running, 'bethan.supervisor')
    editor = await signIn(running, 'ash.editor')
  })
  afterAll(() => running.stop())

  const passOn = (contactId: string, reason: string, residentId: string | null = 'cast-amara-okafor') => ({
    id: randomUUID(),
    at: now,
    kind: 'contact.hand-over',
    contactId,
    handOver: {
      reason,
      residentId,
      caseId: 'a-case-not-yet-sent',
      identity: { level: 'standard', method: 'name, address', at: now, party: 'third-party' },
      language: 'cy',
      assistance: 'interpreter',
    },
  })
  const raise = (alertId: string) => ({
    id: randomUUID(),
    at: now,
    kind: 'alert.raise',
    alertId,
    alert: { kind: 'risk-to-life', contactId: alertId },
  })
  const write = (contactId: string, text: string, fields: object = {}) => ({
    id: randomUUID(),
    at: now,
    kind: 'timeline.append',
    entryId: randomUUID(),
    entry: { caseId: null, residentId: null, contactId, at: now, kind: 'risk', text, ...fields },
  })
  const report = (fields: object) => ({
    id: randomUUID(),
    at: now,
    kind: 'script.report',
    reportId: randomUUID(),
    report: { scriptId: 'missed-bin', version: 2, stepId: 'which-bin', comment: 'No glass?', ...fields },
  })
  const refusedWith = (code: string) => [{ outcome: 'refused', problem: { code } }]
  const post = (desk: Desk, path: string) => desk.fetch(path, { method: 'POST' })

  test('a colleague reads what was handed over with a call, by whom and why', async () => {
    const contactId = randomUUID()
    expect(await sam.send(passOn(contactId, 'Needs the housing team'))).toMatchObject([
      { outcome: 'applied' },
    ])
    const read = handOver.parse(await nia.json(`/v1/contacts/${contactId}/hand-over`))
    expect(read).toMatchObject({ contactId, at: now, by: 'Sam Practice', reason: 'Needs the housing team' })
    expect(read).toMatchObject({ language: 'cy', assistance: 'interpreter', identity: { level: 'standard' } })
  })

  test('a call passed on twice carries what was said last', async () => {
    const contactId = randomUUID()
    await sam.send(passOn(contactId, 'First'))
    await nia.send(passOn(contactId, 'Second'))
    expect(await sam.json(`/v1/contacts/${contactId}/hand-over`)).toMatchObject({
      by: 'Nia Practice',
      reason: 'Second',
    })
  })

  test('a hand-over of a resident nobody knows is refused', async () => {
    expect(await sam.send(passOn(randomUUID(), 'x', 'nobody'))).toMatchObject(refusedWith('resident/unknown'))
  })

  test('a contact with which nothing was handed over answers a problem', async () => {
    const response = await nia.fetch('/v1/contacts/none/hand-over')
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'contact/no-hand-over' })
  })

  test('a desk whose clock is ahead handed over now', async () => {
    const contactId = randomUUID()
    const early = new Date(running.clock.now() + 3_600_000).toISOString()
    await sam.send({ ...passOn(contactId, 'x'), at: early })
    expect(await nia.json(`/v1/contacts/${contactId}/hand-over`)).toMatchObject({ at: now })
  })

  test('an alert is read by whoever raised it and by supervisors, and by nobody else', async () => {
    const alertId = randomUUID()
    await sam.send(raise(alertId))
    const read = alert.parse(await sam.json(`/v1/alerts/${alertId}`))
    expect(read).toMatchObject({ raisedBy: 'Sam Practice', raisedAt: now, acknowledgedBy: null })
    expect(await supervisor.json(`/v1/alerts/${alertId}`)).toEqual(read)
    expect((await nia.fetch(`/v1/alerts/${alertId}`)).status).toBe(404)
    expect(await sam.send(raise(alertId))).toMatchObject(refusedWith('alert/exists'))
  })

  test('only a supervisor takes up an alert, and the first stays named', async () => {
    const alertId = randomUUID()
    await sam.send(raise(alertId))
    const refused = await post(sam, `/v1/alerts/${alertId}/acknowledge`)
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'role/needed', detail: 'It takes a supervisor.' })
    expect((await post(supervisor, '/v1/alerts/none/acknowledge')).status).toBe(404)

    const taken = alert.parse(await (await post(supervisor, `/v1/alerts/${alertId}/acknowledge`)).json())
    expect(taken).toMatchObject({ acknowledgedBy: 'Morgan Reeve', toldTo: ['Morgan Reeve'] })
    expect(await (await post(otherSupervisor, `/v1/alerts/${alertId}/acknowledge`)).json()).toEqual(taken)
    expect(await sam.json(`/v1/alerts/${alertId}`)).toEqual(taken)
  })

  test('an alert is told at once to supervisors, who are then named, and to whoever raised it', async () => {
    const alertId = randomUUID()
    const streams = await Promise.all([supervisor, sam, nia].map((desk) => desk.fetch('/v1/events')))
    const [morgans, sams, nias] = streams.map(
      ({ body }) => new EventReader(body as ReadableStream<Uint8Array>),
    ) as [EventReader, EventReader, EventReader]
    const nextOf = async (events: EventReader, until: (told: Alert) => boolean) => {
      for (;;) {
        const event = await events.nextEvent()
        if (event.kind === 'alert' && event.alert.id === alertId && until(event.alert)) return event.alert
      }
    }
    await sam.send(raise(alertId))
    expect(await nextOf(morgans, () => true)).toMatchObject({ raisedBy: 'Sam Practice' })
    expect(await nextOf(sams, ({ toldTo }) => toldTo.length > 0)).toMatchObject({
      toldTo: ['Morgan Reeve'],
      acknowledgedBy: null,
    })
    await post(supervisor, `/v1/alerts/${alertId}/acknowledge`)
    expect(await nextOf(sams, ({ acknowledgedBy }) => acknowledgedBy !== null)).toMatchObject({
      acknowledgedBy: 'Morgan Reeve',
    })
    // Nia hears of the next thing that concerns her, and of nothing before it.
    await nia.send(raise(randomUUID()))
    for (let event = await nias.nextEvent(); event.kind !== 'alert'; event = await nias.nextEvent());
    const lateAlert = randomUUID()
    await nia.send(raise(lateAlert))
    expect(await nias.nextEvent()).toMatchObject({ kind: 'alert', alert: { raisedBy: 'Nia Practice' } })
    await Promise.all([morgans, sams, nias].map((events) => events.close()))
  })

  test('an alert says what its log says, of cases that no supervisor sees too, and of nothing else', async () => {
    const alertId = randomUUID()
    const { cases } = searchAnswer.parse(await sam.json('/v1/search?q=recycling'))
    const caseId = cases[0]?.id
    expect(caseId).toBeDefined()
    await sam.send(
      write(alertId, 'Calling 999', { caseId }),
      write(alertId, 'Told: chest pain', { at: new Date(running.clock.now() - 60_000).toISOString() }),
      write(alertId, 'Rang about the bins', { kind: 'note' }),
      write(randomUUID(), 'Of another contact'),
      raise(alertId),
    )
    const read = alert.parse(await supervisor.json(`/v1/alerts/${alertId}`))
    expect(read.log?.map(({ text, by }) => [text, by])).toEqual([
      ['Told: chest pain', 'Sam Practice'],
      ['Calling 999', 'Sam Practice'],
    ])
    expect(read).toMatchObject({ raisedById: 'adviser-sam' })
  })

  test('supervisors are told again with every line of the log, also after one took the alert up', async () => {
    const alertId = randomUUID()
    const { body } = await otherSupervisor.fetch('/v1/events')
    const events = new EventReader(body as ReadableStream<Uint8Array>)
    const untilLine = async (wanted: string) => {
      for (;;) {
        const event = await events.nextEvent()
        if (event.kind !== 'alert' || event.alert.id !== alertId) continue
        if (event.alert.log?.at(-1)?.text === wanted) return event.alert
      }
    }
    await sam.send(write(alertId, 'Calling 999'), raise(alertId))
    expect(await untilLine('Calling 999')).toMatchObject({ acknowledgedBy: null })
    await post(supervisor, `/v1/alerts/${alertId}/acknowledge`)
    await sam.send(write(alertId, 'Help is on its way'))
    expect(await untilLine('Help is on its way')).toMatchObject({ acknowledgedBy: 'Morgan Reeve' })
    await events.close()
  })

  test('a supervisor who comes later is told of alerts that nobody has taken up', async () => {
    const alertId = randomUUID()
    await sam.send(raise(alertId))
    const { body } = await supervisor.fetch('/v1/events')
    const events = new EventReader(body as ReadableStream<Uint8Array>)
    const told: string[] = []
    while (!told.includes(alertId)) {
      const event = await events.nextEvent()
      if (event.kind === 'alert') told.push(event.alert.id)
    }
    await events.close()
  })

  test('editors read what advisers found unclear, newest first', async () => {
    const list = (await sam.json('/v1/scripts')) as { scripts: { id: string; version: number }[] }
    const version = list.scripts.find(({ id }) => id === 'missed-bin')?.version ?? 0
    await sam.send(report({ version }))
    await running.clock.run(1000)
    const later = new Date(running.clock.now()).toISOString()
    await nia.send({ ...report({ version, comment: 'And clothes?' }), at: later })
    const { reports } = scriptReports.parse(await editor.json('/v1/scripts/missed-bin/reports'))
    expect(reports.map(({ comment, by }) => [comment, by])).toEqual([
      ['And clothes?', 'Nia Practice'],
      ['No glass?', 'Sam Practice'],
    ])
    expect((await sam.fetch('/v1/scripts/missed-bin/reports')).status).toBe(403)
  })

  test('a report on a version that was never published is refused', async () => {
    expect(await sam.send(report({ version: 99 }))).toMatchObject(refusedWith('script/unknown'))
  })

  test('scripts are counted by today’s contacts of the adviser’s queues, most first', async () => {
    const contact = (scriptId: string | null, queueId: string, startedAt = now) =>
      saveContact(randomUUID(), {
        channel: 'telephone',
        direction: 'inbound',
        startedAt,
        queueId,
        script: scriptId === null ? null : { id: scriptId, version: 1 },
      })
    await sam.send(
      contact('noise-pests', 'general'),
      contact('noise-pests', 'general', '2026-11-03T00:30:00+00:00'),
      contact('blue-badge', 'waste'),
      contact('housing-repair', 'housing'),
      contact('missed-bin', 'waste', '2026-11-02T23:59:00Z'),
      contact(null, 'waste'),
    )
    const jo = await signIn(running, 'jo.practice')
    expect(scriptUse.parse(await jo.json('/v1/scripts/use'))).toEqual({
      since: '2026-11-03T00:00:00.000Z',
      counts: [
        { scriptId: 'noise-pests', contacts: 2 },
        { scriptId: 'blue-badge', contacts: 1 },
      ],
    })
  })

  test('the feed tells a script’s service and the words residents use for it', async () => {
    const { changes } = await sam.pull()
    const script = changes.find(({ kind, id }) => kind === 'script' && id === 'missed-bin')
    expect(script).toMatchObject({
      record: {
        serviceName: 'Household waste collection',
        aliases: expect.arrayContaining(['bin not taken']),
      },
    })
  })

  test('an account says which roles it has', async () => {
    expect(await editor.json('/v1/me')).toMatchObject({ roles: ['editor'] })
    expect(await sam.json('/v1/me')).toMatchObject({ roles: [] })
  })
})
