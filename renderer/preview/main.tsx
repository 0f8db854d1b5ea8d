import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '#renderer/ui/base.css'
import '#renderer/ui/controls.css'
import { PreviewPage } from './preview-page.tsx'
import { followFile } from './preview-store.ts'

const root = document.getElementById('preview')
if (root === null) throw new Error('preview.html has no element with the id "preview"')

createRoot(root).render(
  <StrictMode>
    <PreviewPage store={followFile()} />
  </StrictMode>,
)
