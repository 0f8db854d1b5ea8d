import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '#renderer/ui/base.css'
import '#renderer/ui/controls.css'
import { composeDesk } from './compose.ts'
import { DeskApp } from './desk-app.tsx'

const root = document.getElementById('desk')
if (root === null) throw new Error('desk.html has no element with the id "desk"')

createRoot(root).render(
  <StrictMode>
    <DeskApp desk={composeDesk()} />
  </StrictMode>,
)
