import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let second = Math.floor(Date.now() / 1000)
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    const now = Math.floor(Date.now() / 1000)
    if (now === second) return
    second = now
    for (const each of listeners) each()
  }, 200)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

/** The time in milliseconds since 1970, renewed every second. One timer serves the whole page. */
export function useNow(): number {
  const read = () => second
  return useSyncExternalStore(subscribe, read, read) * 1000
}

/** When today began, in milliseconds since 1970: for words that tell a day and need not be made again every second. */
export function useToday(): number {
  const read = () => new Date(second * 1000).setHours(0, 0, 0, 0)
  return useSyncExternalStore(subscribe, read, read)
}

/** `0:07`, `12:40`, `1:02:03`. Negative durations count as none. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  const seconds = String(total % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const shortDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const fullDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** `10:04` */
export const timeOfDay = (at: number | string): string => clockTime.format(new Date(at))

/** `10:04:12` */
export const timeToSecond = (at: number | string): string => clockSeconds.format(new Date(at))

/** `10:04` today, `3 Nov` this year, `3 Nov 2025` before. */
export function when(at: number | string, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return timeOfDay(at)
  return then.getFullYear() === today.getFullYear() ? shortDate.format(then) : fullDate.format(then)
}

const longDateTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `3 Nov 2026, 10:04`, wherever it is read. */
export const dateAndTime = (at: number | string): string => longDateTime.format(new Date(at))

/** `just now`, `12 minutes ago`, `3 hours ago`, `2 days ago`. */
export function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 120) return minutes === 1 ? '1 minute ago' : `${minutes} minutes ago`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} hours ago` : `${Math.floor(hours / 24)} days ago`
}
