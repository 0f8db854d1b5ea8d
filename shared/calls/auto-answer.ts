const longestS = 60

/**
 * After how many milliseconds the caller's switchboard wants a call answered by itself, from the values of Call-Info
 * (`answer-after`, RFC 5373's forerunner, which most telephones speak) and Alert-Info (`info=alert-autoanswer`); null
 * when it does not. The delay is the caller's wish alone: how long the adviser is warned is not the caller's to say.
 */
export function answerAfterMs(headers: {
  readonly callInfo: readonly string[]
  readonly alertInfo: readonly string[]
}): number | null {
  for (const value of headers.callInfo) {
    const seconds = /;\s*answer-after\s*=\s*"?(\d{1,4})\b/i.exec(value.slice(0, 500))?.[1]
    if (seconds !== undefined) return Math.min(Number(seconds), longestS) * 1_000
  }
  for (const value of headers.alertInfo) {
    const text = value.slice(0, 500)
    if (!/(?:^|[;\s])info\s*=\s*"?alert-autoanswer\b/i.test(text)) continue
    const seconds = /;\s*delay\s*=\s*"?(\d{1,4})\b/i.exec(text)?.[1] ?? '0'
    return Math.min(Number(seconds), longestS) * 1_000
  }
  return null
}
