/** What is wrong with the last answer, read out at once. */
export function StepError({ error }: { readonly error: string | null }) {
  return error === null ? null : (
    <p className="field__error" role="alert">
      {error}
    </p>
  )
}
