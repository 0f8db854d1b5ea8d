import { Button } from '#renderer/ui/button.tsx'

export interface KeepLanguageProps {
  readonly language: 'en' | 'cy'
  readonly onKeep: () => void
}

const names = { en: 'English', cy: 'Welsh' } as const

/** The call is not in the language of the record: next time it should begin in the right one. */
export function KeepLanguage({ language, onKeep }: KeepLanguageProps) {
  const other = language === 'cy' ? 'en' : 'cy'
  return (
    <p className="small quiet">
      Their record says {names[other]}.{' '}
      <Button look="plain" onClick={onKeep}>
        {names[language]} next time too
      </Button>
    </p>
  )
}
