import { createStore, type StoreApi } from 'zustand/vanilla'

export type Theme = 'system' | 'light' | 'dark'
export type TextScale = 1 | 1.25 | 1.5 | 2

export interface SettingsState {
  readonly theme: Theme
  readonly textScale: TextScale
  /** All questions of a page of a script at once. */
  readonly quickMode: boolean
  setTheme(theme: Theme): void
  setTextScale(scale: TextScale): void
  setQuickMode(on: boolean): void
}

export type SettingsStore = StoreApi<SettingsState>

export interface SettingsGateway {
  /** Text kept for this page on this computer; null when there is none. */
  read(): string | null
  write(text: string): void
  applyTheme(theme: Theme): void
  applyTextScale(scale: TextScale): void
}

const themes: readonly Theme[] = ['system', 'light', 'dark']
const scales: readonly TextScale[] = [1, 1.25, 1.5, 2]

/** Looks and ways of working, kept on this computer and applied at once. They hold nothing personal, so they need no vault. */
export function createSettingsStore(gateway: SettingsGateway): SettingsStore {
  const store = createStore<SettingsState>()((set) => ({
    ...readSettings(gateway.read()),
    setTheme: (theme) => set({ theme }),
    setTextScale: (textScale) => set({ textScale }),
    setQuickMode: (quickMode) => set({ quickMode }),
  }))
  const apply = ({ theme, textScale }: SettingsState) => {
    gateway.applyTheme(theme)
    gateway.applyTextScale(textScale)
  }
  apply(store.getState())
  store.subscribe((state) => {
    apply(state)
    const { theme, textScale, quickMode } = state
    gateway.write(JSON.stringify({ theme, textScale, quickMode }))
  })
  return store
}

type Kept = Pick<SettingsState, 'theme' | 'textScale' | 'quickMode'>

function readSettings(text: string | null): Kept {
  const kept = parse(text)
  return {
    theme: themes.find((theme) => theme === kept.theme) ?? 'system',
    textScale: scales.find((scale) => scale === kept.textScale) ?? 1,
    quickMode: kept.quickMode === true,
  }
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
