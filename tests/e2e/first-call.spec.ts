import { playShift } from '#build/tour/shift.ts'
import { expect, test } from '#tests/support/app.ts'
import { practiceCouncil, readCouncil } from '#tests/support/council-client.ts'

test.use({
  appOptions: {
    startsFromNothing: true,
    expectedProblems: [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/],
  },
})

test('a call runs from ring to synced case, through an outage, and the council has all of it once', async ({
  desk,
}) => {
  test.setTimeout(240_000)
  const startedAt = new Date().toISOString()
  await playShift(desk, {
    launchedAt: Date.now(),
    step: (title, run) => test.step(title, run),
    figure: (name, value, unit) => {
      test.info().annotations.push({ type: 'figure', description: `${name}: ${Math.round(value)} ${unit}` })
    },
  })

  const council = await readCouncil(await practiceCouncil(desk))
  const made = council.cases.filter((each) => each.openedAt >= startedAt)
  expect(made).toMatchObject([
    {
      serviceCode: 524,
      interactionCode: 17,
      status: 'open',
      fields: { binType: 'recycling', extent: 'just-mine' },
    },
  ])
  const contacts = council.contacts.filter((each) => each.startedAt >= startedAt)
  expect(contacts).toMatchObject([
    {
      caseId: made[0]?.id,
      residentId: made[0]?.residentId,
      queueId: 'waste',
      disposition: 'case-raised',
      identity: { level: 'standard' },
      script: { id: 'missed-bin' },
    },
  ])
  expect(contacts[0]?.endedAt).not.toBeNull()
  const written = council.timeline.filter((each) => each.contactId === contacts[0]?.id)
  expect(written.map((each) => each.kind).toSorted()).toEqual(['contact', 'note'])
  expect(written.find((each) => each.kind === 'note')?.text).toBe('The resident will leave the lid open.')
})
