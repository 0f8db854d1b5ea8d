import { join } from 'node:path'

export const root = join(import.meta.dirname, '../../..')
export const scriptsFolder = join(root, 'shared/guidance/scripts')
/** A folder that is not there. */
export const noScripts = join(import.meta.dirname, 'no-scripts')
export const whispersFolder = join(root, 'electron/practice/residents/clips/whispers')

/** The seed's dates lead up to this moment, a Tuesday. */
export const seededAt = Date.UTC(2026, 10, 3, 9)
