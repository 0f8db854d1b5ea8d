import { expect, it } from 'vitest'
import { subjectsOf } from '#shared/guidance/subjects.ts'
import { libraryScript } from './scripts.ts'

it('calls the cases of a script as they will be called, for each answer that is quoted', () => {
  expect(subjectsOf(libraryScript('missed-bin')).slice(0, 5)).toEqual([
    'Missed bin: Rubbish',
    'Missed bin: Recycling',
    'Missed bin: Food waste',
    'Missed bin: Garden waste',
    'Assisted collection missed: Rubbish',
  ])
  expect(subjectsOf(libraryScript('safeguarding-child'))).toContain('Child safeguarding concern')
})
