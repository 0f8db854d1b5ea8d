import { Notice } from '#renderer/ui/notice.tsx'
import type { ConfigProblem } from '#shared/contract/config.ts'
import './session.css'

/** The settings file is wrong: names the field and the fix for whoever looks after this desk. */
export function ConfigTrouble({ problem }: { readonly problem: ConfigProblem }) {
  return (
    <main className="front">
      <div className="front__card">
        <p className="front__product">Adviser Desktop</p>
        <h1>The settings file needs mending</h1>
        <Notice look="danger" title={problem.problem} alert>
          <dl className="facts">
            <dt>File</dt>
            <dd>{problem.file}</dd>
            {problem.field === '' ? null : (
              <>
                <dt>Field</dt>
                <dd>
                  <code>{problem.field}</code>
                </dd>
              </>
            )}
            <dt>What to do</dt>
            <dd>{problem.fix}</dd>
          </dl>
        </Notice>
        <p className="quiet">
          Mend the file and open Adviser Desktop again. Nothing was started and nothing was lost.
        </p>
      </div>
    </main>
  )
}
