/** Positions and sizes in device-independent pixels. */
export interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Smallest window the desk is laid out for; a smaller screen gets what it has. */
const smallest: Size = { width: 1280, height: 720 }
const firstTime: Size = { width: 1440, height: 900 }

/** At least this much must be on a screen, or the window could not be taken hold of. */
const graspable: Size = { width: 200, height: 100 }

export function minimumSize(screen: Size): Size {
  return {
    width: Math.min(smallest.width, screen.width),
    height: Math.min(smallest.height, screen.height),
  }
}

/**
 * Where the desk opens: as it was left, when that place still exists; otherwise centred on the first screen.
 * `screens` are work areas, the primary one first.
 */
export function openingBounds(saved: Bounds | undefined, screens: readonly [Bounds, ...Bounds[]]): Bounds {
  const screen = (saved && screens.find((area) => isGraspable(saved, area))) ?? screens[0]
  const least = minimumSize(screen)
  const wanted = saved ?? firstTime
  const width = clamp(wanted.width, least.width, screen.width)
  const height = clamp(wanted.height, least.height, screen.height)
  if (saved && isGraspable(saved, screen)) return { x: saved.x, y: saved.y, width, height }
  return {
    x: Math.round(screen.x + (screen.width - width) / 2),
    y: Math.round(screen.y + (screen.height - height) / 2),
    width,
    height,
  }
}

function isGraspable(window: Bounds, screen: Bounds): boolean {
  const width = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const height = Math.min(window.y + window.height, screen.y + screen.height) - Math.max(window.y, screen.y)
  // The title bar is at the top, so a window above the screen is out of reach.
  return width >= graspable.width && height >= graspable.height && window.y >= screen.y
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
