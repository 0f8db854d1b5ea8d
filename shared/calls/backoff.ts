const firstTryWithinMs = 250
const baseMs = 500
const capMs = 8_000
/** While a call is up two people wait, and few desks are in that state at once. */
export const capDuringCallMs = 1_000

/**
 * How long to wait before the next try, in milliseconds. Full jitter: any time from nothing to the bound, so that
 * three hundred desks do not return in the same second. The bound of the first try is 250 ms, because most outages
 * are a blink; then 0.5 s doubling up to 8 s.
 *
 * @param attempt 1 for the first try after the loss
 * @param jitter at least 0 and below 1, from the Random port
 * @param atMostMs where the doubling ends
 */
export function retryDelayMs(attempt: number, jitter: number, atMostMs = capMs): number {
  const boundMs =
    attempt <= 1 ? firstTryWithinMs : Math.min(atMostMs, baseMs * 2 ** Math.min(attempt - 2, 10))
  return Math.round(boundMs * jitter)
}
