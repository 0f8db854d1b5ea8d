import { createStore, type StoreApi } from 'zustand/vanilla'

export type Theme = 'system' | 'light' | 'dark'
export type TextScale = 1 | 1.25 | 1.5 | 2

export interface SettingsState {
  readonly theme: Theme
  readonly textScale: TextScale
  setTheme(theme: Theme): void
  setTextScale(scale: TextScale): void
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

/** Looks, kept on this computer and applied at once. They hold nothing personal, so they need no vault. */
export function createSettingsStore(gateway: SettingsGateway): SettingsStore {
  const store = createStore<SettingsState>()((set) => ({
    ...readSettings(gateway.read()),
    setTheme: (theme) => set({ theme }),
    setTextScale: (textScale) => set({ textScale }),
  }))
  const apply = ({ theme, textScale }: SettingsState) => {
    gateway.applyTheme(theme)
    gateway.applyTextScale(textScale)
  }
  apply(store.getState())
  store.subscribe((state) => {
    apply(state)
    gateway.write(JSON.stringify({ theme: state.theme, textScale: state.textScale }))
  })
  return store
}

function readSettings(text: string | null): { theme: Theme; textScale: TextScale } {
  const kept = parse(text)
  return {
    theme: themes.find((theme) => theme === kept.theme) ?? 'system',
    textScale: scales.find((scale) => scale === kept.textScale) ?? 1,
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
