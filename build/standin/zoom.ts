import type { CdpSession } from './cdp.ts'

/**
 * Zooms a page as the browser's own zoom would: fewer CSS pixels, each drawn larger, seen by media queries and by
 * devicePixelRatio. The protocol has no zoom, so this emulates a screen that is smaller and denser by the factor.
 */
export async function applyZoom(session: CdpSession, factor: number): Promise<void> {
  await session.send('Emulation.clearDeviceMetricsOverride')
  if (factor === 1) return
  const { result } = await session.send('Runtime.evaluate', {
    expression: '[innerWidth, innerHeight, devicePixelRatio]',
    returnByValue: true,
  })
  const [width, height, pixelRatio] = result.value as [number, number, number]
  await session.send('Emulation.setDeviceMetricsOverride', {
    width: Math.round(width / factor),
    height: Math.round(height / factor),
    deviceScaleFactor: pixelRatio * factor,
    scale: factor,
    mobile: false,
  })
}
