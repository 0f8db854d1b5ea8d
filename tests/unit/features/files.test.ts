import { describe, expect, it } from 'vitest'
import { keptWords, sizeWords } from '#renderer/features/cases/files.tsx'
import { type ChosenFile, createFilesStore, whyNot } from '#renderer/features/cases/files-store.ts'
import type { AttachmentView } from '#shared/contract/records.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok } from '#shared/kernel/result.ts'

const view = (change: Partial<AttachmentView> = {}): AttachmentView => ({
  id: 'file-1',
  caseId: 'case-1',
  name: 'gate.jpg',
  type: 'image/jpeg',
  sizeBytes: 2_400_000,
  addedAt: 0,
  sentBytes: 600_000,
  state: { name: 'waiting', reason: null },
  ...change,
})

const file = (name: string, type: string, size = 4): ChosenFile => ({
  name,
  type,
  size,
  arrayBuffer: async () => new ArrayBuffer(size),
})

function opened() {
  const kept = new Map<string, AttachmentView[]>()
  const disk = { full: false }
  const written: { name: string; size: number }[] = []
  const store = createFilesStore({
    records: {
      async addAttachment(caseId, { name, type, bytes }) {
        if (disk.full) return err(appError('cases/store-failed', 'now'))
        const added = view({ id: name, caseId, name, type, sizeBytes: bytes.byteLength, sentBytes: 0 })
        kept.set(caseId, [...(kept.get(caseId) ?? []), added])
        return ok(added)
      },
      attachments: async (caseId) => kept.get(caseId) ?? [],
      async cancelAttachment(id) {
        for (const [caseId, views] of kept)
          kept.set(
            caseId,
            views.filter((each) => each.id !== id),
          )
      },
      retryAttachment: async () => {},
      attachmentFile: async (id) =>
        id === 'gone'
          ? err(appError('cases/no-network', 'later'))
          : ok({ name: 'gate.jpg', type: 'image/jpeg', bytes: new ArrayBuffer(8) }),
    },
    saveFile: async (name, bytes) => {
      written.push({ name, size: bytes.byteLength })
      return ok({ folder: '/home/adviser', file: name })
    },
  })
  return { store, disk, written }
}

describe('files of a case', () => {
  it('are kept for the case in hand, and say why others are not', async () => {
    const { store } = opened()
    store.getState().follow('case-1')
    await store
      .getState()
      .add([
        file('gate.jpg', 'image/jpeg'),
        file('run.exe', 'application/x-msdownload'),
        file('film.pdf', 'application/pdf', 26 * 1024 * 1024),
      ])
    expect(store.getState().kept.map(({ name }) => name)).toEqual(['gate.jpg'])
    expect(store.getState().notTaken).toEqual([
      { name: 'run.exe', why: 'upload/type-refused' },
      { name: 'film.pdf', why: 'upload/too-large' },
    ])
    expect(whyNot({ type: 'application/pdf', size: 25 * 1024 * 1024 })).toBeNull()
    expect(whyNot({ type: 'application/pdf', size: 0 })).toBe('upload/empty')
  })

  it('go with their case: another case shows its own', async () => {
    const { store } = opened()
    store.getState().follow('case-1')
    await store.getState().add([file('gate.jpg', 'image/jpeg')])
    store.getState().follow('case-2')
    expect(store.getState().kept).toEqual([])
    store.getState().follow('case-1')
    await store.getState().refresh()
    expect(store.getState().kept).toHaveLength(1)
    await store.getState().cancel('gate.jpg')
    expect(store.getState().kept).toEqual([])
  })

  it('tells when this computer could not keep one, or the council could not be asked for one', async () => {
    const { store, disk, written } = opened()
    store.getState().follow('case-1')
    disk.full = true
    await store.getState().add([file('gate.jpg', 'image/jpeg')])
    expect(store.getState().error?.code).toBe('cases/store-failed')
    await store.getState().save('gone')
    expect(store.getState().error?.code).toBe('cases/no-network')
    await store.getState().save('file-1')
    expect(written).toEqual([{ name: 'gate.jpg', size: 8 }])
    expect(store.getState()).toMatchObject({ error: null, savedTo: '/home/adviser/gate.jpg' })
  })

  it('say how they stand in words', () => {
    expect(keptWords(view())).toBe('kept encrypted on this desk until it is sent')
    expect(keptWords(view({ state: { name: 'waiting', reason: 'no-network' } }))).toContain(
      'goes on by itself: no network',
    )
    expect(keptWords(view({ state: { name: 'sending' } }))).toBe('sending, 25 %')
    expect(keptWords(view({ state: { name: 'refused', why: 'upload/case-unknown' } }))).toBe(
      'not taken: the council does not know the case',
    )
    expect([sizeWords(400), sizeWords(812_000), sizeWords(3_400_000)]).toEqual(['1 kB', '812 kB', '3.4 MB'])
  })
})
