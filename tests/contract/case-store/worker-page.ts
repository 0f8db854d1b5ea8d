import * as Comlink from 'comlink'
import { connectRecords } from '#renderer/records/connect.ts'

/* Runs in the browser: a page with the real records worker behind it. */
Object.assign(globalThis, { records: connectRecords(), Comlink })
