import type { Bounds } from './targets.ts'

/** Asked of a page: its tab strip and the part of the screen that windows may use. */
export const screenQuestion =
  '[outerHeight - innerHeight, screen.availLeft, screen.availTop, screen.availWidth, screen.availHeight]'

/** The app is told of a screen of a usual size, because Chromium tells the real one to pages only: see system.ts. */
export function fitOnScreen({ x, y, width, height }: Bounds, screen: Bounds): Bounds {
  const fitted = { width: Math.min(width, screen.width), height: Math.min(height, screen.height) }
  return {
    x: Math.max(screen.x, Math.min(x, screen.x + screen.width - fitted.width)),
    y: Math.max(screen.y, Math.min(y, screen.y + screen.height - fitted.height)),
    ...fitted,
  }
}
